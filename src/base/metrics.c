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

/* --- Families. --- */

static const struct {
	const char *name;
	const char *kind;
	const char *label;
	const char *help;
} families[METRIC_FAMILY_COUNT] = {
#define X(name, kind, label, help) {#name, #kind, #label, help},
	METRIC_FAMILIES(X)
#undef X
};

static struct {
	_Atomic(const char *) label; /* NULL: not set yet */
	_Atomic int64_t value;
} series[METRIC_FAMILY_COUNT][METRIC_SERIES_MOST];

void metric_series_set(enum metric_family family, size_t index, const char *value_of_label,
                       int64_t value)
{
	atomic_store_explicit(&series[family][index].value, value, memory_order_relaxed);
	atomic_store_explicit(&series[family][index].label, value_of_label, memory_order_release);
}

bool metric_series_value(enum metric_family family, size_t index, const char **value_of_label,
                         int64_t *value)
{
	*value_of_label = atomic_load_explicit(&series[family][index].label, memory_order_acquire);
	*value = atomic_load_explicit(&series[family][index].value, memory_order_relaxed);
	return *value_of_label != NULL;
}

static void write_family(struct strbuf *out, size_t family)
{
	metric_write_head(out, families[family].name, families[family].kind, families[family].help);
	for (size_t i = 0; i < METRIC_SERIES_MOST; i++) {
		const char *label;
		int64_t value;

		if (metric_series_value((enum metric_family)family, i, &label, &value))
			strbuf_printf(out, "%s{%s=\"%s\"} %" PRId64 "\n", families[family].name,
			              families[family].label, label, value);
	}
}

/* --- The text. --- */

void metric_write_head(struct strbuf *out, const char *name, const char *kind, const char *help)
{
	strbuf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

void metrics_write(struct strbuf *out)
{
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		metric_write_head(out, rows[i].name, rows[i].kind, rows[i].help);
		strbuf_printf(out, "%s %" PRId64 "\n", rows[i].name, metric_value((enum metric)i));
	}
	for (size_t i = 0; i < METRIC_FAMILY_COUNT; i++)
		write_family(out, i);
}
