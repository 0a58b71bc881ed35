/* Handles a request: reads its head, looks for a cached response, decides, and responds from memory or by a
   job. */
#include "exchange.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/memory.h"
#include "connections.h"
#include "jobs.h"
#include "outdated.h"
#include "own_routes.h"
#include "protocol/client.h"
#include "representation.h"
#include "request_counts.h"
#include "state.h"
#include "trace.h"

_Static_assert(sizeof(struct exchange) <= 1032,
               "larger blocks are not what malloc has at hand for its thread");

/* --- The request's head. --- */

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

/* The target is the first part of the key. */
static void take_target(struct exchange *exchange, const char *target)
{
	size_t length = strlen(target);
	key_add(exchange, target, length);
	exchange->target.length = length;
	exchange->target.data = exchange->key_length < EXCHANGE_KEY_MAX
	                                ? exchange->key + 1
	                                : arena_copy(&exchange->arena, target, length);
}

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

static void find_client(struct exchange *exchange)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct forwarded forwarded = {
		.for_ = exchange->headers.forwarded_for,
		.proto = exchange->headers.forwarded_proto,
		.prefix = exchange->headers.forwarded_prefix,
	};
	exchange->client =
		client_of(info ? info->client_addr : NULL,
	                  &exchange->settings->config->server_trusted_proxies, &forwarded);
}

static void key_add_header(struct exchange *exchange, const char *header)
{
	key_add(exchange, header, header ? strlen(header) : 0);
}

/* Everything that a response of status 200 depends on, beside the data and the time. */
static void make_key(struct exchange *exchange)
{
	const struct headers *headers = &exchange->headers;
	bool read = strcmp(exchange->method, "GET") == 0 || strcmp(exchange->method, "HEAD") == 0;
	if (!read) {
		exchange->key_length = 0;
		return;
	}
	key_add(exchange, (const char *)&exchange->settings->version,
	        sizeof(exchange->settings->version));
	key_add_header(exchange, headers->host);
	key_add_header(exchange, headers->accept);
	key_add_header(exchange, headers->accept_encoding);
	if (exchange->client.https)
		key_add_header(exchange, "https");
	if (exchange->client.prefix.length > 0) /* begins with a slash, unlike the scheme */
		key_add(exchange, exchange->client.prefix.data, exchange->client.prefix.length);
	if (exchange->key_length == EXCHANGE_KEY_MAX)
		exchange->key_length = 0;
}

static void read_head(struct exchange *exchange)
{
	MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, take_header, exchange);
	find_client(exchange);
	make_key(exchange);
}

struct exchange *exchange_new(struct server_state *state, const char *target)
{
	struct exchange *exchange = must(malloc(sizeof(*exchange)));
	memset(exchange, 0, offsetof(struct exchange, key));
	exchange->state = state;
	exchange->begun = clock_monotonic();
	/* Before the phase is read: the thread that ends the server sets the phase first and then reads
	   this counter. */
	atomic_fetch_add(&state->under_way, 1);
	exchange->settings = state_settings(state);
	arena_init(&exchange->arena);
	take_target(exchange, target);
	return exchange;
}

void exchange_end(struct exchange *exchange, bool complete)
{
	if (exchange->held > 0)
		send_budget_give_back(exchange->state->send_budget, &exchange->client.address,
		                      exchange->held);
	trace_end(exchange, complete);
	trace_fini(exchange);
	if (exchange->content != NULL)
		content_fini(exchange->content);
	cache_entry_unref(exchange->result);
	if (exchange->search != NULL)
		search_share_leave(exchange->state->search_share, exchange->search);
	arena_fini(&exchange->arena);
	settings_unref(exchange->settings);
	atomic_fetch_sub_explicit(&exchange->state->under_way, 1, memory_order_release);
	free(exchange);
}

/* --- The response. --- */

/* Counts what is sent for the client: the body as long as the request is under way, for the first who is sent it, and
   what the system holds of it until that is gone. */
static void count_sent(struct exchange *exchange, struct response *response)
{
	struct send_budget *budget = exchange->state->send_budget;
	const struct ip *client = &exchange->client.address;
	if (response->size < SEND_SMALL || strcmp(exchange->method, "HEAD") == 0)
		return;
	if (!atomic_exchange(&response->paid, true)) {
		exchange->held = response->size;
		send_budget_take(budget, client, response->size);
	}
	connection_hold(exchange->connection, client,
	                send_budget_socket_share(budget, response->size));
}

/* The bytes are those of the entry or of the response of its own, whose reference it takes; both NULL: of one that
   stays. */
static enum MHD_Result queue_response(struct exchange *exchange, struct response *response,
                                      struct cache_entry *entry, struct response *own)
{
	int status = response_status(response, exchange->headers.if_none_match);
	enum MHD_Result queued;
	if (status != MHD_HTTP_NOT_MODIFIED)
		count_sent(exchange, response);
	request_count(response->route, status, clock_monotonic() - exchange->begun);
	if (exchange->trace != NULL)
		return trace_queue(exchange, response, status, entry, own);
	queued = response_queue(response, exchange->connection, status);
	cache_entry_unref(entry);
	if (own != NULL)
		response_free(own);
	return queued;
}

