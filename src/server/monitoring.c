/* Makes the answers for operators. */
#include "monitoring.h"

#include "base/metrics.h"
#include "base/process.h"
#include "base/version.h"
#include "request_counts.h"
#include "server_internal.h"

void monitoring_health(struct server_state *state, struct answer *answer)
{
	bool connected = change_feed_connected(state->feed);
	bool ready = connected ||
	             (state->config->cache_size > 0 && content_source_is_warm(&state->content));
	answer->status = ready ? 200 : 503;
	answer->content_type = "application/json";
	strbuf_printf(&answer->body, "{\"status\":\"%s\",\"database\":\"%s\"}",
	              ready ? "ok" : "unavailable", connected ? "connected" : "lost");
}

/* --- Metrics. --- */

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

static void write_build_info(struct strbuf *out)
{
	metric_write_head(out, "spacecraft_flights_build_info", "gauge",
	                  "What the program was made of; always 1");
	strbuf_printf(out,
	              "spacecraft_flights_build_info{version=\"%s\",compiler=\"%s\","
	              "libmicrohttpd=\"%s\"} 1\n",
	              VERSION, __VERSION__, MHD_get_version());
}

void monitoring_metrics(struct server_state *state, struct answer *answer)
{
	set_cache_metrics(state->documents, 0, "documents");
	set_cache_metrics(state->responses, 1, "responses");
	metric_set(METRIC_http_requests_under_way, (int64_t)atomic_load(&state->under_way));
	metric_set(METRIC_db_connected, change_feed_connected(state->feed));
	answer->content_type = "text/plain; version=0.0.4; charset=utf-8";
	write_build_info(&answer->body);
	process_metrics_write(&answer->body);
	request_counts_write(&answer->body);
	metrics_write(&answer->body);
}
