/* The change feed: a thread that follows the version of the data, and notices within some seconds when the database
   does not answer any more. On a primary it is notified; on a hot standby, which refuses LISTEN, it reads the version
   each second.

   A generation identifies a state of the data: its version, and an era. While no connection is open changes go
   unnoticed, and the data may even go back (a failover): a connection that finds them in any other state than the
   last one saw begins a new era, which makes all earlier generations old. Until then the last generation stays the
   newest. */
#ifndef REPOSITORY_CHANGE_FEED_H
#define REPOSITORY_CHANGE_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct change_feed;

/* Starts the thread, which connects by itself and tries again where that fails. NULL with the error set: the
   thread could not be started. */
struct change_feed *change_feed_start(const char *conninfo, struct error *error) MUST_CHECK;
/* NULL is fine. A thread that does not end (resolving a name may block it) is abandoned, with its memory: the
   process is about to end. */
void change_feed_stop(struct change_feed *feed);

/* The newest generation; 0: none yet. Any thread, cheap. */
uint64_t change_feed_generation(const struct change_feed *feed);

/* Reports a version that was read in a snapshot, so that no response from an older state follows one from this
   state. `before`: the newest generation when the snapshot began. Returns the snapshot's generation; 0: the feed
   may miss changes to that state, so that nothing made from it may be cached. */
uint64_t change_feed_observe(struct change_feed *feed, uint64_t before, int64_t version);

/* Whether the feed has a connection. Without one, what is cached may be old. */
bool change_feed_connected(const struct change_feed *feed);

/* Whether PostgreSQL is away, and takes what is sent without an answer: whoever sends it more would wait in vain. */
bool change_feed_silent(const struct change_feed *feed);

/* Stands for all signs of the database so far. */
uint64_t change_feed_presence(const struct change_feed *feed);

/* Somebody has waited in vain, for what was sent after this presence was read. Unless anybody had an answer since, the
   database counts as silent until it answers again; the feed looks at once. */
void change_feed_suspect(struct change_feed *feed, uint64_t presence);

/* Has the feed look, and waits until it knows whether the database is away, for so long at most. */
void change_feed_verify(struct change_feed *feed, int64_t microseconds);

/* Whether the database is away: neither the feed nor anybody who read a snapshot since has had an answer. Only while
   it is may states be shown that are older than others that were shown before. */
bool change_feed_away(const struct change_feed *feed);

/* Until when (by clock_monotonic) the generation was known to be the newest; 0: that was too long ago. */
int64_t change_feed_good_until(struct change_feed *feed, uint64_t generation);

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
