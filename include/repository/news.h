/* News of changes: a thread that knows the newest version of the data. On a primary it listens; on a
   hot standby, where LISTEN is refused, it reads the version each second.

   A stamp names a state of the data: the version, and which connection of the news it was learnt
   over. After a lost connection changes may have been missed, and the data may even have gone back
   (a failover): the next connection makes all earlier stamps old. While there is none, the last
   stamp stays the newest. */
#ifndef REPOSITORY_NEWS_H
#define REPOSITORY_NEWS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct news;

/* Starts the thread; it connects by itself, again and again where that fails. NULL: no thread. */
struct news *news_start(const char *conninfo, struct error *error) MUST_CHECK;
/* NULL is fine. A thread that hangs in connecting is left behind, with what it uses: the process ends. */
void news_stop(struct news *news);

/* The newest stamp known; 0: nothing was learnt yet. Any thread, cheap. */
uint64_t news_stamp(const struct news *news);

/* Tells of a version that was read in a snapshot, so that no older answer follows one made from it.
   `before` is the newest stamp as it was before that snapshot began. Returns the snapshot's stamp;
   0: nobody would tell of changes to it, so that it is good for nothing but its own answer. */
uint64_t news_tell(struct news *news, uint64_t before, int64_t version);

/* Whether the thread has a connection: else answers may be old, and the database away. */
bool news_connected(const struct news *news);

#endif
