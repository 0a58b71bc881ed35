/* What all requests share: settings, caches, the source of content, the threads that make answers. */
#ifndef STATE_H
#define STATE_H

#include <pthread.h>

#include "cache/cache.h"
#include "config/snapshot.h"
#include "protocol/decision.h"
#include "protocol/throttle.h"
#include "query/content.h"
#include "settings.h"

struct job_queue;

/* What becomes of a request. */
enum server_phase {
	PHASE_SERVING,
	PHASE_DRAINING, /* it is answered, and its connection closed */
	PHASE_CLOSED,   /* it is not answered, unless it came before */
};

struct server_state {
	struct config_snapshot *snapshot;
	const struct config
		*config; /* the snapshot's, of the start: for what cannot change since */
	_Atomic(enum server_phase) phase;
	pthread_mutex_t settings_lock; /* over the pointer */
	struct settings *settings;     /* for requests that begin */
	struct throttle *throttle;     /* there from when a rate was set first */
	/* Half of the memory each, so that a crowd of large responses does not evict the documents that they
	   are made of. */
	struct cache *documents, *responses;
	struct change_feed *feed;
	struct content_source content;
	struct job_queue *loaders;   /* threads that read the database */
	struct job_queue *renderers; /* threads that compress, indent and write pages */
	_Atomic size_t under_way;    /* requests */
};

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

/* Whether there is memory for one more answer: the cached ones and those that are still being sent, to
   clients that read slowly, may take so much together. */
bool state_has_room(const struct server_state *state);

#endif
