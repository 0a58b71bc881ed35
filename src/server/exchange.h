/* One request on its way to its response. */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "base/arena.h"
#include "job_queue.h"
#include "query/content.h"
#include "response.h"
#include "state.h"

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
#define EXCHANGE_KEY_MAX 768

struct exchange {
	struct waiter waiter; /* the first member: a job finds the exchange by it */
	struct server_state *state;
	struct settings *settings; /* its own reference */
	struct MHD_Connection *connection;
	struct arena arena;
	struct text target; /* as it was sent; in `key` where it fits */
	const char *method;
	struct headers headers;
	struct client client;
	/* The arena's; NULL while the cache may have the response. */
	struct decision *decision;
	struct content *content;    /* collected from memory; for renderers */
	struct cache_entry *result; /* of a job: a response */
	bool complete;              /* the request was read to its end */
	size_t key_length;          /* 0: no key */
	char key[EXCHANGE_KEY_MAX];
};

/* The target's bytes are copied. */
struct exchange *exchange_new(struct server_state *state, const char *target)
	__attribute__((returns_nonnull));
void exchange_free(struct exchange *exchange);

/* Responds to the request, or suspends its connection until a job has a response; called again then. */
enum MHD_Result exchange_handle(struct exchange *exchange);

#endif
