/* The feed of changes: a thread that knows the newest version of the data. On a primary it listens; on a hot
   standby, where LISTEN is refused, it reads the version each second.

   A generation names a state of the data: its version, and over which connection of the feed it was learnt.
   After a lost connection changes may have been missed, and the data may even have gone back (a failover):
   the next connection makes all earlier generations old. While there is none, the last one stays the newest. */
#ifndef REPOSITORY_CHANGE_FEED_H
#define REPOSITORY_CHANGE_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct change_feed;

/* Starts the thread; it connects by itself, again and again where that fails. NULL: no thread. */
struct change_feed *change_feed_start(const char *conninfo, struct error *error) MUST_CHECK;
/* NULL is fine. A thread that hangs in connecting is left behind, with what it uses: the process ends. */
void change_feed_stop(struct change_feed *feed);

/* The newest generation known; 0: none yet. Any thread, cheap. */
uint64_t change_feed_generation(const struct change_feed *feed);

/* Reports a version that was read in a snapshot, so that no older answer follows one made from it.
   `before` is the newest generation as it was before that snapshot began. Returns the snapshot's generation;
   0: changes to it may go unnoticed, so that what is made from it must not be cached. */
uint64_t change_feed_observe(struct change_feed *feed, uint64_t before, int64_t version);

/* Whether the thread has a connection: else answers may be old, and the database away. */
bool change_feed_connected(const struct change_feed *feed);

#endif
