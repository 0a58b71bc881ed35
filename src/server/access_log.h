/* The access log: a line for each request, on its way to a file or to standard error without anybody waiting for
   it. The file may be changed, or opened anew, while lines come. */
#ifndef ACCESS_LOG_H
#define ACCESS_LOG_H

#include <stdint.h>

#include "base/error.h"
#include "base/ip.h"
#include "base/text.h"
#include "config/options.h"

struct access_log;

/* Opens the file, or `stderr`, and starts the thread that writes. NULL with the error set. */
struct access_log *access_log_start(const char *path, struct error *error) MUST_CHECK;

/* From now on lines go to that file, which is opened anew; "": nowhere. False, with the error set: they go on to the
   one before. One thread at a time. */
bool access_log_open(struct access_log *log, const char *path, struct error *error) MUST_CHECK;

/* Waits a second at most until all is written; later lines are dropped. Once. NULL is fine. */
void access_log_stop(struct access_log *log);
/* After access_log_stop and the last line. NULL is fine. */
void access_log_free(struct access_log *log);

/* A request and its answer; texts are borrowed, and NULL where there is none. Times are in microseconds. */
struct access {
	const char *id;
	struct ip client;
	const char *method, *version, *host, *referer, *user_agent;
	struct text target;
	const char *route;
	int status;
	uint64_t bytes;    /* of the body */
	bool complete;     /* it was sent to its end */
	int64_t responded; /* until there was a response */
	int64_t sent;      /* until it was sent, or could not be */
};

/* Any thread; never waits: a line that finds no room is dropped and counted. */
void access_log_add(struct access_log *log, enum access_format format, const struct access *access);

#endif
