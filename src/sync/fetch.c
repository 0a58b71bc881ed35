/* Reads pages from the upstream: within the budget, again after faults, smaller where it is slow. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/metrics.h"
#include "base/temporal.h"
#include "importer/parse.h"
#include "pass_internal.h"
#include "schedule.h"
#include "upstream/url.h"

/* Shorter waits are not worth a line of the log. */
#define LOGGED_WAIT (30 * MICROSECONDS)

#define REDIRECTS_MOST 5

/* Says when a throttled client may come again; reading it costs no request of the original's limit. */
#define THROTTLE_PATH "/2.3.0/api-throttle/"
#define THROTTLE_SECONDS_MOST (365 * INT64_C(86400))

static bool fail_stopped(struct pass *pass)
{
	pass->end = PASS_INTERRUPTED;
	return error_set(pass->error, "stopped");
}

/* Waits, a second at a time where progress is shown. */
static bool wait_for(struct pass *pass, int64_t microseconds, const char *reason)
{
	const struct upstream_source *source = &pass->order->source;
	const struct pass_observer *observer = &pass->order->observer;
	int64_t left = microseconds;
	bool going = true;

	pass->progress.wait_until = pass_now(pass) + microseconds;
	pass->progress.wait_reason = reason;
	while (going && left > 0) {
		int64_t slice = observer->show && left > MICROSECONDS ? MICROSECONDS : left;

		if (observer->show)
			observer->show(observer->context, &pass->progress, pass_now(pass));
		going = source->wait(source->context, slice);
		left -= slice;
	}
	pass->progress.wait_until = 0;
	return going || fail_stopped(pass);
}

/* How long the budget makes the next request wait, after those (times of the last hour). */
static int64_t find_budget_wait(const struct pass *pass, const struct strbuf *requests)
{
	const struct sync_settings *settings = pass->settings;

	if (pass->order->as_due)
		return schedule_wait(settings, requests, pass_now(pass));
	return pace_budget_wait(settings->upstream.budget,
	                        (const int64_t *)(const void *)requests->data,
	                        requests->length / sizeof(int64_t), pass_now(pass));
}

static bool wait_for_budget(struct pass *pass)
{
	int64_t budget = pass->settings->upstream.budget;

	while (budget > 0) {
		struct strbuf times = STRBUF_INIT;
		bool read = record_requests(pass->session, pass_now(pass), &times, pass->error);
		int64_t wait = find_budget_wait(pass, &times);

		strbuf_fini(&times);
		if (!read || wait <= 0)
			return read;
		if (wait > LOGGED_WAIT)
			pass_log(pass, pass->order->as_due ? LOG_DEBUG : LOG_INFO,
			         "sync: waits %" PRId64 " s for its budget: %" PRId64 " an hour",
			         wait / MICROSECONDS, budget);
		if (!wait_for(pass, wait, "budget"))
			return false;
	}
	return true;
}

/* The request is recorded before it is sent, so that one during which we are killed counts too. */
static bool send_request(struct pass *pass, const char *url)
{
	const struct upstream_source *source = &pass->order->source;

	if (!wait_for_budget(pass) || !record_request(pass->session, pass_now(pass), pass->error))
		return false;
	pass->record.requests++;
	metric_add(METRIC_sync_requests_total, 1);
	source->get(source->context, url, &pass->response);
	return true;
}

static void reject(struct upstream_response *response, const char *why)
{
	response->outcome = UPSTREAM_REJECTED;
	snprintf(response->text, sizeof(response->text), "%s: %.180s", why,
	         response->location.data);
}

/* Follows redirects on the upstream itself; each costs a request like any other. */
static bool request_page(struct pass *pass, const char *url)
{
	struct upstream_response *response = &pass->response;
	struct strbuf next = STRBUF_INIT;
	bool sent = send_request(pass, url);

	for (int hops = 0;
	     sent && response->outcome == UPSTREAM_COMPLETE && response->location.length > 0;
	     hops++) {
		if (!url_same_origin(response->location.data, pass->settings->upstream.url)) {
			reject(response, "a redirect to elsewhere");
		} else if (hops == REDIRECTS_MOST) {
			reject(response, "one redirect after another, the last to");
		} else {
			strbuf_reset(&next);
			strbuf_str(&next, response->location.data);
			sent = send_request(pass, next.data);
		}
	}
	strbuf_fini(&next);
	return sent;
}

/* Seconds until the next request, from a document of api-throttle; -1 where it does not say. */
static int64_t read_next_use(const struct upstream_response *response)
{
	struct error ignored = {0};
	struct arena arena = {.blocks = NULL};
	const json_t *json = parse_json(&arena, "api-throttle", response->body.data,
	                                response->body.length, &ignored);
	const json_t *value = json_object_get(json, "next_use_secs");
	int64_t seconds = json_is_integer(value) ? json_integer_value(value) : -1;

	arena_fini(&arena);
	return seconds > THROTTLE_SECONDS_MOST ? -1 : seconds;
}

