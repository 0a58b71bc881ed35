/* Answers a request: from the cache, from documents at hand, or by a job. */
#include "exchange.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/metrics.h"
#include "constant.h"
#include "finish.h"
#include "making.h"
#include "site.h"

static void key_add(struct exchange *exchange, const char *text, size_t length)
{
	if (exchange->key_length + length + 2 > EXCHANGE_KEY_MAX) {
		exchange->key_length = EXCHANGE_KEY_MAX; /* too long: nothing fits any more */
		return;
	}
	char *end = exchange->key + exchange->key_length;
	*end++ = text ? '=' : '-';
	memcpy(end, text ? text : "", length);
	end[length] = '\0';
	exchange->key_length += length + 2;
}

_Static_assert(sizeof(struct exchange) <= 1032,
               "more is not what malloc has at hand for its thread");

struct exchange *exchange_new(struct service *service, const char *target)
{
	struct exchange *exchange = must(malloc(sizeof(*exchange)));
	size_t length = strlen(target);
	memset(exchange, 0, offsetof(struct exchange, key));
	exchange->service = service;
	/* Before the phase is looked at: who ends the service sets that first and then looks here. */
	atomic_fetch_add(&service->under_way, 1);
	arena_init(&exchange->arena);
	key_add(exchange, target, length);
	exchange->target.length = length;
	exchange->target.data = exchange->key_length < EXCHANGE_KEY_MAX
	                                ? exchange->key + 1
	                                : arena_copy(&exchange->arena, target, length);
	return exchange;
}

void exchange_free(struct exchange *exchange)
{
	if (exchange->material != NULL)
		material_fini(exchange->material);
	cache_entry_unref(exchange->result);
	arena_fini(&exchange->arena);
	atomic_fetch_sub_explicit(&exchange->service->under_way, 1, memory_order_release);
	free(exchange);
}

/* --- What was sent. --- */

static enum MHD_Result take_header(void *user, enum MHD_ValueKind kind, const char *key,
                                   const char *value)
{
	static const struct {
		const char *text;
		size_t length, offset;
	} known[] = {
#define X(name, text) {text, sizeof(text) - 1, offsetof(struct headers, name)},
		EXCHANGE_HEADERS(X)
#undef X
	};
	struct exchange *exchange = user;
	size_t length = strlen(key);
	(void)kind;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (length != known[i].length || strcasecmp(key, known[i].text) != 0)
			continue;
		const char **header = (const char **)((char *)&exchange->headers + known[i].offset);
		const char *sent = value ? value : "";
		*header = *header ? arena_printf(&exchange->arena, "%s,%s", *header, sent) : sent;
	}
	return MHD_YES;
}

static void key_add_header(struct exchange *exchange, const char *header)
{
	key_add(exchange, header, header ? strlen(header) : 0);
}

static const struct sockaddr *peer(const struct exchange *exchange)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	return info ? info->client_addr : NULL;
}

static struct client client_of_exchange(const struct exchange *exchange)
{
	return client_of(peer(exchange), &exchange->service->rules.trusted_proxies,
	                 exchange->headers.forwarded_for, exchange->headers.forwarded_proto);
}

/* Everything that an answer of status 200 depends on, beside the data and the time. */
static void make_key(struct exchange *exchange)
{
	const struct headers *headers = &exchange->headers;
	bool read = strcmp(exchange->method, "GET") == 0 || strcmp(exchange->method, "HEAD") == 0;
	if (!read) {
		exchange->key_length = 0;
		return;
	}
	key_add_header(exchange, headers->host);
	key_add_header(exchange, headers->accept);
	key_add_header(exchange, headers->accept_encoding);
	/* What the header says counts from some clients only. */
	if (headers->forwarded_proto != NULL && exchange->service->rules.trusted_proxies.count > 0)
		key_add_header(exchange, client_of_exchange(exchange).https ? "https" : "http");
	if (exchange->key_length == EXCHANGE_KEY_MAX)
		exchange->key_length = 0;
}

/* --- Answers. --- */

static enum MHD_Result queue_answer(struct exchange *exchange, struct answer *answer)
{
	struct response *response = response_new(answer, ENCODING_IDENTITY);
	enum MHD_Result queued =
		response_queue(response, exchange->connection, exchange->headers.if_none_match);
	response_free(response);
	return queued;
}

/* Takes the reference. */
static enum MHD_Result queue_entry(struct exchange *exchange, struct cache_entry *entry)
{
	enum MHD_Result queued = response_queue(cache_entry_thing(entry), exchange->connection,
	                                        exchange->headers.if_none_match);
	cache_entry_unref(entry);
	return queued;
}

static enum MHD_Result queue_result(struct exchange *exchange)
{
	struct cache_entry *result = exchange->result;
	exchange->result = NULL;
	return queue_entry(exchange, result);
}

