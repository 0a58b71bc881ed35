/* Makes responses with content, or those that say why there is none. */
#include "jobs.h"

#include <stdatomic.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/temporal.h"
#include "protocol/negotiation.h"
#include "query/body.h"
#include "repository/patience.h"
#include "repository/session.h"
#include "breaker.h"
#include "outdated.h"
#include "representation.h"
#include "request_counts.h"
#include "trace.h"

/* --- Threads; those that read the database have a session each. --- */

static void *share_entry(void *result)
{
	return cache_entry_ref(result);
}

static void close_session(void *session)
{
	session_close(session);
}

/* A worker whose statement hangs takes no other job, and opens no other session, before PostgreSQL has let go of
   it: there are never more connections than workers. */
static bool mend_session(void **session)
{
	if (session_alive(*session))
		return true;
	switch (session_mend(*session)) {
	case MENDING_DONE:
		return true;
	case MENDING_WAITS:
		return false;
	case MENDING_IN_VAIN:
		break;
	}
	session_close(*session);
	*session = NULL;
	return true;
}

/* Who cannot be served is told so within a second. */
static int64_t wait_most(int64_t job_time)
{
	const int64_t most = 800 * INT64_C(1000);
	return job_time / 2 < most ? job_time / 2 : most;
}

struct job_queue *jobs_start(const struct config *config, const char *name, size_t threads,
                             bool background, struct error *error)
{
	struct job_queue_settings settings = {
		.name = name,
		.count = threads,
		.background = background,
		.job_time = config->database_timeout * MICROSECONDS,
		.wait_most = wait_most(config->database_timeout * MICROSECONDS),
		.share = share_entry,
		.drop = close_session,
		.mend = mend_session,
	};
	return job_queue_start(&settings, error);
}

/* The worker's session, for as long as the job has time; opened where there is none. */
static struct session *worker_session(struct worker *worker, const char *conninfo,
                                      struct error *error)
{
	void **session = worker_slot(worker);
	struct patience patience = {worker_deadline(worker), -1};
	if (*session != NULL && session_is_lost(*session)) {
		session_close(*session);
		*session = NULL;
	}
	if (*session == NULL) {
		*session = session_open_by(conninfo, SESSION_READS, &patience, error);
	} else if (session_alive(*session)) {
		session_set_deadline(*session, patience.deadline);
	} else {
		error_set(error, "PostgreSQL does not answer in time");
		return NULL;
	}
	return *session;
}

/* --- Responses. --- */

/* Of a body before it is there. A page marks its documents up: 10.9 MB of 3.1. */
static size_t size_expected(const struct decision *decision, const struct content *content)
{
	bool page = decision->negotiation.renderer == RENDERER_HTML;
	return body_size(decision, content) * (page ? 4 : 1);
}

/* Takes memory for one more answer with documents of that size, if there is any: the cached ones, those that are still
   being sent, to clients that read slowly, and those that are being made, may take so much together, large ones a fifth
   less than the others. There always is for small ones. */
static bool reserve_room(const struct exchange *exchange, size_t size)
{
	const struct server_state *state = exchange->state;
	int64_t unsent = state->unsent_most;
	int64_t most =
		state->config->cache_size / 2 + unsent + (size < SEND_LARGE ? unsent / 4 : 0);
	int64_t left = most - metric_value(METRIC_http_answer_bytes);
	return send_budget_allows(state->send_budget, &exchange->client.address, size) &&
	       send_budget_reserve(state->send_budget, size, size < SEND_SMALL ? INT64_MAX : left);
}

/* Whether the body is sent as its documents are. */
static bool is_plain(const struct decision *decision)
{
	return decision->encoding == ENCODING_IDENTITY &&
	       decision->negotiation.renderer == RENDERER_JSON && decision->negotiation.indent == 0;
}

static bool is_bodiless(const struct decision *decision, const struct content *content)
{
	return strcmp(decision->method, "HEAD") == 0 && !is_plain(decision) &&
	       body_is_large(decision, content);
}

bool job_is_light(const struct decision *decision, const struct content *content)
{
	return is_bodiless(decision, content) ||
	       (is_plain(decision) && !body_is_large(decision, content));
}

bool job_is_short(const struct decision *decision, const struct content *content)
{
	return is_plain(decision) || !body_is_large(decision, content);
}

/* A cause of 503 hits all requests at once: one line a second says as much as thousands. */
static void log_unavailable(const struct exchange *exchange, const char *why)
{
	static _Atomic int64_t next;
	int64_t now = clock_monotonic(), due = atomic_load(&next);
	if (now < due || !atomic_compare_exchange_strong(&next, &due, now + MICROSECONDS))
		return;
	log_warning("%.*s: %s", (int)exchange->target.length, exchange->target.data, why);
}

