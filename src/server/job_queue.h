/* A queue of jobs and the threads that do them: what would hold up the threads that serve connections.
   Requests for the same at the same time are answered by one job.

   Under overload the threads must not spend themselves on jobs whose time is nearly over. So the wait for a thread
   is bounded: a job is not taken where those before it will keep all threads busy for longer, by how long jobs
   took of late; and one that waits longer nevertheless, since its predecessors hang, is late at once, whatever the
   threads do. Jobs that a thread begins have most of their time left. */
#ifndef JOB_QUEUE_H
#define JOB_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/ip.h"

struct job_queue;

/* A thread of a queue, as the job that it does sees it. */
struct worker;

/* When the job's time is over, by clock_monotonic; and whether it is. A job that waited too long is late from its
   begin, and is run only for its result. */
int64_t worker_deadline(const struct worker *worker);
bool worker_is_late(const struct worker *worker);

/* The time that the job takes says nothing of how long others will. */
void worker_disregard_time(struct worker *worker);

/* The slot of what the thread has from one job to the next; NULL at first. */
void **worker_slot(struct worker *worker);

/* A waiter for a job, in memory of the caller, which must not touch it until `wake` is called. */
struct waiter {
	struct waiter *next;
	void (*wake)(struct waiter *waiter, void *result);
};

/* What a job does, on a worker's thread; gives the result that the waiters get. */
typedef void *job_function(void *context, struct worker *worker);

struct job_queue_settings {
	const char *name; /* what the threads are, for the log; borrowed */
	size_t count;
	bool background;  /* where there are too few processors, the threads leave them to others */
	int64_t job_time; /* microseconds from when a job is handed in, for all its waiting */
	/* Microseconds that a job may wait for a thread, unless jobs take longer than that by themselves. */
	int64_t wait_most;
	void *(*share)(void *result); /* makes one more reference of a result for another waiter */
	void (*drop)(void *slot);     /* frees what is in a thread's slot, which is not NULL */
	/* Called after each job whose thread has something in its slot, and again, until it says that the slot is good
	   for another job; NULL: it always is. Waits for some milliseconds at most. */
	bool (*mend)(void **slot);
};
struct job_queue *job_queue_start(const struct job_queue_settings *settings,
                                  struct error *error) MUST_CHECK;

/* Ends the threads after the jobs under way, and takes no more; those that wait are late from now on. False:
   some threads hang and were left behind, with what they use. NULL is fine. */
bool job_queue_stop(struct job_queue *queue) MUST_CHECK;
/* After job_queue_stop said true. NULL is fine. */
void job_queue_free(struct job_queue *queue);

/* What a job is for: the bytes live as long as the waiter; none: it is like no other. The generation is the newest
   state of the data that anybody may have seen so far: a job that was begun before that could go back behind
   it. Urgent jobs are done before the others, and wait for none of them; patient ones may wait for half of `job_time`,
   whoever else waits. Of others, a client that has a job waiting already may use half of the time that they may wait, so
   that there is a place for those of other clients; all zero: not known whose it is. */
struct job_key {
	const void *bytes;
	size_t length;
	uint64_t generation;
	bool urgent, patient;
	struct ip client; /* as ip_client has it */
};

/* Has `run(context)` run and its result given to the waiter; or, when a job of the same key is waiting or
   under way, that one's result. False, with nothing done: it would wait too long. */
bool job_queue_submit(struct job_queue *queue, const struct job_key *key, job_function *run,
                      void *context, struct waiter *waiter);

struct job_queue_counts {
	size_t threads, busy;
	size_t waiting;
	/* Since the start: jobs that were done, that were not taken, and that waited too long. */
	uint64_t done, refused, late;
};

/* Any thread. */
void job_queue_counts(struct job_queue *queue, struct job_queue_counts *counts);

#endif
