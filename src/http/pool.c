/* The queue of jobs and the threads that do them. */
#include "pool.h"

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
	void *kept;
	int64_t deadline; /* of the job under way */
};

struct pool {
	struct pool_settings settings;
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
	while (jobs != NULL && (jobs->key.stamp != key->stamp || jobs->key.length != key->length ||
	                        memcmp(jobs->key.bytes, key->bytes, key->length) != 0))
		jobs = jobs->next;
	return jobs;
}

bool pool_submit(struct pool *pool, const struct job_key *key, job_function *run, void *context,
                 struct waiter *waiter)
{
	bool taken = true;
	pthread_mutex_lock(&pool->lock);
	struct job *job = find_job(pool->running, key);
	if (job == NULL)
		job = find_job(pool->waiting, key);
	if (job == NULL && (pool->waiting_count >= WAITING_MOST || pool->stopping)) {
		taken = false;
	} else if (job == NULL) {
		job = must(calloc(1, sizeof(*job)));
		*job = (struct job){.key = *key, .run = run, .context = context};
		job->deadline = clock_monotonic() + pool->settings.job_time;
		*pool->waiting_end = job;
		pool->waiting_end = &job->next;
		pool->waiting_count++;
		pthread_cond_signal(&pool->work);
	}
	if (taken) {
		waiter->next = job->waiters;
		job->waiters = waiter;
	}
	pthread_mutex_unlock(&pool->lock);
	return taken;
}

/* The next job, which is under way from now on; NULL: the threads are to end. */
static struct job *next_job(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	while (pool->waiting == NULL && !pool->stopping)
		pthread_cond_wait(&pool->work, &pool->lock);
	struct job *job = pool->waiting;
	if (job != NULL) {
		pool->waiting = job->next;
		if (pool->waiting == NULL)
			pool->waiting_end = &pool->waiting;
		pool->waiting_count--;
		job->next = pool->running;
		pool->running = job;
	}
	pthread_mutex_unlock(&pool->lock);
	return job;
}

static void end_job(struct pool *pool, struct job *job, void *result)
{
	pthread_mutex_lock(&pool->lock);
	struct job **place = &pool->running;
	while (*place != job)
		place = &(*place)->next;
	*place = job->next;
	struct waiter *waiter = job->waiters;
	pthread_mutex_unlock(&pool->lock);
	while (waiter != NULL) {
		struct waiter *next = waiter->next;
		waiter->wake(waiter, next != NULL ? pool->settings.share(result) : result);
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

void **worker_kept(struct worker *worker)
{
	return &worker->kept;
}

static void *worker_thread(void *argument)
{
	struct worker worker = {0};
	struct pool *pool = argument;
	struct job *job;
	while ((job = next_job(pool)) != NULL) {
		worker.deadline = job->deadline;
		end_job(pool, job, job->run(job->context, &worker));
	}
	if (worker.kept != NULL)
		pool->settings.drop(worker.kept);
	pthread_mutex_lock(&pool->lock);
	pool->alive--;
	pthread_cond_signal(&pool->ended);
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

struct pool *pool_start(const struct pool_settings *settings, struct error *error)
{
	struct pool *pool = must(calloc(1, sizeof(*pool)));
	pool->settings = *settings;
	pool->waiting_end = &pool->waiting;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->work, NULL);
	pthread_cond_init(&pool->ended, NULL);
	for (size_t i = 0; i < settings->count; i++) {
		pthread_t thread;
		int failed = pthread_create(&thread, NULL, worker_thread, pool);
		if (failed) {
			error_set(error, "cannot start %s: %s", settings->name, strerror(failed));
			if (pool_stop(pool))
				pool_free(pool);
			return NULL;
		}
		pthread_detach(thread);
		pthread_mutex_lock(&pool->lock);
		pool->alive++;
		pthread_mutex_unlock(&pool->lock);
	}
	return pool;
}

bool pool_stop(struct pool *pool)
{
	struct timespec until = clock_bound(STOP_SECONDS);
	int timed_out = 0;
	if (pool == NULL)
		return true;
	pthread_mutex_lock(&pool->lock);
	pool->stopping = true;
	for (struct job *job = pool->waiting; job != NULL; job = job->next)
		job->deadline = 0;
	pthread_cond_broadcast(&pool->work);
	while (pool->alive > 0 && timed_out == 0)
		timed_out = pthread_cond_timedwait(&pool->ended, &pool->lock, &until);
	size_t left = pool->alive;
	pthread_mutex_unlock(&pool->lock);
	if (left > 0) {
		log_warning("%s: %zu do not end, left behind", pool->settings.name, left);
		return false;
	}
	return true;
}

void pool_free(struct pool *pool)
{
	if (pool == NULL)
		return;
	pthread_mutex_destroy(&pool->lock);
	pthread_cond_destroy(&pool->work);
	pthread_cond_destroy(&pool->ended);
	free(pool);
}
