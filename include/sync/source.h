/* Where pages come from, and the time that passes meanwhile: the upstream over HTTP, or what a test puts
   in its place. */
#ifndef SYNC_SOURCE_H
#define SYNC_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"

enum sync_outcome {
	SYNC_ANSWERED,  /* an answer of any status, read to its end */
	SYNC_TIMED_OUT, /* no connection, a stall, or too long altogether */
	SYNC_BROKEN,    /* refused, reset, cut off, or not to be unpacked */
	SYNC_TOO_LARGE,
	SYNC_REJECTED, /* not to be trusted: TLS; who follows redirects may say so too */
	SYNC_STOPPED,  /* by the caller */
};

struct sync_answer {
	enum sync_outcome outcome;
	long status;            /* of HTTP, where answered */
	struct strbuf body;     /* unpacked; the memory stays from answer to answer */
	struct strbuf location; /* where it redirects to, a whole address; empty: nowhere */
	int64_t date;           /* when it was true (Date); else the time of its end */
	int64_t retry_after;    /* microseconds; -1: not said */
	bool json;              /* says that it is JSON */
	char text[256];         /* what went wrong, for people */
};

#define SYNC_ANSWER_INIT \
	{ \
		.body = STRBUF_INIT, .location = STRBUF_INIT \
	}

struct sync_source {
	/* GET, one request: a redirect is an answer. Fills in the answer. Never hangs. */
	void (*get)(void *context, const char *url, struct sync_answer *answer);
	/* The time of day, in microseconds. */
	int64_t (*now)(void *context);
	/* Lets that time pass; false when it was stopped. */
	bool (*wait)(void *context, int64_t microseconds);
	void *context;
};

#endif