static struct cache_entry *entry_of(const struct exchange *exchange, struct answer *answer,
                                    enum encoding encoding)
{
	answer->route = request_route_of(exchange->decision);
	struct response *response = response_new(answer, encoding);
	return cache_entry_new(response, response->size, response_free);
}

static struct cache_entry *refusal(struct exchange *exchange)
{
	struct answer answer;
	represent_refusal(exchange->decision, &answer);
	return entry_of(exchange, &answer, ENCODING_IDENTITY);
}

static struct cache_entry *unavailable(struct exchange *exchange, const struct findings *findings,
                                       const char *why)
{
	log_unavailable(exchange, why);
	decision_conclude(exchange->decision, findings);
	return refusal(exchange);
}

struct cache_entry *job_refuse(struct exchange *exchange, const char *why)
{
	return unavailable(exchange, &(struct findings){.busy = true}, why);
}

/* An outdated answer is better than none. */
static struct cache_entry *outdated_or_unavailable(struct exchange *exchange,
                                                   const struct findings *findings, const char *why)
{
	struct response *outdated = outdated_response(exchange);
	if (outdated == NULL)
		return unavailable(exchange, findings, why);
	return cache_entry_new(outdated, outdated->size, response_free);
}

struct cache_entry *job_give_up_waiting(struct exchange *exchange, const char *why)
{
	return outdated_or_unavailable(exchange, &(struct findings){.busy = true}, why);
}

struct cache_entry *job_give_up_database(struct exchange *exchange, const char *why)
{
	return outdated_or_unavailable(exchange, &(struct findings){.no_database = true}, why);
}

/* Seconds that a client may cache the answer: not beyond a live duration's second. */
static int64_t max_age(const struct exchange *exchange, int64_t good_for)
{
	int64_t most = exchange->settings->config->cache_max_age;
	return good_for / MICROSECONDS < most ? good_for / MICROSECONDS : most;
}

static void cache_response(struct exchange *exchange, const struct content *content,
                           int64_t expires_at, struct cache_entry *entry)
{
	struct cache *cache = exchange->state->responses;
	const struct response *response = cache_entry_value(entry);
	if (content->generation == 0 || content->outdated || exchange->key_length == 0)
		return;
	if (cache_admits(cache, exchange->key, exchange->key_length, response->size))
		cache_put(cache, exchange->key, exchange->key_length, content->generation,
		          expires_at, entry);
}

static void note_age(const struct content *content, struct answer *answer)
{
	answer->outdated = content->outdated;
	answer->age = content->age;
	metric_add(METRIC_http_outdated_responses_total, content->outdated);
}

static struct cache_entry *respond_bodiless(struct exchange *exchange,
                                            const struct content *content)
{
	const struct decision *decision = exchange->decision;
	struct answer answer = {.status = 200, .has_etag = true, .bodiless = true};
	note_age(content, &answer);
	int64_t good_for = body_good_for(decision, content);
	int64_t represented = represent(decision, content, &answer);
	answer.max_age = max_age(exchange, represented < good_for ? represented : good_for);
	return entry_of(exchange, &answer, decision->encoding);
}

struct cache_entry *job_respond(struct exchange *exchange, const struct content *content)
{
	const struct decision *decision = exchange->decision;
	struct answer answer = {.status = 200, .has_etag = true};
	int64_t now = clock_monotonic();
	note_age(content, &answer);
	if (is_bodiless(decision, content))
		return respond_bodiless(exchange, content);
	size_t size = size_expected(decision, content);
	if (!reserve_room(exchange, size))
		return job_refuse(exchange, TOO_MUCH_UNDER_WAY);
	int64_t good_for = body_write(&exchange->state->content, decision, content, &answer.body,
	                              is_plain(decision) ? &answer.pieces : NULL);
	int64_t represented = represent(decision, content, &answer);
	good_for = represented < good_for ? represented : good_for;
	answer.max_age = max_age(exchange, good_for);
	metric_add(METRIC_http_responses_made_total, 1);
	struct cache_entry *entry = entry_of(exchange, &answer, decision->encoding);
	send_budget_release(exchange->state->send_budget, size);
	trace_span(exchange, "render");
	cache_response(exchange, content,
	               good_for < INT64_MAX ? now + good_for : CACHE_NEVER_EXPIRES, entry);
	return entry;
}

/* --- Jobs. --- */

static struct cache_entry *refuse_late(struct exchange *exchange)
{
	return job_give_up_waiting(exchange, "its turn came too late");
}

