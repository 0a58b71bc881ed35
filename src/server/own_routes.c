/* Makes the answers of the server's own routes. */
#include "own_routes.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/metrics.h"
#include "base/process.h"
#include "base/version.h"
#include "browsable/pages.h"
#include "outdated.h"
#include "readiness.h"
#include "representation.h"
#include "request_counts.h"
#include "state.h"

/* --- For operators. --- */

/* 200 while answers can be made, also while the database is away and the cache carries on. */
static void answer_health(struct server_state *state, struct answer *answer)
{
	struct settings *settings = state_settings(state);
	bool connected = change_feed_connected(state->feed);
	bool ready = connected || outdated_would_do(state, settings);
	settings_unref(settings);
	answer->status = ready ? 200 : 503;
	answer->content_type = "application/json";
	strbuf_printf(&answer->body, "{\"status\":\"%s\",\"database\":\"%s\"}",
	              ready ? "ok" : "unavailable", connected ? "connected" : "lost");
}

static void set_cache_metrics(struct cache *cache, size_t index, const char *name)
{
	struct cache_counts counts = cache_counts(cache);
	metric_series_set(METRIC_FAMILY_cache_bytes, index, name, (int64_t)counts.bytes);
	metric_series_set(METRIC_FAMILY_cache_entries, index, name, (int64_t)counts.entries);
	metric_series_set(METRIC_FAMILY_cache_hits_total, index, name, (int64_t)counts.hits);
	metric_series_set(METRIC_FAMILY_cache_misses_total, index, name, (int64_t)counts.misses);
	metric_series_set(METRIC_FAMILY_cache_evictions_total, index, name,
	                  (int64_t)counts.evictions);
}

static void set_pool_metrics(struct job_queue *queue, size_t index, const char *name)
{
	struct job_queue_counts counts;
	job_queue_counts(queue, &counts);
	metric_series_set(METRIC_FAMILY_workers, index, name, (int64_t)counts.threads);
	metric_series_set(METRIC_FAMILY_workers_busy, index, name, (int64_t)counts.busy);
	metric_series_set(METRIC_FAMILY_jobs_waiting, index, name, (int64_t)counts.waiting);
	metric_series_set(METRIC_FAMILY_jobs_done_total, index, name, (int64_t)counts.done);
	metric_series_set(METRIC_FAMILY_jobs_refused_total, index, name, (int64_t)counts.refused);
	metric_series_set(METRIC_FAMILY_jobs_late_total, index, name, (int64_t)counts.late);
}

static void write_build_info(struct strbuf *out)
{
	metric_write_head(out, "spacecraft_flights_build_info", "gauge",
	                  "What the program was made of; always 1");
	strbuf_printf(out,
	              "spacecraft_flights_build_info{version=\"%s\",compiler=\"%s\","
	              "libmicrohttpd=\"%s\"} 1\n",
	              VERSION, __VERSION__, MHD_get_version());
}

static void answer_metrics(struct server_state *state, struct answer *answer)
{
	readiness_check(state, false, NULL);
	set_cache_metrics(state->documents, 0, "documents");
	set_cache_metrics(state->responses, 1, "responses");
	set_pool_metrics(state->loaders, 0, "database");
	set_pool_metrics(state->renderers, 1, "rendering");
	set_pool_metrics(state->large_renderers, 2, "large_rendering");
	metric_set(METRIC_http_connections, (int64_t)atomic_load(state->connections));
	metric_set(METRIC_http_connections_limit, (int64_t)state->connections_most);
	metric_set(METRIC_http_requests_under_way, (int64_t)atomic_load(&state->under_way));
	metric_set(METRIC_memory_allocated_bytes, (int64_t)memory_allocated());
	metric_set(METRIC_db_connected, change_feed_connected(state->feed));
	answer->content_type = "text/plain; version=0.0.4; charset=utf-8";
	write_build_info(&answer->body);
	process_metrics_write(&answer->body);
	request_counts_write(&answer->body);
	metrics_write(&answer->body);
}

void monitoring_answer(struct server_state *state, enum route route, bool in_full,
                       struct answer *answer)
{
	answer->content_type = "text/plain; charset=utf-8";
	switch (route) {
	case ROUTE_HEALTH:
		answer_health(state, answer);
		break;
	case ROUTE_LIVE:
		strbuf_str(&answer->body, "ok\n");
		break;
	case ROUTE_READY:
		answer->status = readiness_check(state, in_full, &answer->body) ? 200 : 503;
		break;
	case ROUTE_METRICS:
		answer_metrics(state, answer);
		break;
	default:
		abort(); /* a route of another kind: a mistake of the caller */
	}
}

/* --- For all. --- */

/* The limit that is reported where there is none: more than any client reaches. */
#define NO_LIMIT 1000000

static void write_throttle(struct server_state *state, const struct settings *settings,
                           const struct decision *decision, struct strbuf *body)
{
	/* Clients take a limit of 0 for one that is used up. */
	struct throttle_status status = {.requests = NO_LIMIT, .period_seconds = 3600};
	char ident[IP_TEXT_SIZE];
	if (settings->config->throttle_rate.requests > 0)
		throttle_status_of(state->throttle, &decision->client.address, clock_monotonic(),
		                   &status);
	ip_format(&decision->client.address, ident);
	strbuf_printf(
		body,
		"{\"your_request_limit\":%lld,\"limit_frequency_secs\":%lld,\"current_use\":%lld,"
		"\"next_use_secs\":%lld,\"ident\":\"%s\"}",
		(long long)status.requests, (long long)status.period_seconds,
		(long long)status.used, (long long)status.wait, ident);
}

/* The lists by their paths, as Django REST framework's root view has them. */
static void write_root(const struct decision *decision, struct strbuf *body)
{
	const struct text base = decision->link.base;
	const char *suffix = query_url_suffix(&decision->query);
	for (size_t i = 0; i < endpoint_count; i++)
		strbuf_printf(body, "%s\"%s\":\"%.*s" VERSION_PATH "%s/%s\"", i == 0 ? "{" : ",",
		              endpoints[i]->path, (int)base.length, base.data, endpoints[i]->path,
		              suffix);
	strbuf_char(body, '}');
}

void own_route_answer(struct server_state *state, const struct settings *settings,
                      const struct decision *decision, struct answer *answer)
{
	*answer = (struct answer){.status = 200};
	switch (decision->route) {
	case ROUTE_THROTTLE:
		write_throttle(state, settings, decision, &answer->body);
		(void)represent(decision, NULL, answer);
		break;
	case ROUTE_ROOT:
		write_root(decision, &answer->body);
		(void)represent(decision, NULL, answer);
		break;
	case ROUTE_FAVICON:
		answer->content_type = "image/svg+xml";
		strbuf_str(&answer->body, page_icon);
		break;
	case ROUTE_ROBOTS:
		answer->content_type = "text/plain";
		strbuf_printf(&answer->body, "User-agent: *\nDisallow: %.*s" VERSION_PATH "\n",
		              (int)decision->link.prefix.length, decision->link.prefix.data);
		break;
	default:
		monitoring_answer(state, decision->route, false, answer);
	}
}
