/* How the upstream is read: where it is, and within which limits. */
#ifndef UPSTREAM_SETTINGS_H
#define UPSTREAM_SETTINGS_H

#include <stdint.h>

/* Texts are the caller's and outlive the use; durations are in microseconds. */
struct upstream_settings {
	const char *url;     /* scheme://host[:port] */
	const char *token;   /* empty: none */
	const char *contact; /* for User-Agent; empty: none */
	const char *ca_file; /* certificates to trust; empty: the system's */
	int64_t budget;      /* requests an hour; 0: any number */
	int64_t page_size;   /* documents of one request, at most */
	int64_t connect_timeout, stall_timeout, timeout;
	int64_t response_size; /* bytes of one response, decompressed */
	int64_t retries;       /* of one page */
	int64_t backoff, backoff_most;
	int64_t wait_most; /* for a throttling upstream, in one pass */
};

#endif