/* What a throttling upstream wants us to wait, in microseconds; -1: it does not say. */
static int64_t find_throttle_wait(struct pass *pass)
{
	const struct upstream_source *source = &pass->order->source;
	struct strbuf url = STRBUF_INIT;
	int64_t seconds;

	if (pass->response.retry_after >= 0)
		return pass->response.retry_after;
	strbuf_printf(&url, "%s" THROTTLE_PATH, pass->settings->upstream.url);
	source->get(source->context, url.data, &pass->response);
	strbuf_fini(&url);
	if (pass->response.outcome != UPSTREAM_COMPLETE || pass->response.status != 200)
		return -1;
	seconds = read_next_use(&pass->response);
	return seconds < 0 ? -1 : seconds * MICROSECONDS;
}

/* A database that is gone fails the pass with the next statement. */
static void store_finding(struct pass *pass)
{
	struct error error = {0};

	if (!pass_store_about(pass, &error))
		pass_log(pass, LOG_DEBUG, "sync: %s", error.text);
}

/* The upstream does not obey `ordering`, on this page at least. */
static void note_disorder(struct pass *pass, const char *what)
{
	pass->record.ordered = false;
	if (!pass->about.ordered)
		return;
	pass->about.ordered = false;
	pass_log(pass, LOG_WARNING,
	         "sync: %s does not obey ordering=id (%s): its list is read as it comes",
	         pass->settings->upstream.url, what);
	store_finding(pass);
}

void pass_note_disobeyed(struct pass *pass, const char *what)
{
	pass->obeyed = false;
	pass->about.disobeyed = pass_now(pass);
	pass_log(pass, LOG_WARNING, "sync: %s does not obey what shows changes of %s (%s)",
	         pass->settings->upstream.url, pass->list->path, what);
	store_finding(pass);
}

/* Whether the page can be used in the order that it has. One that should be in order is requested once more
   before the upstream is taken not to obey. */
static bool accept_order(struct pass *pass, const struct upstream_page *page,
                         const struct key *before, struct error *error)
{
	if (!pass->record.ordered ||
	    upstream_page_ascends(page, pass->list->resource, before, error))
		return true;
	if (pass->about.ordered && pass->settings->upstream.retries > 0 && pass->disorders++ == 0)
		return false;
	note_disorder(pass, error->text);
	return true;
}

/* What is requested. */
struct wanted {
	const char *url;
	struct page_position *position; /* of a page; NULL: it is a row */
	const struct key *before;
	const struct key *row; /* of a row */
	char name[80];         /* for people */
};

/* Reads the response as the page at the position. */
static bool read_page(struct pass *pass, const struct wanted *wanted, struct upstream_page *page,
                      struct error *error)
{
	const struct strbuf *body = &pass->response.body;
	char name[64];

	snprintf(name, sizeof(name), "page at %" PRId64, wanted->position->offset);
	if (!upstream_page_read(page, name, pass->list->resource, body->data, body->length, error))
		return false;
	/* A page in disorder may be right, and those before it wrong. */
	pass->restart = !upstream_page_check(page, wanted->position, error) ||
	                !accept_order(pass, page, wanted->before, error);
	return !pass->restart;
}

/* Reads the response as the document of the row. */
static bool read_row(struct pass *pass, const struct wanted *wanted, struct upstream_page *page,
                     struct error *error)
{
	const struct strbuf *body = &pass->response.body;
	const json_t *json = parse_json(&page->arena, "row", body->data, body->length, error);
	struct key key;

	if (!json)
		return false;
	if (!json_is_object(json) || !document_key(pass->list->resource, json, &key) ||
	    !key_equal(key, *wanted->row))
		return error_set(error, "not the document of that row");
	page->documents = arena_array(&page->arena, 1, sizeof(*page->documents));
	page->documents[0] = (struct upstream_document){key, json};
	page->document_count = 1;
	return true;
}

/* Reads the response; what is wrong goes into `text`. */
static enum pace_fault read_response(struct pass *pass, const struct wanted *wanted,
                                     struct upstream_page *page, char text[static PACE_TEXT_SIZE])
{
	enum pace_fault fault = pace_classify(&pass->response, text);
	struct error error = {0};

	pass->restart = false;
	if (!wanted->position && pass->response.outcome == UPSTREAM_COMPLETE &&
	    pass->response.status == 404)
		return FAULT_NONE; /* it is gone: a page of none */
	if (fault != FAULT_NONE)
		return fault;
	if (wanted->position ? read_page(pass, wanted, page, &error)
	                     : read_row(pass, wanted, page, &error))
		return FAULT_NONE;
	snprintf(text, PACE_TEXT_SIZE, "%.300s", error.text);
	return FAULT_BROKEN;
}

