/* Answers of the server's own paths. */
#include "site.h"

#include "base/clock.h"
#include "base/metrics.h"
#include "finish.h"
#include "http/page.h"

static void write_throttle(struct service *service, const struct decision *decision,
                           struct strbuf *body)
{
	struct throttle_status status = {0};
	char ident[IP_TEXT_SIZE];
	if (service->throttle != NULL)
		throttle_status_of(service->throttle, &decision->client.address, clock_monotonic(),
		                   &status);
	ip_format(&decision->client.address, ident);
	strbuf_printf(
		body,
		"{\"your_request_limit\":%lld,\"limit_frequency_secs\":%lld,\"current_use\":%lld,"
		"\"next_use_secs\":%lld,\"ident\":\"%s\"}",
		(long long)status.requests, (long long)status.period_seconds,
		(long long)status.used, (long long)status.wait, ident);
}

static void answer_text(struct answer *answer, const char *content_type, const char *text)
{
	answer->content_type = content_type;
	strbuf_str(&answer->body, text);
}

/* Whether something is answered without the database: what is kept, for as long as nobody tells of news. */
static bool cache_carries_on(struct service *service)
{
	struct catalog *catalog = service_catalog(service, news_stamp(service->news));
	bool known = catalog != NULL;
	catalog_unref(catalog);
	return known && service->config->cache_size > 0;
}

/* 200 while answers can be made, also while the database is away and the cache carries on. */
static void answer_health(struct service *service, struct answer *answer)
{
	bool connected = news_connected(service->news);
	bool ready = connected || cache_carries_on(service);
	answer->status = ready ? 200 : 503;
	answer->content_type = "application/json";
	strbuf_printf(&answer->body, "{\"status\":\"%s\",\"database\":\"%s\"}",
	              ready ? "ok" : "unavailable", connected ? "connected" : "lost");
}

static void answer_metrics(struct service *service, struct answer *answer)
{
	struct cache_counts counts = cache_counts(service->documents);
	struct cache_counts responses = cache_counts(service->responses);
	counts.bytes += responses.bytes;
	counts.entries += responses.entries;
	counts.hits += responses.hits;
	counts.misses += responses.misses;
	counts.evictions += responses.evictions;
	answer->content_type = "text/plain; version=0.0.4; charset=utf-8";
	metrics_write(&answer->body);
	strbuf_printf(&answer->body,
	              "# HELP cache_bytes Bytes of documents and answers that are kept\n"
	              "# TYPE cache_bytes gauge\ncache_bytes %zu\n"
	              "# HELP cache_entries Documents and answers that are kept\n"
	              "# TYPE cache_entries gauge\ncache_entries %zu\n"
	              "# HELP cache_hits_total Look-ups that found what they looked for\n"
	              "# TYPE cache_hits_total counter\ncache_hits_total %llu\n"
	              "# HELP cache_misses_total Look-ups that did not\n"
	              "# TYPE cache_misses_total counter\ncache_misses_total %llu\n"
	              "# HELP cache_evictions_total What was dropped for want of room\n"
	              "# TYPE cache_evictions_total counter\ncache_evictions_total %llu\n",
	              counts.bytes, counts.entries, (unsigned long long)counts.hits,
	              (unsigned long long)counts.misses, (unsigned long long)counts.evictions);
}

void site_answer(struct service *service, const struct decision *decision, struct answer *answer)
{
	*answer = (struct answer){.status = 200};
	switch (decision->route) {
	case ROUTE_THROTTLE:
		write_throttle(service, decision, &answer->body);
		finish_body(decision, NULL, answer);
		break;
	case ROUTE_FAVICON:
		answer->content_type = "image/svg+xml";
		page_write_icon(&answer->body);
		break;
	case ROUTE_ROBOTS:
		answer_text(answer, "text/plain", "User-agent: *\nDisallow: /2.3.0/\n");
		break;
	case ROUTE_HEALTH:
		answer_health(service, answer);
		break;
	case ROUTE_METRICS:
		answer_metrics(service, answer);
		break;
	default:
		answer_fixed_page(answer, fixed_page_of(404));
	}
}

void unavailable_answer(const struct decision *decision, const char *told, struct answer *answer)
{
	*answer = (struct answer){.status = 503, .retry_after = 5};
	strbuf_printf(&answer->body, "{\"detail\":\"%s\"}", told);
	finish_body(decision, NULL, answer);
}
