/* One request on its way to an answer. */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "base/arena.h"
#include "http/response.h"
#include "material.h"
#include "pool.h"
#include "service.h"

/* Headers that matter; of one that was sent several times the values are joined with commas. */
#define EXCHANGE_HEADERS(X) \
	X(host, "Host") \
	X(accept, "Accept") \
	X(accept_encoding, "Accept-Encoding") \
	X(if_none_match, "If-None-Match") \
	X(origin, "Origin") \
	X(preflight_method, "Access-Control-Request-Method") \
	X(forwarded_for, "X-Forwarded-For") \
	X(forwarded_proto, "X-Forwarded-Proto")

struct headers {
#define X(name, text) const char *name;
	EXCHANGE_HEADERS(X)
#undef X
};

/* What an answer depends on, as bytes: target and some headers. Requests with more are not kept. */
#define EXCHANGE_KEY_MAX 800

struct exchange {
	struct waiter waiter; /* the first member: a job gives the exchange back by it */
	struct service *service;
	struct MHD_Connection *connection;
	struct arena arena;
	struct text target; /* as it was sent; in `key` where it fits */
	const char *method;
	struct headers headers;
	/* The arena's; NULL while the cache may have the answer. */
	struct decision *decision;
	struct material *material; /* gathered from memory; for renderers */
	enum encoding encoding;
	bool complete;              /* the request was read to its end */
	struct cache_entry *result; /* of a job: a response */
	size_t key_length;          /* 0: no key */
	char key[EXCHANGE_KEY_MAX];
};

/* The target's bytes are copied. Never NULL. */
struct exchange *exchange_new(struct service *service, const char *target);
void exchange_free(struct exchange *exchange);

/* Answers the request, or suspends its connection until a job has an answer; called again then. */
enum MHD_Result exchange_handle(struct exchange *exchange);

#endif
