/* Builds and ends what all requests share. */
#ifndef STATE_H
#define STATE_H

#include "server_internal.h"

/* Starts the threads. */
bool state_init(struct server_state *state, struct config_snapshot *snapshot,
                struct error *error) MUST_CHECK;

/* The settings of a request that begins; a new reference. Any thread. */
struct settings *state_settings(struct server_state *state);
/* Changes them. One thread at a time. */
void state_reload(struct server_state *state, struct config_snapshot *snapshot);
/* Ends the threads after the jobs there are; no job is taken from now on. False: some were left behind, and
   the process must end with them. */
bool state_end_jobs(struct server_state *state) MUST_CHECK;
/* After state_end_jobs and the last request. */
void state_fini(struct server_state *state);

#endif
