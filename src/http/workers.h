/* Threads that ask the database, each over a connection of its own, so that a slow or absent database
   never holds up the threads that serve connections. Requests that ask for the same at the same time
   are answered by one job. */
#ifndef WORKERS_H
#define WORKERS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct session;
struct worker;
struct workers;

/* The worker's connection, made anew where it was lost, which waits until the job's time is over; NULL with
   the error set. */
struct session *worker_session(struct worker *worker, struct error *error) MUST_CHECK;

/* One who waits for a job; lives in his own memory and is the job's until he is woken. */
struct waiter {
	struct waiter *next;
	void (*wake)(struct waiter *waiter, void *result);
};

/* What a job does, on a worker's thread; gives the result that the waiters get. */
typedef void *job_function(void *context, struct worker *worker);

struct workers_settings {
	size_t count;
	const char *conninfo; /* copied */
	int64_t job_time;     /* microseconds from when a job is handed in, for all its waiting */
	void *(*share)(void *result); /* makes one more reference of a result for another waiter */
};
struct workers *workers_start(const struct workers_settings *settings,
                              struct error *error) MUST_CHECK;

/* Ends the threads, after the jobs there are; takes no more. False: some hang in the database and were left
   behind, with what they use. NULL is fine. */
bool workers_stop(struct workers *workers) MUST_CHECK;
/* After workers_stop said true. NULL is fine. */
void workers_free(struct workers *workers);

/* What a job is for: the bytes live as long as the waiter; none: it is like no other. The stamp is the newest state of the data that
   anybody may have seen so far: a job that was begun before that could go back behind it. Length 0: like
   no other. */
struct job_key {
	const void *bytes;
	size_t length;
	uint64_t stamp;
};

/* Has `run(context)` run and its result given to the waiter; or, when a job of the same key is waiting or
   under way, that one's result. False, with nothing done: too many wait already. */
bool workers_submit(struct workers *workers, const struct job_key *key, job_function *run,
                    void *context, struct waiter *waiter);

#endif
