/* The settings of [sync], with units and defaults resolved. */
#ifndef SYNC_SETTINGS_H
#define SYNC_SETTINGS_H

#include "config/config.h"
#include "resources/endpoint.h"
#include "upstream/settings.h"

/* Durations are in microseconds. */
struct sync_settings {
	struct upstream_settings upstream;
	const struct endpoint *lists[ENDPOINTS_MAX]; /* in the order in which they are first read */
	size_t list_count;
	int64_t interval;       /* between recent passes of the server; 0: it makes none */
	int64_t full_interval;  /* between its full passes */
	int64_t page_limit;     /* pages of one pass */
	int64_t stale;          /* an unfinished pass that began longer ago is not resumed */
	int64_t delete_percent; /* a full pass deletes no more than that */
};

/* Takes them from the configuration, which must outlive them. False with the error set: sync.endpoints names a list
   that there is not. */
bool sync_settings_init(struct sync_settings *settings, const struct config *config,
                        struct error *error) MUST_CHECK;

/* Takes the lists that are named, with commas between them, or all, in the order in which they are first read. False
   with the error set where one names none. */
bool sync_lists_choose(struct sync_settings *settings, const char *names,
                       struct error *error) MUST_CHECK;

/* The connection string of sync and import, which write. */
const char *sync_conninfo(const struct config *config);

#endif
