/* The command `serve`. */
#ifndef SERVE_H
#define SERVE_H

#include "config/config.h"

/* Serves, and syncs where the settings say so, until SIGTERM or SIGINT. SIGHUP reads the source's file again: what
   can change while the server runs does so, for requests that begin from then on. False with the error set: it
   could not begin. For the main thread, before any other. */
bool serve(struct config_snapshot *snapshot, const struct config_source *source,
           struct error *error) MUST_CHECK;

#endif
