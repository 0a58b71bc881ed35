/* Where pages come from, and the time that passes meanwhile: the upstream over HTTP, or what a test puts
   in its place. */
#ifndef UPSTREAM_SOURCE_H
#define UPSTREAM_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"

enum upstream_outcome {
	UPSTREAM_COMPLETE,  /* a response of any status, read to its end */
	UPSTREAM_TIMED_OUT, /* no connection, a stall, or too long altogether */
	UPSTREAM_BROKEN,    /* refused, reset, cut off, or not to be decompressed */
	UPSTREAM_TOO_LARGE,
	UPSTREAM_REJECTED, /* not to be trusted: TLS, or a redirect to another origin */
	UPSTREAM_STOPPED,  /* by the caller */
};

struct upstream_response {
	enum upstream_outcome outcome;
	long status;            /* of HTTP, where complete */
	struct strbuf body;     /* decompressed; the memory is used again by the next response */
	struct strbuf location; /* where it redirects to, a whole address; empty: nowhere */
	int64_t date;           /* when it was true (Date); else the time of its end */
	int64_t retry_after;    /* microseconds; -1: not said */
	bool json;              /* its type is JSON */
	bool unreachable;       /* no connection came about */
	char text[256];         /* what went wrong, for people */
};

#define UPSTREAM_RESPONSE_INIT \
	{ \
		.body = STRBUF_INIT, .location = STRBUF_INIT \
	}

struct upstream_source {
	/* GET, one request: a redirect is a response. Fills in the response. Never hangs. */
	void (*get)(void *context, const char *url, struct upstream_response *response);
	/* The time of day, in microseconds. */
	int64_t (*now)(void *context);
	/* Waits for that time; false when it was stopped. */
	bool (*wait)(void *context, int64_t microseconds);
	void *context;
};

#endif
