/* The queue of jobs and the threads that do them. */
#include "job_queue.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"

enum {
	WAITING_MOST = 4096, /* jobs that wait for a worker */
	STOP_SECONDS = 2,    /* how long the end waits for a job that hangs */
};

struct job {
	struct job *next;   /* waiting, or under way */
	struct job_key key; /* its bytes are the first waiter's */
	int64_t deadline;   /* by clock_monotonic */
	job_function *run;
	void *context;
	struct waiter *waiters;
};

struct worker {
	void *slot;
	int64_t deadline; /* of the job under way */
};

struct job_queue {
	struct job_queue_settings settings;
	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t work, ended;
	struct job *waiting, **waiting_end;
	struct job *running;
	size_t waiting_count;
	bool stopping;
	size_t alive;
};

/* A job without a key is like no other. */
static struct job *find_job(struct job *jobs, const struct job_key *key)
{
	if (key->length == 0)
		return NULL;
	while (jobs != NULL &&
	       (jobs->key.generation != key->generation || jobs->key.length != key->length ||
	        memcmp(jobs->key.bytes, key->bytes, key->length) != 0))
		jobs = jobs->next;
	return jobs;
}

bool job_queue_submit(struct job_queue *queue, const struct job_key *key, job_function *run,
                      void *context, struct waiter *waiter)
{
	bool taken = true;
	pthread_mutex_lock(&queue->lock);
	struct job *job = find_job(queue->running, key);
	if (job == NULL)
		job = find_job(queue->waiting, key);
	if (job == NULL && (queue->waiting_count >= WAITING_MOST || queue->stopping)) {
		taken = false;
	} else if (job == NULL) {
		job = must(calloc(1, sizeof(*job)));
		*job = (struct job){.key = *key, .run = run, .context = context};
		job->deadline = clock_monotonic() + queue->settings.job_time;
		*queue->waiting_end = job;
		queue->waiting_end = &job->next;
		queue->waiting_count++;
		pthread_cond_signal(&queue->work);
	}
	if (taken) {
		waiter->next = job->waiters;
		job->waiters = waiter;
	}
	pthread_mutex_unlock(&queue->lock);
	return taken;
}

/* The next job, which is under way from now on; NULL: the threads are to end. */
static struct job *next_job(struct job_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	while (queue->waiting == NULL && !queue->stopping)
		pthread_cond_wait(&queue->work, &queue->lock);
	struct job *job = queue->waiting;
	if (job != NULL) {
		queue->waiting = job->next;
		if (queue->waiting == NULL)
			queue->waiting_end = &queue->waiting;
		queue->waiting_count--;
		job->next = queue->running;
		queue->running = job;
	}
	pthread_mutex_unlock(&queue->lock);
	return job;
}

static void end_job(struct job_queue *queue, struct job *job, void *result)
{
	pthread_mutex_lock(&queue->lock);
	struct job **place = &queue->running;
	while (*place != job)
		place = &(*place)->next;
	*place = job->next;
	struct waiter *waiter = job->waiters;
	pthread_mutex_unlock(&queue->lock);
	while (waiter != NULL) {
		struct waiter *next = waiter->next;
		waiter->wake(waiter, next != NULL ? queue->settings.share(result) : result);
		waiter = next;
	}
	free(job);
}

int64_t worker_deadline(const struct worker *worker)
{
	return worker->deadline;
}

bool worker_is_late(const struct worker *worker)
{
	return clock_monotonic() >= worker->deadline;
}

void **worker_slot(struct worker *worker)
{
	return &worker->slot;
}

static void *worker_thread(void *argument)
{
	struct worker worker = {0};
	struct job_queue *queue = argument;
	struct job *job;
	while ((job = next_job(queue)) != NULL) {
		worker.deadline = job->deadline;
		end_job(queue, job, job->run(job->context, &worker));
	}
	if (worker.slot != NULL)
		queue->settings.drop(worker.slot);
	pthread_mutex_lock(&queue->lock);
	queue->alive--;
	pthread_cond_signal(&queue->ended);
	pthread_mutex_unlock(&queue->lock);
	return NULL;
}

struct job_queue *job_queue_start(const struct job_queue_settings *settings, struct error *error)
{
	struct job_queue *queue = must(calloc(1, sizeof(*queue)));
	queue->settings = *settings;
	queue->waiting_end = &queue->waiting;
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->work, NULL);
	pthread_cond_init(&queue->ended, NULL);
	for (size_t i = 0; i < settings->count; i++) {
		pthread_t thread;
		int failed = pthread_create(&thread, NULL, worker_thread, queue);
		if (failed) {
			error_set(error, "cannot start %s: %s", settings->name, strerror(failed));
			if (job_queue_stop(queue))
				job_queue_free(queue);
			return NULL;
		}
		pthread_detach(thread);
		pthread_mutex_lock(&queue->lock);
		queue->alive++;
		pthread_mutex_unlock(&queue->lock);
	}
	return queue;
}

bool job_queue_stop(struct job_queue *queue)
{
	struct timespec until = clock_bound(STOP_SECONDS);
	int timed_out = 0;
	if (queue == NULL)
		return true;
	pthread_mutex_lock(&queue->lock);
	queue->stopping = true;
	for (struct job *job = queue->waiting; job != NULL; job = job->next)
		job->deadline = 0;
	pthread_cond_broadcast(&queue->work);
	while (queue->alive > 0 && timed_out == 0)
		timed_out = pthread_cond_timedwait(&queue->ended, &queue->lock, &until);
	size_t left = queue->alive;
	pthread_mutex_unlock(&queue->lock);
	if (left > 0) {
		log_warning("%s: %zu do not end, left behind", queue->settings.name, left);
		return false;
	}
	return true;
}

void job_queue_free(struct job_queue *queue)
{
	if (queue == NULL)
		return;
	pthread_mutex_destroy(&queue->lock);
	pthread_cond_destroy(&queue->work);
	pthread_cond_destroy(&queue->ended);
	free(queue);
}
