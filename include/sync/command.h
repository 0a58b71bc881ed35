/* The command `sync`: one pass, with a progress line on a terminal, until done or interrupted. */
#ifndef SYNC_COMMAND_H
#define SYNC_COMMAND_H

#include "base/error.h"
#include "base/strbuf.h"
#include "sync/passes.h"
#include "sync/settings.h"

/* Runs a pass over a connection of its own. SIGINT and SIGTERM end it within a second, so that the next one
   can resume it; the handlers are restored afterwards. `line` gets what was done, if the pass was done; the
   error is set unless it is PASS_DONE. For the main thread. */
enum pass_end sync_command(const struct sync_settings *settings, const char *conninfo,
                           enum pass_kind kind, bool dry_run, struct strbuf *line,
                           struct error *error) MUST_CHECK;

#endif
