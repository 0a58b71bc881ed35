/* The command `sync`: one pass, with a progress line on a terminal, until done or interrupted. */
#ifndef SYNC_COMMAND_H
#define SYNC_COMMAND_H

#include "sync/pass.h"

/* Makes a pass over a connection of its own. SIGINT and SIGTERM end it within a second, for another to go
   on with; the handlers are put back afterwards. `line` gets what was done, if anything was; the error is
   set unless it is SYNC_DONE. For the main thread. */
enum sync_end sync_command(const struct sync_settings *settings, const char *conninfo,
                           enum sync_kind kind, bool try_only, struct strbuf *line,
                           struct error *error) MUST_CHECK;

#endif
