/* The command `sync`: one pass over each list, with a progress line on a terminal, until done or interrupted. */
#ifndef SYNC_COMMAND_H
#define SYNC_COMMAND_H

#include "base/error.h"
#include "base/strbuf.h"
#include "sync/passes.h"
#include "sync/settings.h"

/* Runs a pass over each of the settings' lists, over a connection of its own; recent ones over those that have such. What
   would fail over each list ends it: an upstream that cannot be reached, or lets nobody in.
   SIGINT and SIGTERM end it within a second, so that the next one can resume it; the handlers are restored
   afterwards. `lines` gets what was done, a line a list without the last line's end; the error is set unless all
   ended as PASS_DONE, which is the first that did not. For the main thread. */
enum pass_end sync_command(const struct sync_settings *settings, const char *conninfo,
                           enum pass_kind kind, bool dry_run, struct strbuf *lines,
                           struct error *error) MUST_CHECK;

#endif
