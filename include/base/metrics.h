/* Counters of the process, one row each with its text for people; any thread may add. */
#ifndef BASE_METRICS_H
#define BASE_METRICS_H

#include <stdint.h>

struct strbuf;

/* X(name, kind, help) with kind counter or gauge, named as Prometheus wants them. */
#define METRICS(X) \
	X(http_requests_total, counter, "Requests answered") \
	X(http_responses_made_total, counter, "Answers about flights that were put together") \
	X(http_answer_bytes, gauge, "Bytes of answers in memory, cached or being sent") \
	X(cache_bytes, gauge, "Bytes of cached documents and answers") \
	X(cache_entries, gauge, "Cached documents and answers") \
	X(cache_hits_total, counter, "Look-ups that found an entry") \
	X(cache_misses_total, counter, "Look-ups that did not") \
	X(cache_evictions_total, counter, "Entries dropped for want of room") \
	X(db_round_trips_total, counter, \
	  "Times that a request waited for an answer of PostgreSQL") \
	X(db_rows_total, counter, "Rows read from PostgreSQL for documents") \
	X(db_errors_total, counter, "Statements or connections to PostgreSQL that failed") \
	X(sync_requests_total, counter, "Pages requested from the upstream") \
	X(sync_faults_total, counter, "Answers of the upstream that were of no use") \
	X(sync_passes_total, counter, "Passes over the upstream that were done") \
	X(sync_failures_total, counter, "Passes over the upstream that failed") \
	X(sync_last_start_timestamp_seconds, gauge, \
	  "When the last pass began, of any server on this database") \
	X(sync_last_done_timestamp_seconds, gauge, "When the last pass began that was done") \
	X(sync_last_done, gauge, "Whether the last pass was done: 1, else 0") \
	X(sync_next_timestamp_seconds, gauge, "When the next pass is due")

enum metric {
#define X(name, kind, help) METRIC_##name,
	METRICS(X)
#undef X
		METRIC_COUNT
};

void metric_add(enum metric metric, int64_t amount);
/* For gauges, and for counters that are counted elsewhere. */
void metric_set(enum metric metric, int64_t value);
int64_t metric_value(enum metric metric);

/* Writes all of them in Prometheus' text format. */
void metrics_write(struct strbuf *out);

#endif
