/* Builds and ends what all requests share. */
#ifndef STATE_H
#define STATE_H

#include "server_internal.h"

/* Starts the threads; the configuration must live as long. */
bool state_init(struct server_state *state, const struct config *config,
                struct error *error) MUST_CHECK;
/* Ends the threads after the jobs there are; no job is taken from now on. False: some were left behind, and
   the process must end with them. */
bool state_end_jobs(struct server_state *state) MUST_CHECK;
/* After state_end_jobs and the last request. */
void state_fini(struct server_state *state);

#endif
