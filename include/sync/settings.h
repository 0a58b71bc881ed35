/* What sync is told by its caller: the settings of [sync], with the defaults settled. */
#ifndef SYNC_SETTINGS_H
#define SYNC_SETTINGS_H

#include <stdint.h>

#include "config/config.h"

/* The limit of the list that sync reads, which is also the original's. */
#define SYNC_PAGE_MOST 100

/* All texts are the caller's and outlive the use; durations are in microseconds. */
struct sync_settings {
	const char *upstream;  /* scheme://host[:port] */
	const char *token;     /* empty: none */
	const char *contact;   /* for User-Agent; empty: none */
	const char *ca_file;   /* certificates to trust; empty: the system's */
	int64_t interval;      /* between passes of the background; 0: none */
	int64_t full_interval; /* between full passes of the background */
	int64_t budget;        /* requests an hour; 0: any number */
	int64_t page_size;
	int64_t page_limit; /* pages of one pass */
	int64_t connect_timeout, stall_timeout, timeout;
	int64_t answer_size; /* bytes of one answer, unpacked */
	int64_t retries;     /* of one page */
	int64_t backoff, backoff_most;
	int64_t wait_most;      /* that a throttling upstream may ask for, in one pass */
	int64_t stale;          /* an unfinished pass that began longer ago starts anew */
	int64_t delete_percent; /* a full pass deletes no more than that */
};

/* Takes them from the configuration, which must outlive them. */
void sync_settings_init(struct sync_settings *settings, const struct config *config);

/* The connection of those who write: sync and import. */
const char *sync_conninfo(const struct config *config);

/* The budget where the setting is 0: the original's 15 requests an hour less some for others who share
   the address; any number of requests for every other upstream. */
int64_t sync_default_budget(const char *upstream);

#endif