void *job_render(void *context, struct worker *worker)
{
	struct exchange *exchange = context;
	trace_span(exchange, "wait");
	if (worker_is_late(worker))
		return refuse_late(exchange);
	return job_respond(exchange, exchange->content);
}

/* NULL with the error set: the database failed. */
static struct cache_entry *load(struct exchange *exchange, struct worker *worker,
                                struct error *error)
{
	struct server_state *state = exchange->state;
	struct content content = {.count = 0};
	struct cache_entry *entry = NULL;
	struct session *session = worker_session(worker, state->config->database_conninfo, error);
	if (session == NULL)
		return NULL;
	bool loaded = content_load(&state->content, session, exchange->decision, &content, error);
	trace_span(exchange, "load");
	if (loaded)
		entry = exchange->decision->kind == DECISION_SERVED
		                ? job_respond(exchange, &content)
		                : refusal(exchange);
	content_fini(&content);
	return entry;
}

/* How long a worker whose connection was lost waits until it is known whether the database is away. */
#define VERIFY_MICROSECONDS 300000

static bool has_connection(const struct session *session)
{
	return session != NULL && session_alive(session);
}

/* After a failure: others need not wait for what did not come in time, and while the database is away what is outdated
   is answered. */
static void tell_feed(struct change_feed *feed, struct worker *worker, uint64_t presence)
{
	struct session *session = *worker_slot(worker);
	if (session != NULL ? session_is_late(session) : worker_is_late(worker))
		change_feed_suspect(feed, presence);
	else if (!has_connection(session) && !change_feed_away(feed))
		change_feed_verify(feed, VERIFY_MICROSECONDS);
}

/* Of the requests for one endpoint, since others may read tables that are not locked. */
static struct breaker *breaker_of(const struct exchange *exchange)
{
	const struct endpoint *endpoint = exchange->decision->endpoint;
	size_t index = endpoint != NULL ? endpoint->resource->index : RESOURCE_COUNT;
	return &exchange->state->breakers[index];
}

static bool is_locked_out(const struct session *session)
{
	return session != NULL && session_was_locked_out(session);
}

static enum breaker_outcome outcome_of(const struct cache_entry *entry,
                                       const struct session *session)
{
	if (entry != NULL)
		return BREAKER_SUCCESS;
	return is_locked_out(session) ? BREAKER_IN_VAIN : BREAKER_OTHER;
}

/* How often a job is tried at most. */
#define ATTEMPTS 4

/* Tries again while there is time: the database may have been restarted since the connection was last used, or a
   standby have cancelled what was in its way. A database that restarts takes some connections and refuses others: as
   long as it is not away, it is tried further. What took most of its time would not be done in the rest. NULL with the
   error set. */
static struct cache_entry *load_persistently(struct exchange *exchange, struct worker *worker,
                                             struct error *error)
{
	struct change_feed *feed = exchange->state->feed;
	int64_t half = (clock_monotonic() + worker_deadline(worker)) / 2;
	for (int attempt = 1;; attempt++) {
		uint64_t presence = change_feed_presence(feed);
		struct cache_entry *entry = load(exchange, worker, error);
		bool again = clock_monotonic() < half && attempt < ATTEMPTS;
		if (entry != NULL)
			return entry;
		if (attempt == 1 && again && !is_locked_out(*worker_slot(worker)))
			continue;
		tell_feed(feed, worker, presence);
		if (!again || has_connection(*worker_slot(worker)) || change_feed_away(feed))
			return NULL;
	}
}

void *job_load(void *context, struct worker *worker)
{
	struct exchange *exchange = context;
	struct error error = {""};
	struct breaker *breaker = breaker_of(exchange);
	bool alone;
	trace_span(exchange, "wait");
	if (worker_is_late(worker))
		return refuse_late(exchange);
	if (change_feed_silent(exchange->state->feed))
		return job_give_up_database(exchange, SILENT);
	if (!breaker_allows(breaker, &alone))
		return job_give_up_database(exchange, "what it reads is locked");
	int64_t begun = clock_monotonic();
	struct cache_entry *entry = load_persistently(exchange, worker, &error);
	breaker_note(breaker, alone, outcome_of(entry, *worker_slot(worker)));
	if (exchange->search != NULL)
		search_share_spend(exchange->state->search_share, exchange->search,
		                   clock_monotonic() - begun);
	if (entry != NULL)
		return entry;
	/* When it is back, jobs will be as fast as before. */
	if (change_feed_away(exchange->state->feed))
		worker_disregard_time(worker);
	return job_give_up_database(exchange, error.text);
}
