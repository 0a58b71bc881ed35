/* Passes over a fake upstream, straight through the command's code. Whatever goes wrong here fails the
   test; what goes wrong in the pass is the test's to look at. */
#ifndef SUPPORT_SYNCING_H
#define SUPPORT_SYNCING_H

#include "support/fake_upstream.h"
#include "support/postgres.h"
#include "sync/command.h"

/* Settings that lose no time: back-offs of milliseconds, time limits of a second or two. */
struct sync_settings sync_settings_quick(const char *upstream);

struct sync_run {
	enum pass_end end;
	struct error error;
	char *line; /* what was done */
	char *log;  /* what came on stderr */
};

/* Makes a pass. */
void sync_run(struct sync_run *run, const struct sync_settings *settings, const char *conninfo,
              enum pass_kind kind, bool dry_run);
void sync_run_fini(struct sync_run *run);

/* The same, and asserts how it ends; with the log in the message where it does not. */
void sync_run_is(struct sync_run *run, const struct sync_settings *settings, const char *conninfo,
                 enum pass_end end);
/* The same without a look at what it said. */
void sync_ends(const struct sync_settings *settings, const char *conninfo, enum pass_end end);

/* How many lines of the log are warnings and errors. */
int sync_run_complaints(const struct sync_run *run);

/* An upstream and a database that is to be in step with it. */
extern struct mirror {
	struct fake_upstream *upstream;
	struct test_database database;
	char setting[128]; /* sync.upstream=URL */
	struct sync_settings settings;
} mirror;

/* Set-up and tear-down of a test that has it, for cmocka. */
int set_up_mirror(void **state);
int tear_down_mirror(void **state);

/* Changes of the upstream's list, as fake_list_fill, fake_list_put_facts and fake_list_remove. */
void mirror_fill(int64_t count, const char *destination);
void mirror_put(const struct fake_facts *facts);
/* A flight by its id, destination, begin and end of its mission (NULL for none). */
void mirror_put_flight(int64_t id, const char *destination, const char *net,
                       const char *mission_end);
void mirror_drop(int64_t id);

/* A full pass that is done without trouble. */
void mirror_sync(void);

/* How many flights have the destination that mirror_fill gives them. */
int mirror_count(const char *destination);

/* Asserts what SQL answers. */
void mirror_sql_is(const char *sql, const char *expected);

/* Asserts that the line of what was done has the part. */
void sync_run_line_has(const struct sync_run *run, const char *part);

/* A hash of what the flights and all they share say, whoever wrote it when. New. */
char *content_hash(const char *conninfo);

#endif
