/* What all requests share: settings, the cache, the catalog, the threads that make answers. */
#ifndef SERVICE_H
#define SERVICE_H

#include <pthread.h>

#include "cache/cache.h"
#include "config/config.h"
#include "http/decide.h"
#include "http/throttle.h"
#include "repository/catalog.h"
#include "repository/news.h"

struct constants;
struct pool;

/* What a request meets. */
enum service_phase {
	PHASE_SERVING,
	PHASE_DRAINING, /* its answer is the connection's last */
	PHASE_CLOSED,   /* it has no answer, unless it was there before */
};

struct service {
	const struct config *config;
	_Atomic(enum service_phase) phase;
	struct decide_rules rules;
	struct throttle *throttle; /* NULL: none */
	struct constants *constants;
	/* Half of the memory each, so that a crowd of large answers does not drive out the documents
	   that they are made of. */
	struct cache *documents, *responses;
	struct news *news;
	struct pool *loaders;    /* ask the database */
	struct pool *renderers;  /* compress and show what is at hand */
	pthread_mutex_t lock;    /* guards the catalog and its stamp */
	struct catalog *catalog; /* the newest that was read; NULL: none yet */
	uint64_t catalog_stamp;
	_Atomic size_t under_way; /* exchanges */
};

/* Starts the threads; the configuration must live as long. */
bool service_init(struct service *service, const struct config *config,
                  struct error *error) MUST_CHECK;
/* Ends the threads after the jobs there are; from now on no job is taken. False: some were left behind, and
   the process must end with them. */
bool service_end_jobs(struct service *service) MUST_CHECK;
/* After service_end_jobs and the last request. */
void service_fini(struct service *service);

/* Whether there is memory for one more answer: those that are kept and those that are still being sent, to
   whoever reads them slowly, may take so much together. */
bool service_has_room(const struct service *service);

/* The catalog of that stamp, with a reference for the caller; NULL: it is not there. */
struct catalog *service_catalog(struct service *service, uint64_t stamp);

/* Puts a catalog in the place of an older one; takes a reference of its own. */
void service_set_catalog(struct service *service, struct catalog *catalog, uint64_t stamp);

#endif
