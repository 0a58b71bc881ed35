/* Passes that a server makes by itself: a thread that wakes when one is due. Of several servers over one
   database whichever comes first makes it, and if that one dies, another resumes it. */
#ifndef SYNC_BACKGROUND_H
#define SYNC_BACKGROUND_H

#include "base/error.h"
#include "config/config.h"

struct sync_background;

/* Starts the thread, which makes no passes while sync.interval is 0. A database that cannot be reached is no error:
   it is tried again, with a line in the log. The settings get a reference more. NULL with the error set. */
struct sync_background *sync_background_start(struct config_snapshot *snapshot,
                                              struct error *error) MUST_CHECK;

/* Hands new settings to the thread, which takes them when the pass that it makes has ended, and then plans at
   once. */
void sync_background_reload(struct sync_background *background, struct config_snapshot *snapshot);

/* Ends the current pass, within a second or so, and waits for that. Where the database hangs for more than
   five, the process ends here, with status 0: what was not committed is read again by the next pass. NULL is
   fine. */
void sync_background_stop(struct sync_background *background);

#endif
