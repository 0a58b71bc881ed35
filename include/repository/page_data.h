/* What pages show beside documents, or instead of them: JSON that the database makes of its tables. */
#ifndef REPOSITORY_PAGE_DATA_H
#define REPOSITORY_PAGE_DATA_H

#include <stdint.h>

#include "base/error.h"
#include "base/strbuf.h"

struct session;

enum page_data {
	PAGE_DATA_NONE,
	/* Of a flight's page: an array of the flights of its spacecraft with id, name, net, current, rel. */
	PAGE_DATA_FLIGHTS_OF_SPACECRAFT,
	/* What is in space: see page_data/space.sql. */
	PAGE_DATA_SPACE,
	/* Launches, dockings, departures and landings, of those that dock at a station where an id is given: those to
	   come and those of the last year, or the last hundred that have happened. See page_data/happenings.sql. */
	PAGE_DATA_CALENDAR,
	PAGE_DATA_FEED,
};

/* Appends the data for the row of that id, 0 where it is of none, as it is at `now`, in the session's snapshot. One
   round trip. Nothing is appended for PAGE_DATA_NONE. */
bool page_data_read(struct session *session, enum page_data data, int64_t id, int64_t now,
                    struct strbuf *json, struct error *error) MUST_CHECK;

#endif
