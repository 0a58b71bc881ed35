/* The settings, checked and typed. Errors say where a value stands (file and line, or --set), which
   setting it is for and what was expected there. */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "config/options.h"

struct strbuf;

enum {
#define X(section, key, kind, least, most, fallback, help) OPTION_INDEX_##section##_##key,
	OPTIONS(X)
#undef X
		OPTION_TOTAL
};

struct config {
	struct arena arena;             /* holds the texts */
	const char *text[OPTION_TOTAL]; /* each setting as it was written, by its row */
	const char *origin
		[OPTION_TOTAL]; /* where that was: `default`, `FILE:LINE`, a variable, `--set` */
	const char *
		exposed; /* a secret in a file that others may read, such as `FILE: ...`; NULL: there is none */
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

/* Where settings come from; each wins over the one before. */
struct config_source {
	const char *file;         /* or NULL */
	char *const *environment; /* NAME=value, ended by NULL; or NULL */
	const char **sets;        /* SECTION.KEY=VALUE of the command line */
	int set_count;
};

/* Takes what the source has; false with all mistakes reported. */
bool config_read(struct config *config, const struct config_source *source, config_report *report,
                 void *context) MUST_CHECK;

/* Compares settings with those that a server runs with. The names of those that differ and can change while it
   runs are appended to *changed, with commas; the others get the value that it runs with, and their names are
   appended to *fixed. */
void config_keep_fixed(struct config *config, const struct config *running, struct strbuf *changed,
                       struct strbuf *fixed);

/* --- What there is to say of them. --- */

#define SETTING_VARIABLE_SIZE 96

enum setting_secrecy {
	SETTING_OPEN,
	SETTING_SECRET,   /* nothing of it may be shown */
	SETTING_CONNINFO, /* a connection string, in which a password may be */
};

/* One of them; the texts are the table's or the configuration's. */
struct setting {
	const char *section, *key, *fallback, *help;
	char variable
		[SETTING_VARIABLE_SIZE]; /* that sets it; with _FILE behind it where it is secret */
	enum setting_secrecy secrecy;
	bool live;                 /* it can change while a server runs */
	const char *text, *origin; /* NULL without a configuration */
};

/* By its row, below OPTION_TOTAL; `config` may be NULL. Any thread. */
struct setting config_setting(const struct config *config, size_t index);

/* Adds the example file: every setting with its help, commented out at its default. */
void config_write_example(struct strbuf *out);

/* --- Settings that several threads use: immutable once they are shared, freed with the last reference. A server
   that reads its file again makes new ones. --- */

struct config_snapshot {
	struct config config;
	_Atomic unsigned references;
};

/* All settings at their defaults, to be filled in before others see them; one reference. */
struct config_snapshot *config_snapshot_new(void) __attribute__((returns_nonnull));

/* Any thread. */
struct config_snapshot *config_snapshot_ref(struct config_snapshot *snapshot);
void config_snapshot_unref(struct config_snapshot *snapshot); /* NULL is fine */

#endif