/* The kept answer to the very same request, as long as it is true; NULL: there is none. */
static struct cache_entry *find_kept(struct exchange *exchange)
{
	struct service *service = exchange->service;
	if (exchange->key_length == 0)
		return NULL;
	return cache_get(service->responses, exchange->key, exchange->key_length,
	                 news_stamp(service->news));
}

static bool admitted(struct exchange *exchange, int64_t *wait)
{
	struct throttle *throttle = exchange->service->throttle;
	*wait = 0;
	if (throttle == NULL)
		return true;
	struct client client = client_of_exchange(exchange);
	return throttle_admit(throttle, &client.address, clock_monotonic(), wait);
}

static void decide_exchange(struct exchange *exchange)
{
	const struct headers *headers = &exchange->headers;
	struct request request = {
		.method = exchange->method,
		.target = exchange->target,
		.host = headers->host,
		.accept = headers->accept,
		.origin = headers->origin,
		.preflight_method = headers->preflight_method,
		.forwarded_for = headers->forwarded_for,
		.forwarded_proto = headers->forwarded_proto,
		.peer = peer(exchange),
	};
	bool acceptable = true;
	exchange->decision = arena_alloc(&exchange->arena, sizeof(*exchange->decision));
	decide(exchange->decision, &request, &exchange->service->rules, &exchange->arena);
	exchange->encoding = encoding_choose(headers->accept_encoding, &acceptable);
	if (!acceptable && exchange->decision->kind == DECISION_SERVED) {
		exchange->decision->kind = DECISION_NOT_ACCEPTABLE;
		exchange->decision->negotiation = (struct negotiation){RENDERER_JSON, 0};
	}
}

static enum MHD_Result refuse(struct exchange *exchange, enum decision_kind kind, int64_t wait)
{
	struct answer answer;
	decision_answer(exchange->decision, kind, wait, &answer);
	return queue_answer(exchange, &answer);
}

static void wake(struct waiter *waiter, void *result)
{
	struct exchange *exchange = (struct exchange *)waiter;
	exchange->result = result;
	MHD_resume_connection(exchange->connection);
}

static enum MHD_Result submit(struct exchange *exchange, struct pool *pool, job_function *run)
{
	struct job_key key = {exchange->key, exchange->key_length, exchange->material->stamp};
	if (key.stamp == 0) /* nobody tells what was seen */
		key.length = 0;
	exchange->waiter.wake = wake;
	/* Suspended first: the job may be done before this thread goes on. */
	MHD_suspend_connection(exchange->connection);
	if (pool_submit(pool, &key, run, exchange, &exchange->waiter))
		return MHD_YES;
	MHD_resume_connection(exchange->connection);
	exchange->result = making_busy(exchange, "too many requests wait");
	return MHD_YES;
}

static enum MHD_Result answer_flights(struct exchange *exchange)
{
	struct service *service = exchange->service;
	exchange->material = arena_alloc(&exchange->arena, sizeof(*exchange->material));
	if (!material_gather_cached(service, exchange->decision, exchange->material))
		return submit(exchange, service->loaders, making_load);
	if (!making_is_plain(exchange))
		return submit(exchange, service->renderers, making_render);
	return queue_entry(exchange, making_response(exchange, exchange->material, true));
}

static enum MHD_Result answer_decided(struct exchange *exchange)
{
	const struct decision *decision = exchange->decision;
	struct service *service = exchange->service;
	const struct response *constant;
	struct answer answer;
	if (decision->needs_spacecraft ||
	    (decision->kind == DECISION_SERVED &&
	     (decision->route == ROUTE_LIST || decision->route == ROUTE_FLIGHT)))
		return answer_flights(exchange);
	if (decision->kind != DECISION_SERVED)
		return refuse(exchange, decision->kind, 0);
	constant = constants_find(service->constants, decision->route, exchange->encoding);
	if (constant != NULL)
		return response_queue(constant, exchange->connection,
		                      exchange->headers.if_none_match);
	site_answer(service, decision, &answer);
	return queue_answer(exchange, &answer);
}

enum MHD_Result exchange_handle(struct exchange *exchange)
{
	int64_t wait;
	if (exchange->result != NULL)
		return queue_result(exchange);
	metric_add(METRIC_http_requests_total, 1);
	MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, take_header, exchange);
	make_key(exchange);
	struct cache_entry *kept = find_kept(exchange);
	if (kept != NULL && admitted(exchange, &wait))
		return queue_entry(exchange, kept);
	decide_exchange(exchange);
	if (kept != NULL) {
		cache_entry_unref(kept);
		return refuse(exchange, DECISION_THROTTLED, wait);
	}
	if (exchange->decision->throttled && !admitted(exchange, &wait))
		return refuse(exchange, DECISION_THROTTLED, wait);
	return answer_decided(exchange);
}