static bool give_up(struct pass *pass, const struct wanted *wanted, enum pace_fault fault,
                    const char *text)
{
	const char *upstream = pass->settings->upstream.url;
	const char *again = pass->pace.failures > 1 ? "; tried again for nothing" : "";

	if (fault == FAULT_STOPPED)
		return fail_stopped(pass);
	pass->end = pass->response.unreachable ? PASS_UNREACHABLE
	            : fault == FAULT_REFUSED   ? PASS_REFUSED
	                                       : PASS_FAILED;
	if (pass->end == PASS_UNREACHABLE)
		return error_set(pass->error, "the upstream %s cannot be reached: %s%s", upstream,
		                 text, again);
	if (fault == FAULT_REFUSED)
		return error_set(pass->error,
		                 "the upstream %s does not let us in (%s); is sync.token right?",
		                 upstream, text);
	return error_set(pass->error, "%s of %s: %s%s", wanted->name, upstream, text, again);
}

/* Waits for the next attempt, or gives up. */
static bool prepare_retry(struct pass *pass, const struct wanted *wanted, enum pace_fault fault,
                          const char *text)
{
	int64_t retry_after = fault == FAULT_THROTTLED ? find_throttle_wait(pass) : -1;
	bool repeated = pass->pace.failures > 0 || pass->pace.throttled > 0;
	int64_t wait;

	metric_add(METRIC_sync_faults_total, 1);
	if (!pace_retry(&pass->pace, fault, retry_after, &wait)) {
		if (fault == FAULT_THROTTLED)
			pass->record.not_before = pass_now(pass) + wait;
		return give_up(pass, wanted, fault, text);
	}
	/* One line a page: if it does not get better, the pass's error says so. */
	pass_log(pass, repeated ? LOG_DEBUG : LOG_WARNING, "sync: %s: %s; asks again in %.1f s",
	         wanted->name, text, (double)wait / (double)MICROSECONDS);
	return wait_for(pass, wait, fault == FAULT_THROTTLED ? "throttled" : "back-off");
}

/* The address with that limit; as it is where it has it already. */
static void set_limit(struct strbuf *out, const char *url, int64_t limit)
{
	int64_t own;

	strbuf_reset(out);
	if (url_parameter(url, "limit", &own) && own == limit)
		strbuf_str(out, url);
	else
		url_with_limit(out, url, limit);
}

static bool fetch(struct pass *pass, const struct wanted *wanted, struct upstream_page *page)
{
	struct strbuf sized = STRBUF_INIT;
	char text[PACE_TEXT_SIZE];
	enum pace_fault fault;
	bool going;

	*page = (struct upstream_page){.count = 0};
	pass->disorders = 0;
	do {
		if (wanted->position) {
			wanted->position->limit = pass->pace.limit;
			set_limit(&sized, wanted->url, pass->pace.limit);
		}
		upstream_page_fini(page);
		*page = (struct upstream_page){.count = 0};
		going = request_page(pass, wanted->position ? sized.data : wanted->url);
		if (!going)
			break;
		fault = read_response(pass, wanted, page, text);
		if (fault != FAULT_NONE)
			going = prepare_retry(pass, wanted, fault, text);
	} while (going && fault != FAULT_NONE);
	if (going)
		pace_succeeded(&pass->pace);
	strbuf_fini(&sized);
	return going;
}

bool pass_fetch(struct pass *pass, const char *url, struct page_position *position,
                const struct key *before, struct upstream_page *page)
{
	struct wanted wanted = {.url = url, .position = position, .before = before};

	position->upstream = pass->request.upstream;
	position->path = pass->request.path;
	position->resource = pass->list->resource;
	snprintf(wanted.name, sizeof(wanted.name), "page from %s number %" PRId64 " on",
	         pass->list->noun, position->offset);
	return fetch(pass, &wanted, page);
}

bool pass_fetch_row(struct pass *pass, struct key key, struct upstream_page *page)
{
	struct strbuf url = STRBUF_INIT;
	char text[KEY_TEXT_SIZE];
	struct wanted wanted = {.row = &key};
	bool done;

	key_format(pass->list->resource->uuid, key, text);
	strbuf_printf(&url, "%s%s%s/?format=json", pass->request.upstream, pass->request.path,
	              text);
	wanted.url = url.data;
	snprintf(wanted.name, sizeof(wanted.name), "%s %s", pass->list->noun, text);
	done = fetch(pass, &wanted, page);
	strbuf_fini(&url);
	return done;
}
