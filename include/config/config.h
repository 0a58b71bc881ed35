/* The settings, checked and typed. Errors say where a value stands (file and line, or --set), which
   setting it is for and what was expected there. */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "config/address.h"
#include "config/options.h"

struct strbuf;

/* `requests` in each `seconds`; 0 requests: no limit. */
struct rate {
	int64_t requests;
	int64_t seconds;
};

struct moment_setting {
	bool set;
	int64_t moment; /* microseconds since 1970 */
};

enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_JSON };

/* The C type of each kind of setting. Texts are never NULL. */
#define OPTION_PLACES struct places
#define OPTION_URL const char *  /* scheme://host[:port], no slash behind; or empty */
#define OPTION_BASE const char * /* the same, or with a path_prefix_is_valid behind it */
#define OPTION_TEXT const char *
#define OPTION_SECRET const char * /* never shown */
#define OPTION_NETWORKS struct networks
#define OPTION_COUNT int64_t
#define OPTION_SECONDS int64_t
#define OPTION_SIZE int64_t
#define OPTION_BOOLEAN bool
#define OPTION_MOMENT struct moment_setting
#define OPTION_RATE struct rate
#define OPTION_MODE int64_t /* of a file: 0 to 0777 */
#define OPTION_LEVEL enum log_level
#define OPTION_FORMAT enum log_format

enum {
#define X(section, key, kind, least, most, fallback, help) OPTION_INDEX_##section##_##key,
	OPTIONS(X)
#undef X
		OPTION_TOTAL
};

struct config {
	struct arena arena;             /* holds the texts */
	const char *text[OPTION_TOTAL]; /* each setting as it was written, by its row */
#define X(section, key, kind, least, most, fallback, help) OPTION_##kind section##_##key;
	OPTIONS(X)
#undef X
};

/* All settings at their defaults. Cannot fail. */
void config_init(struct config *config);
void config_fini(struct config *config);

/* Reads a file over what is set; false with its first mistake. */
bool config_load(struct config *config, const char *path, struct error *error) MUST_CHECK;

/* The same, with all mistakes: each is reported as a text that says where it is. */
typedef void config_report(void *context, const char *mistake);
bool config_load_all(struct config *config, const char *path, config_report *report,
                     void *context) MUST_CHECK;

/* Takes one `SECTION.KEY=VALUE` of the command line. */
bool config_set(struct config *config, const char *assignment, struct error *error) MUST_CHECK;

/* Where settings come from. */
struct config_source {
	const char *file;  /* or NULL */
	const char **sets; /* SECTION.KEY=VALUE, which win over the file */
	int set_count;
};

/* Takes all of the command line's. */
bool config_set_all(struct config *config, const struct config_source *source,
                    struct error *error) MUST_CHECK;

/* Compares settings with those that a server runs with. The names of those that differ and can change while it
   runs are appended to *changed, with commas; the others get the value that it runs with, and their names are
   appended to *fixed. */
void config_keep_fixed(struct config *config, const struct config *running, struct strbuf *changed,
                       struct strbuf *fixed);

/* Adds the example file: every setting with its help, commented out at its default. */
void config_write_example(struct strbuf *out);

#endif
