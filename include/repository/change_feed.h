/* The change feed: a thread that follows the version of the data. On a primary it is notified; on a hot standby,
   which refuses LISTEN, it reads the version each second.

   A generation identifies a state of the data: its version, and the number of the feed's connection that read
   it. While no connection is open changes go unnoticed, and the data may even go back (a failover), so that the
   next connection makes all earlier generations old. Until then the last generation stays the newest. */
#ifndef REPOSITORY_CHANGE_FEED_H
#define REPOSITORY_CHANGE_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct change_feed;

/* Starts the thread, which connects by itself and tries again where that fails. NULL with the error set: the
   thread could not be started. */
struct change_feed *change_feed_start(const char *conninfo, struct error *error) MUST_CHECK;
/* NULL is fine. A thread that is blocked in connecting is abandoned, with its memory: the process is about to
   end. */
void change_feed_stop(struct change_feed *feed);

/* The newest generation; 0: none yet. Any thread, cheap. */
uint64_t change_feed_generation(const struct change_feed *feed);

/* Reports a version that was read in a snapshot, so that no response from an older state follows one from this
   state. `before`: the newest generation when the snapshot began. Returns the snapshot's generation; 0: the feed
   may miss changes to that state, so that nothing made from it may be cached. */
uint64_t change_feed_observe(struct change_feed *feed, uint64_t before, int64_t version);

/* Whether the feed has a connection. Without one, what is cached may be old. */
bool change_feed_connected(const struct change_feed *feed);

/* How the feed stands. */
struct change_feed_status {
	bool connected;
	int64_t since;          /* when that changed last, by clock_monotonic */
	struct error error;     /* why it is not connected; empty: it is, or has not tried yet */
	int64_t schema_version; /* the database's, read each second; 0: none, or not read yet */
};

/* Any thread; never waits. */
void change_feed_status(struct change_feed *feed, struct change_feed_status *status);

#endif
