/* How the text of a setting becomes its value, by kind. */
#ifndef CONFIG_VALUES_H
#define CONFIG_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum option_kind {
	KIND_PLACES,
	KIND_URL,
	KIND_BASE,
	KIND_TEXT,
	KIND_CONNINFO,
	KIND_SECRET,
	KIND_NETWORKS,
	KIND_COUNT,
	KIND_SECONDS,
	KIND_SIZE,
	KIND_BOOLEAN,
	KIND_MOMENT,
	KIND_RATE,
	KIND_MODE,
	KIND_LEVEL,
	KIND_FORMAT,
	KIND_LOG_FILE,
	KIND_ACCESS,
	KIND_LAST
};

struct option {
	const char *section;
	const char *key;
	enum option_kind kind;
	int64_t least;
	int64_t most;
	const char *fallback;
	const char *help;
	size_t offset; /* of the member in struct config */
};

/* Stores what the text says in `member`, with texts in the arena; else says what was expected. */
bool value_parse(const struct option *option, const char *text, void *member, struct arena *arena,
                 struct error *error) MUST_CHECK;

#endif
