/* Counters and gauges of the process, one row each with its text for people, in Prometheus' text format. Any thread
   may change them. */
#ifndef BASE_METRICS_H
#define BASE_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct strbuf;

/* X(name, kind, help) with kind counter or gauge, named as Prometheus wants them. */
#define METRICS(X) \
	X(http_requests_under_way, gauge, "Requests that are read, wait or are being sent") \
	X(http_connections, gauge, "Connections of clients") \
	X(http_connections_limit, gauge, "As many of them as there may be") \
	X(db_connected, gauge, "Whether changes of the database are followed: 1, else 0") \
	X(http_responses_made_total, counter, "Answers about flights that were put together") \
	X(http_outdated_responses_total, counter, \
	  "Answers from the cache while the database was away") \
	X(http_answer_bytes, gauge, "Bytes of answers in memory, cached or being sent") \
	X(memory_allocated_bytes, gauge, \
	  "Bytes that the program and its libraries hold; the system counts what is free between " \
	  "them, too") \
	X(db_round_trips_total, counter, \
	  "Times that a request waited for an answer of PostgreSQL") \
	X(db_rows_total, counter, "Rows read from PostgreSQL for documents") \
	X(db_errors_total, counter, "Statements or connections to PostgreSQL that failed") \
	X(access_log_lines_dropped_total, counter, \
	  "Lines of the access log that found no room, since who reads it is too slow") \
	X(log_lines_dropped_total, counter, \
	  "Lines of the log that were dropped, since their reader was too slow") \
	X(sync_requests_total, counter, "Pages requested from the upstream") \
	X(sync_faults_total, counter, "Answers of the upstream that were of no use") \
	X(sync_passes_total, counter, "Passes over the upstream that were done") \
	X(sync_failures_total, counter, "Passes over the upstream that failed") \
	X(sync_last_start_timestamp_seconds, gauge, \
	  "When the last pass began, of any server on this database") \
	X(sync_last_done_timestamp_seconds, gauge, "When the last pass began that was done") \
	X(sync_last_done, gauge, "Whether the last pass was done: 1, else 0") \
	X(sync_next_timestamp_seconds, gauge, "When the next pass is due")

/* X(name, kind, label, help): families with a series for each value of one label. */
#define METRIC_FAMILIES(X) \
	X(cache_bytes, gauge, cache, "Bytes of what is cached") \
	X(cache_entries, gauge, cache, "Entries of the cache") \
	X(cache_hits_total, counter, cache, "Look-ups that found an entry") \
	X(cache_misses_total, counter, cache, "Look-ups that did not") \
	X(cache_evictions_total, counter, cache, "Entries dropped for want of room") \
	X(workers, gauge, pool, "Threads that make answers") \
	X(workers_busy, gauge, pool, "Those of them that have a job") \
	X(jobs_waiting, gauge, pool, "Jobs that wait for a thread") \
	X(jobs_done_total, counter, pool, "Jobs that were done") \
	X(jobs_refused_total, counter, pool, \
	  "Jobs that were not taken, since they would have waited too long") \
	X(jobs_late_total, counter, pool, "Jobs that were dropped, since they did wait too long") \
	X(ready, gauge, check, "Whether what /ready checks holds: 1, else 0") \
	X(sync_done_timestamp_seconds, gauge, list, \
	  "When the last pass over the list began that was done; 0: none was") \
	X(sync_good_until_timestamp_seconds, gauge, list, \
	  "When the list becomes older than promised, unless another pass is done before") \
	X(sync_full_timestamp_seconds, gauge, list, \
	  "When the last pass over all of the list began that was done; 0: none was") \
	X(sync_promise_seconds, gauge, list, "Within which a change of the list is to be seen") \
	X(sync_documents, gauge, list, "Documents that the upstream has in the list") \
	X(sync_documents_read, gauge, list, \
	  "Documents that the last pass over all of the list has read so far")

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

enum metric_family {
#define X(name, kind, label, help) METRIC_FAMILY_##name,
	METRIC_FAMILIES(X)
#undef X
		METRIC_FAMILY_COUNT
};

/* Series of a family, at most. */
#define METRIC_SERIES_MOST 64

/* Sets a series of a family, for gauges and for counters that are counted elsewhere; it is written from the first
   call on. `index`: below METRIC_SERIES_MOST, one for each value of the label; `value_of_label` lives as long as the
   program. */
void metric_series_set(enum metric_family family, size_t index, const char *value_of_label,
                       int64_t value);

/* What a series was set to, with the value of its label; false: it never was. */
bool metric_series_value(enum metric_family family, size_t index, const char **value_of_label,
                         int64_t *value);

/* Writes all of them. */
void metrics_write(struct strbuf *out);

/* The two lines before the samples of a metric that is counted elsewhere. */
void metric_write_head(struct strbuf *out, const char *name, const char *kind, const char *help);

#endif