static enum MHD_Result queue_answer(struct exchange *exchange, struct answer *answer)
{
	answer->route = request_route_of(exchange->decision);
	struct response *response = response_new(answer, ENCODING_IDENTITY);
	return queue_response(exchange, response, NULL, response);
}

/* Takes the reference. */
static enum MHD_Result queue_entry(struct exchange *exchange, struct cache_entry *entry)
{
	return queue_response(exchange, cache_entry_value(entry), entry, NULL);
}

static enum MHD_Result queue_result(struct exchange *exchange)
{
	struct cache_entry *result = exchange->result;
	exchange->result = NULL;
	return queue_entry(exchange, result);
}

static enum MHD_Result refuse(struct exchange *exchange)
{
	struct answer answer;
	represent_refusal(exchange->decision, &answer);
	return queue_answer(exchange, &answer);
}

enum MHD_Result exchange_refuse(struct exchange *exchange, int status, const char *why)
{
	struct answer answer = {
		.status = status, .route = ROUTE_NONE, .content_type = "text/plain; charset=utf-8"};
	strbuf_printf(&answer.body, "%s\n", why);
	struct response *response = response_new(&answer, ENCODING_IDENTITY);
	read_head(exchange);
	trace_begin(exchange);
	return queue_response(exchange, response, NULL, response);
}

void exchange_note_refusal(struct exchange *exchange, int status)
{
	request_count(ROUTE_NONE, status, clock_monotonic() - exchange->begun);
	find_client(exchange);
	trace_begin(exchange);
	trace_note(exchange, status);
}

/* The cached response to the very same request, as long as it is true; NULL: there is none. */
static struct cache_entry *find_cached(struct exchange *exchange)
{
	struct server_state *state = exchange->state;
	if (exchange->key_length == 0)
		return NULL;
	return cache_look(state->responses, exchange->key, exchange->key_length,
	                  change_feed_generation(state->feed), &exchange->cached);
}

/* Seconds until the throttle admits the client; 0: it does. */
static int64_t throttle(struct exchange *exchange)
{
	int64_t wait = 0;
	if (exchange->settings->config->throttle_rate.requests > 0)
		(void)throttle_admit(exchange->state->throttle, &exchange->client.address,
		                     clock_monotonic(), &wait);
	return wait;
}

static void decide_exchange(struct exchange *exchange)
{
	const struct headers *headers = &exchange->headers;
	struct request request = {
		.method = exchange->method,
		.target = exchange->target,
		.client = exchange->client,
		.host = headers->host,
		.accept = headers->accept,
		.accept_encoding = headers->accept_encoding,
		.origin = headers->origin,
		.preflight_method = headers->preflight_method,
	};
	exchange->decision = arena_alloc(&exchange->arena, sizeof(*exchange->decision));
	decide(exchange->decision, &request, &exchange->settings->rules, &exchange->arena);
}

static void wake(struct waiter *waiter, void *result)
{
	struct exchange *exchange = (struct exchange *)waiter;
	exchange->result = result;
	MHD_resume_connection(exchange->connection);
}

/* What others request again and again, and is not cached any more, comes before what nobody has requested yet; where
   there is an answer of before, as there is of what is hot when the data change, it may wait for longer. */
static enum MHD_Result submit(struct exchange *exchange, struct job_queue *queue, job_function *run)
{
	struct job_key key = {
		.bytes = exchange->key,
		.length = exchange->key_length,
		.generation = exchange->content->generation,
		.urgent = exchange->cached.requested,
		.patient = exchange->cached.present,
		.client = ip_client(&exchange->client.address),
	};
	if (key.generation == 0) /* the state of the data is not known */
		key.length = 0;
	/* HEAD may get less than GET needs. The key is shorter than its room. */
	if (key.length > 0 && strcmp(exchange->method, "HEAD") == 0)
		exchange->key[key.length++] = 'H';
	exchange->waiter.wake = wake;
	/* Suspended first: the job may be done before this thread goes on. */
	MHD_suspend_connection(exchange->connection);
	if (job_queue_submit(queue, &key, run, exchange, &exchange->waiter))
		return MHD_YES;
	MHD_resume_connection(exchange->connection);
	exchange->result = job_give_up_waiting(exchange, "too many requests wait");
	return MHD_YES;
}

static struct job_queue *renderers_for(const struct exchange *exchange)
{
	return job_is_short(exchange->decision, exchange->content)
	               ? exchange->state->renderers
	               : exchange->state->large_renderers;
}

/* Whether as much as is there already may be sent to the client. */
static bool may_send(const struct exchange *exchange, const struct response *response)
{
	return send_budget_allows(exchange->state->send_budget, &exchange->client.address,
	                          response->size) ||
	       strcmp(exchange->method, "HEAD") == 0;
}

