/* Gets pages from the upstream: within the budget, again after faults, smaller where it is slow. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/metrics.h"
#include "pass_parts.h"
#include "sync/reader.h"
#include "sync/url.h"

/* Shorter waits are not worth a line of the log. */
#define LOGGED_WAIT (30 * SYNC_SECOND)

#define REDIRECTS_MOST 5

static bool stopped(struct pass *pass)
{
	pass->end = SYNC_INTERRUPTED;
	return error_set(pass->error, "stopped");
}

/* Lets time pass, a second at a time where somebody looks on. */
static bool wait_for(struct pass *pass, int64_t microseconds, const char *reason)
{
	const struct sync_source *source = &pass->order->source;
	const struct sync_observer *observer = &pass->order->observer;
	int64_t end = pass_now(pass) + microseconds;
	int64_t left = microseconds;
	bool going = true;

	pass->progress.wait_until = end;
	pass->progress.wait_reason = reason;
	while (going && left > 0) {
		int64_t slice = observer->show && left > SYNC_SECOND ? SYNC_SECOND : left;

		if (observer->show)
			observer->show(observer->context, &pass->progress, pass_now(pass));
		going = source->wait(source->context, slice);
		left -= slice;
	}
	pass->progress.wait_until = 0;
	return going || stopped(pass);
}

static bool budget_wait(struct pass *pass)
{
	int64_t budget = pass->settings->budget;

	while (budget > 0) {
		struct strbuf stamps = STRBUF_INIT;
		int64_t now = pass_now(pass);
		int64_t wait;

		if (!store_requests(pass->session, now, &stamps, pass->error)) {
			strbuf_fini(&stamps);
			return false;
		}
		wait = pace_budget_wait(budget, id_array(&stamps), id_count(&stamps), now);
		strbuf_fini(&stamps);
		if (wait == 0)
			return true;
		if (wait > LOGGED_WAIT)
			pass_log(pass, LOG_INFO,
			         "sync: waits %" PRId64 " s for its budget of %" PRId64
			         " requests an hour",
			         wait / SYNC_SECOND, budget);
		if (!wait_for(pass, wait, "budget"))
			return false;
	}
	return true;
}

/* Asks once. The request is noted before it is made, so that one that kills us counts too. */
static bool request_once(struct pass *pass, const char *url)
{
	const struct sync_source *source = &pass->order->source;

	if (!budget_wait(pass) || !store_request(pass->session, pass_now(pass), pass->error))
		return false;
	pass->record.requests++;
	metric_add(METRIC_sync_requests_total, 1);
	source->get(source->context, url, &pass->answer);
	return true;
}

static void reject(struct sync_answer *answer, const char *why)
{
	answer->outcome = SYNC_REJECTED;
	snprintf(answer->text, sizeof(answer->text), "%s: %.180s", why, answer->location.data);
}

/* Asks, and goes where redirects lead, on the upstream itself alone. Each is a request like any other. */
static bool request(struct pass *pass, const char *url)
{
	struct sync_answer *answer = &pass->answer;
	struct strbuf next = STRBUF_INIT;
	bool asked = request_once(pass, url);

	for (int hops = 0; asked && answer->outcome == SYNC_ANSWERED && answer->location.length > 0;
	     hops++) {
		if (!sync_url_same_origin(answer->location.data, pass->settings->upstream)) {
			reject(answer, "a redirect to elsewhere");
		} else if (hops == REDIRECTS_MOST) {
			reject(answer, "one redirect after another, the last to");
		} else {
			strbuf_reset(&next);
			strbuf_str(&next, answer->location.data);
			asked = request_once(pass, next.data);
		}
	}
	strbuf_fini(&next);
	return asked;
}

/* next_use_secs of an api-throttle object; -1 where it cannot be told. */
static int64_t next_use_read(const struct sync_answer *answer)
{
	struct arena arena;
	struct reader reader;
	struct number number = {.fits = false};
	struct slice key;
	bool first = true;
	int64_t seconds = -1;

	arena_init(&arena);
	reader_init(&reader, answer->body.data ? answer->body.data : "", answer->body.length,
	            &arena);
	if (reader_peek(&reader) == READER_OBJECT && reader_enter(&reader)) {
		while (reader_key(&reader, &first, &key) == STEP_MORE) {
			bool wanted = key.length == 13 &&
			              memcmp(key.data, "next_use_secs", 13) == 0 &&
			              reader_peek(&reader) == READER_NUMBER;

			if (!(wanted ? reader_number(&reader, &number) : reader_skip(&reader)))
				break;
			if (wanted && number.fits && number.integer >= 0)
				seconds = number.integer;
		}
	}
	arena_fini(&arena);
	return seconds > 365 * INT64_C(86400) ? -1 : seconds;
}

