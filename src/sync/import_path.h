/* Where in a document the reading is, and which fields were met that nobody knows. */
#ifndef IMPORT_PATH_H
#define IMPORT_PATH_H

#include <stdint.h>

#include "base/strbuf.h"
#include "sync/reader.h"

/* A field's name, or (NULL) an index. */
struct path_part {
	struct slice name;
	size_t index;
};

struct path {
	struct path_part parts[READER_DEPTH_MAX + 1];
	size_t depth;
	size_t flight; /* the depth at which the flight under way begins */
};

/* An object has one name under way and a list one index, so that the reader's limit of nesting holds
   here too. */
static inline void path_name(struct path *path, struct slice name)
{
	path->parts[path->depth++] = (struct path_part){name, 0};
}

static inline void path_index(struct path *path, size_t index)
{
	path->parts[path->depth++] = (struct path_part){{NULL, 0}, index};
}

static inline void path_leave(struct path *path)
{
	path->depth--;
}

/* `results[3].launch.pad.latitude`; the middle of a very long one is left out. */
#define PATH_TEXT_SIZE 512
void path_text(const struct path *path, char text[static PATH_TEXT_SIZE]);

/* How often each unknown field was met: by path from the flight on, whatever its index in lists. */
struct unknown_field {
	char *pattern; /* launch_crew[].astronaut.foo */
	size_t count;
};

#define UNKNOWN_MAX 100

struct unknown {
	struct unknown_field fields[UNKNOWN_MAX]; /* in the order of appearance */
	size_t field_count;
	size_t others; /* occurrences of fields that there was no place for */
};

void unknown_add(struct unknown *unknown, const struct path *path);
/* Adds what another one has met. */
void unknown_merge(struct unknown *unknown, const struct unknown *other);
/* Adds one line of bounded length; false where there are none. */
bool unknown_line(const struct unknown *unknown, struct strbuf *out);
void unknown_fini(struct unknown *unknown); /* empty then, and as good as new */

#endif