static enum MHD_Result refuse_to_send(struct exchange *exchange)
{
	if (exchange->decision == NULL)
		decide_exchange(exchange);
	return queue_entry(exchange, job_refuse(exchange, TOO_MUCH_UNDER_WAY));
}

/* Takes the reference. */
static enum MHD_Result queue_cached(struct exchange *exchange, struct cache_entry *entry)
{
	if (may_send(exchange, cache_entry_value(entry)))
		return queue_entry(exchange, entry);
	cache_entry_unref(entry);
	return refuse_to_send(exchange);
}

/* Takes the response. */
static enum MHD_Result queue_outdated(struct exchange *exchange, struct response *outdated)
{
	if (may_send(exchange, outdated))
		return queue_response(exchange, outdated, NULL, outdated);
	response_free(outdated);
	return refuse_to_send(exchange);
}

/* Submits what a worker has to read, unless the database is silent, so that it would wait in vain, or it is a search
   of a client whose searches took their share already. */
static enum MHD_Result load_content(struct exchange *exchange)
{
	struct server_state *state = exchange->state;
	struct findings findings = {.busy = false};
	if (change_feed_silent(state->feed))
		return queue_entry(exchange, job_give_up_database(exchange, SILENT));
	if (exchange->decision->query.term_count == 0)
		return submit(exchange, state->loaders, job_load);
	exchange->search = arena_alloc(&exchange->arena, sizeof(*exchange->search));
	if (search_share_admit(state->search_share, &exchange->client.address, clock_monotonic(),
	                       exchange->search, &findings.throttle_wait))
		return submit(exchange, state->loaders, job_load);
	decision_conclude(exchange->decision, &findings);
	return refuse(exchange);
}

static bool collect_outdated(struct exchange *exchange)
{
	struct content_source *source = &exchange->state->content;
	if (!change_feed_away(exchange->state->feed))
		return false;
	content_fini(exchange->content);
	return content_collect_outdated(source, exchange->decision, exchange->content);
}

static enum MHD_Result respond_with_content(struct exchange *exchange)
{
	struct server_state *state = exchange->state;
	exchange->content = arena_alloc(&exchange->arena, sizeof(*exchange->content));
	if (!content_collect(&state->content, exchange->decision, exchange->content)) {
		struct response *outdated = outdated_response(exchange);
		if (outdated != NULL)
			return queue_outdated(exchange, outdated);
		if (!collect_outdated(exchange))
			return load_content(exchange);
	}
	if (!outdated_allows(exchange, exchange->content))
		return load_content(exchange);
	if (exchange->decision->kind != DECISION_SERVED)
		return refuse(exchange);
	if (!job_is_light(exchange->decision, exchange->content))
		return submit(exchange, renderers_for(exchange), job_render);
	return queue_entry(exchange, job_respond(exchange, exchange->content));
}

static enum MHD_Result respond(struct exchange *exchange)
{
	struct server_state *state = exchange->state;
	struct response *constant;
	struct answer answer;
	if (exchange->decision->needs_data)
		return respond_with_content(exchange);
	if (exchange->decision->kind != DECISION_SERVED)
		return refuse(exchange);
	constant = settings_page(exchange->settings, exchange->decision);
	if (constant != NULL)
		return queue_response(exchange, constant, NULL, NULL);
	own_route_answer(state, exchange->settings, exchange->decision, &answer);
	return queue_answer(exchange, &answer);
}

/* Takes the reference. False: the response is too old, while the database is away. */
static bool respond_from_cache(struct exchange *exchange, struct cache_entry *entry,
                               enum MHD_Result *queued)
{
	trace_span(exchange, "cache");
	if (!change_feed_away(exchange->state->feed)) {
		*queued = queue_cached(exchange, entry);
		return true;
	}
	cache_entry_unref(entry);
	struct response *outdated = outdated_response(exchange);
	if (outdated != NULL)
		*queued = queue_outdated(exchange, outdated);
	return outdated != NULL;
}

enum MHD_Result exchange_handle(struct exchange *exchange)
{
	struct findings findings = {.busy = false};
	enum MHD_Result queued;
	if (exchange->result != NULL) {
		trace_woken(exchange);
		return queue_result(exchange);
	}
	read_head(exchange);
	trace_begin(exchange);
	struct cache_entry *cached = find_cached(exchange);
	if (cached != NULL) {
		findings.throttle_wait = throttle(exchange);
		if (findings.throttle_wait > 0)
			cache_entry_unref(cached);
		else if (respond_from_cache(exchange, cached, &queued))
			return queued;
	}
	decide_exchange(exchange);
	if (exchange->decision->throttled && cached == NULL)
		findings.throttle_wait = throttle(exchange);
	if (findings.throttle_wait > 0)
		decision_conclude(exchange->decision, &findings);
	return respond(exchange);
}
