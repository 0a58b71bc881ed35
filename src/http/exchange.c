/* Answers a request: from the cache, from documents at hand, or by a job. */
#include "exchange.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/metrics.h"
#include "asked.h"
#include "constant.h"
#include "finish.h"
#include "making.h"
#include "site.h"

_Static_assert(sizeof(struct exchange) <= 1032,
               "more is not what malloc has at hand for its thread");

struct exchange *exchange_new(struct service *service, const char *target)
{
	struct exchange *exchange = must(malloc(sizeof(*exchange)));
	memset(exchange, 0, offsetof(struct exchange, key));
	exchange->service = service;
	/* Before the phase is looked at: who ends the service sets that first and then looks here. */
	atomic_fetch_add(&service->under_way, 1);
	arena_init(&exchange->arena);
	asked_target(exchange, target);
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
	struct client client = asked_client(exchange);
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
		.peer = asked_peer(exchange),
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
	asked_headers(exchange);
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