/* What a throttling upstream wants us to wait, in microseconds; -1: it does not say. Its api-throttle is
   there to be asked at such times: it counts no request for that, and so the budget does not. */
static int64_t throttle_wait(struct pass *pass)
{
	const struct sync_source *source = &pass->order->source;
	struct strbuf url = STRBUF_INIT;
	int64_t seconds;

	if (pass->answer.retry_after >= 0)
		return pass->answer.retry_after;
	strbuf_printf(&url, "%s" SYNC_THROTTLE_PATH, pass->settings->upstream);
	source->get(source->context, url.data, &pass->answer);
	strbuf_fini(&url);
	if (pass->answer.outcome != SYNC_ANSWERED || pass->answer.status != 200)
		return -1;
	seconds = next_use_read(&pass->answer);
	return seconds < 0 ? -1 : seconds * SYNC_SECOND;
}

/* Reads the answer as the page that is due; what is wrong goes into `text`. */
static enum pace_fault page_take(struct pass *pass, const struct sync_place *place,
                                 struct sync_page *page, char text[static PACE_TEXT_SIZE])
{
	enum pace_fault fault = pace_judge(&pass->answer, text);
	struct error error = {0};
	char name[64];

	pass->begin_anew = false;
	if (fault != FAULT_NONE)
		return fault;
	snprintf(name, sizeof(name), "page at %" PRId64, place->offset);
	if (!sync_page_read(page, name, pass->answer.body.data ? pass->answer.body.data : "",
	                    pass->answer.body.length, &error)) {
		snprintf(text, PACE_TEXT_SIZE, "%.300s", error.text);
		return FAULT_BROKEN;
	}
	if (sync_page_check(page, place, &error))
		return FAULT_NONE;
	/* The pages before it may be what is wrong. */
	pass->begin_anew = true;
	snprintf(text, PACE_TEXT_SIZE, "%.300s", error.text);
	return FAULT_BROKEN;
}

/* Says how the fetch of a page ends in failure. */
static bool give_up(struct pass *pass, const struct sync_place *place, enum pace_fault fault,
                    const char *text)
{
	if (fault == FAULT_STOPPED)
		return stopped(pass);
	pass->end = fault == FAULT_REFUSED ? SYNC_REFUSED : SYNC_FAILED;
	if (fault == FAULT_REFUSED)
		return error_set(pass->error,
		                 "the upstream %s does not let us in (%s); is sync.token right?",
		                 pass->settings->upstream, text);
	return error_set(pass->error, "page of %s from flight number %" PRId64 " on: %s%s",
	                 pass->settings->upstream, place->offset, text,
	                 pass->pace.failures > 1 ? "; tried again for nothing" : "");
}

static bool try_again(struct pass *pass, const struct sync_place *place, enum pace_fault fault,
                      const char *text)
{
	int64_t asked = fault == FAULT_THROTTLED ? throttle_wait(pass) : -1;
	bool repeated = pass->pace.failures > 0 || pass->pace.throttled > 0;
	int64_t wait;

	metric_add(METRIC_sync_faults_total, 1);
	if (!pace_again(&pass->pace, fault, asked, &wait)) {
		if (fault == FAULT_THROTTLED)
			pass->record.not_before = pass_now(pass) + wait;
		return give_up(pass, place, fault, text);
	}
	/* One line a fault; that it goes on is told at the end, if it does not get better. */
	pass_log(pass, repeated ? LOG_DEBUG : LOG_WARNING,
	         "sync: page from flight number %" PRId64 " on: %s; asks again in %.1f s",
	         place->offset, text, (double)wait / (double)SYNC_SECOND);
	return wait_for(pass, wait, fault == FAULT_THROTTLED ? "throttled" : "back-off");
}

/* The address with the limit that is right now. */
static void url_for(struct strbuf *out, const char *url, int64_t limit)
{
	int64_t own;

	strbuf_reset(out);
	if (sync_url_parameter(url, "limit", &own) && own == limit)
		strbuf_str(out, url);
	else
		sync_url_with_limit(out, url, limit);
}

bool pass_fetch(struct pass *pass, const char *url, struct sync_place *place,
                struct sync_page *page)
{
	struct strbuf sized = STRBUF_INIT;
	char text[PACE_TEXT_SIZE];
	bool going = true;
	enum pace_fault fault = FAULT_SERVER;

	*page = (struct sync_page){.count = 0};
	while (going && fault != FAULT_NONE) {
		place->limit = pass->pace.limit;
		url_for(&sized, url, place->limit);
		sync_page_fini(page);
		*page = (struct sync_page){.count = 0};
		going = request(pass, sized.data);
		if (!going)
			break;
		fault = page_take(pass, place, page, text);
		if (fault != FAULT_NONE)
			going = try_again(pass, place, fault, text);
	}
	if (going)
		pace_good(&pass->pace);
	strbuf_fini(&sized);
	return going;
}
