/* Keeps the counts of requests, and writes them as Prometheus' counters and histograms. */
#include "request_counts.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/metrics.h"
#include "base/temporal.h"

/* Statuses that are told apart, the most frequent first; the last counts all others. */
static const int statuses[] = {200, 304, 404, 400, 503, 429, 301, 302, 307, 204, 405, 406, 0};

/* Upper bounds of the histogram's buckets in microseconds, and as Prometheus has them. */
static const struct {
	int64_t most;
	const char *seconds;
} buckets[] = {
	{100, "0.0001"},  {250, "0.00025"},    {500, "0.0005"},  {1000, "0.001"},  {2500, "0.0025"},
	{5000, "0.005"},  {10000, "0.01"},     {25000, "0.025"}, {50000, "0.05"},  {100000, "0.1"},
	{250000, "0.25"}, {500000, "0.5"},     {1000000, "1"},   {2500000, "2.5"}, {5000000, "5"},
	{10000000, "10"}, {INT64_MAX, "+Inf"},
};

enum {
	STATUS_COUNT = sizeof(statuses) / sizeof(statuses[0]),
	BUCKET_COUNT = sizeof(buckets) / sizeof(buckets[0]),
	ROUTES_MOST = ROUTE_COUNT + 2 * ENDPOINTS_MAX,
	SHARD_COUNT = 16, /* threads beyond that share */
};

struct counts {
	_Atomic uint64_t status[STATUS_COUNT];
	_Atomic uint64_t bucket[BUCKET_COUNT];
	_Atomic uint64_t microseconds;
};

/* Each on cache lines of its own, so that threads do not slow each other. */
static struct shard {
	_Alignas(64) struct counts routes[ROUTES_MOST];
} shards[SHARD_COUNT];

unsigned request_route_of(const struct decision *decision)
{
	if (decision->route != ROUTE_LIST && decision->route != ROUTE_ROW)
		return decision->route;
	for (unsigned i = 0; i < endpoint_count; i++)
		if (endpoints[i] == decision->endpoint)
			return ROUTE_COUNT + 2 * i + (decision->route == ROUTE_ROW);
	abort(); /* an endpoint that is in no table: a mistake */
}

void request_route_write(struct strbuf *out, unsigned route)
{
	unsigned beyond = route - ROUTE_COUNT;

	if (route < ROUTE_COUNT)
		route_write_pattern(out, (enum route)route, NULL);
	else
		route_write_pattern(out, beyond % 2 ? ROUTE_ROW : ROUTE_LIST,
		                    endpoints[beyond / 2]);
}

static struct shard *own_shard(void)
{
	static _Atomic unsigned next;
	static _Thread_local struct shard *own;

	if (own == NULL)
		own = &shards[atomic_fetch_add(&next, 1) % SHARD_COUNT];
	return own;
}

static void add(_Atomic uint64_t *count, uint64_t amount)
{
	atomic_fetch_add_explicit(count, amount, memory_order_relaxed);
}

void request_count(unsigned route, int status, int64_t microseconds)
{
	struct counts *counts = &own_shard()->routes[route];
	size_t place = 0, bucket = 0;

	while (place < STATUS_COUNT - 1 && statuses[place] != status)
		place++;
	while (microseconds > buckets[bucket].most)
		bucket++;
	add(&counts->status[place], 1);
	add(&counts->bucket[bucket], 1);
	add(&counts->microseconds, (uint64_t)microseconds);
}

/* --- The text. --- */

/* What all threads have counted for a route. */
struct sums {
	uint64_t status[STATUS_COUNT], bucket[BUCKET_COUNT], microseconds, requests;
	struct strbuf pattern;
};

static uint64_t read_count(const _Atomic uint64_t *count)
{
	return atomic_load_explicit(count, memory_order_relaxed);
}

static void sum_up(unsigned route, struct sums *sums)
{
	for (size_t shard = 0; shard < SHARD_COUNT; shard++) {
		const struct counts *counts = &shards[shard].routes[route];

		for (size_t i = 0; i < STATUS_COUNT; i++)
			sums->status[i] += read_count(&counts->status[i]);
		for (size_t i = 0; i < BUCKET_COUNT; i++) {
			sums->bucket[i] += read_count(&counts->bucket[i]);
			sums->requests += read_count(&counts->bucket[i]);
		}
		sums->microseconds += read_count(&counts->microseconds);
	}
}

static void write_statuses(const struct sums *sums, struct strbuf *out)
{
	for (size_t i = 0; i < STATUS_COUNT; i++) {
		if (sums->status[i] == 0)
			continue;
		strbuf_printf(out, "http_requests_total{route=\"%s\",code=\"", sums->pattern.data);
		if (statuses[i] != 0)
			strbuf_printf(out, "%d", statuses[i]);
		else
			strbuf_str(out, "other");
		strbuf_printf(out, "\"} %" PRIu64 "\n", sums->status[i]);
	}
}

#define HISTOGRAM "http_request_duration_seconds"

static void write_histogram(const struct sums *sums, struct strbuf *out)
{
	const char *route = sums->pattern.data;
	uint64_t below = 0;

	for (size_t i = 0; i < BUCKET_COUNT && sums->requests > 0; i++) {
		below += sums->bucket[i];
		strbuf_printf(out, HISTOGRAM "_bucket{route=\"%s\",le=\"%s\"} %" PRIu64 "\n", route,
		              buckets[i].seconds, below);
	}
	if (sums->requests == 0)
		return;
	strbuf_printf(out, HISTOGRAM "_sum{route=\"%s\"} %" PRIu64 ".%06" PRIu64 "\n", route,
	              sums->microseconds / MICROSECONDS, sums->microseconds % MICROSECONDS);
	strbuf_printf(out, HISTOGRAM "_count{route=\"%s\"} %" PRIu64 "\n", route, sums->requests);
}

/* Routes that nobody has requested yet have no series. */
void request_counts_write(struct strbuf *out)
{
	unsigned count = ROUTE_COUNT + 2 * (unsigned)endpoint_count;
	struct sums *sums = must(calloc(count, sizeof(*sums)));

	for (unsigned route = 0; route < count; route++) {
		sum_up(route, &sums[route]);
		if (sums[route].requests > 0)
			request_route_write(&sums[route].pattern, route);
	}
	metric_write_head(out, "http_requests_total", "counter", "Requests answered");
	for (unsigned route = 0; route < count; route++)
		write_statuses(&sums[route], out);
	metric_write_head(out, HISTOGRAM, "histogram",
	                  "Time from a request's first line to its response, without the sending");
	for (unsigned route = 0; route < count; route++) {
		write_histogram(&sums[route], out);
		strbuf_fini(&sums[route].pattern);
	}
	free(sums);
}
