/* Keeps the counters, each on a cache line of its own so that threads do not slow each other. */
#include "base/metrics.h"

#include <inttypes.h>
#include <stdatomic.h>

#include "base/strbuf.h"

static struct {
	_Alignas(64) _Atomic int64_t value;
} metrics[METRIC_COUNT];

static const struct {
	const char *name;
	const char *kind;
	const char *help;
} rows[METRIC_COUNT] = {
#define X(name, kind, help) {#name, #kind, help},
	METRICS(X)
#undef X
};

void metric_add(enum metric metric, int64_t amount)
{
	atomic_fetch_add_explicit(&metrics[metric].value, amount, memory_order_relaxed);
}

void metric_set(enum metric metric, int64_t value)
{
	atomic_store_explicit(&metrics[metric].value, value, memory_order_relaxed);
}

int64_t metric_value(enum metric metric)
{
	return atomic_load_explicit(&metrics[metric].value, memory_order_relaxed);
}

void metrics_write(struct strbuf *out)
{
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		strbuf_printf(out, "# HELP %s %s\n", rows[i].name, rows[i].help);
		strbuf_printf(out, "# TYPE %s %s\n", rows[i].name, rows[i].kind);
		strbuf_printf(out, "%s %" PRId64 "\n", rows[i].name, metric_value((enum metric)i));
	}
}
