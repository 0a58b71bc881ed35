/* What the files of the server share: its state, and the exchange of a request and its response. */
#ifndef SERVER_INTERNAL_H
#define SERVER_INTERNAL_H

#include <microhttpd.h>
#include <pthread.h>

#include "base/arena.h"
#include "breaker.h"
#include "cache/cache.h"
#include "config/config.h"
#include "job_queue.h"
#include "protocol/decision.h"
#include "protocol/throttle.h"
#include "query/content.h"
#include "search_share.h"
#include "send_budget.h"
#include "settings.h"

/* --- What all requests share. --- */

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
	struct search_share *search_share;
	struct change_feed *feed;
	struct content_source content;
	/* Of locked tables, by the resource whose endpoint reads them; the last: all else. */
	struct breaker breakers[RESOURCE_COUNT + 1];
	struct job_queue *loaders; /* threads that read the database */
	/* Threads that compress, indent and write pages, and put large ones together; what takes long has one of its
	   own, so that the others do not wait for it. */
	struct job_queue *renderers, *large_renderers;
	int64_t unsent_most; /* bytes of answers that are being sent and not cached, but for small ones */
	struct send_budget *send_budget;
	_Atomic size_t under_way;          /* requests */
	const _Atomic size_t *connections; /* of clients; the server's */
	size_t connections_most;
	_Atomic(struct access_log *) access_log; /* NULL: none was wanted so far */
};

/* --- One request. --- */

/* Headers that matter; of one that was sent several times the values are joined with commas. */
#define EXCHANGE_HEADERS(X) \
	X(host, "Host") \
	X(accept, "Accept") \
	X(accept_encoding, "Accept-Encoding") \
	X(if_none_match, "If-None-Match") \
	X(origin, "Origin") \
	X(preflight_method, "Access-Control-Request-Method") \
	X(forwarded_for, "X-Forwarded-For") \
	X(forwarded_proto, "X-Forwarded-Proto") \
	X(forwarded_prefix, "X-Forwarded-Prefix")

struct headers {
#define X(name, text) const char *name;
	EXCHANGE_HEADERS(X)
#undef X
};

/* The bytes of the longest cache key: target and some headers. Responses to longer requests are not cached. */
#define EXCHANGE_KEY_MAX 736

struct exchange {
	struct waiter waiter; /* the first member: a job finds the exchange by it */
	struct server_state *state;
	struct settings *settings; /* its own reference */
	struct MHD_Connection *connection;
	int64_t begun; /* by clock_monotonic: its first line was read */
	struct arena arena;
	struct text target;       /* as it was sent; in `key` where it fits */
	const char *target_begin; /* where the library has it */
	const char *method, *version;
	struct headers headers;
	struct client client;
	/* The arena's; NULL while the cache may have the response. */
	struct decision *decision;
	struct content *content;    /* collected from memory; for renderers */
	struct cache_entry *result; /* of a job: a response */
	struct trace *trace;        /* the arena's; NULL: nothing is noted */
	struct search_ticket
		*search; /* the arena's; NULL: it was not admitted to the workers as one */
	bool complete;   /* the head was read to its end */
	bool refused;    /* it was, past the library */
	struct cache_sight cached; /* the response, when it was looked for */
	size_t key_length;         /* 0: no key */
	size_t held; /* bytes of the body, while it is sent, that count for the client */
	char key[EXCHANGE_KEY_MAX];
};

#endif
