/* The queue of jobs and the threads that do them. */
#include "workers.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "repository/session.h"

enum {
	WAITING_MOST = 4096, /* jobs that wait for a worker */
	STOP_SECONDS = 2,    /* how long the end waits for a database that hangs */
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
	struct workers *workers;
	struct session *session;
	int64_t deadline; /* of the job under way */
};

struct workers {
	struct workers_settings settings;
	char *conninfo;       /* the settings' */
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

bool workers_submit(struct workers *workers, const struct job_key *key, job_function *run,
                    void *context, struct waiter *waiter)
{
	bool taken = true;
	pthread_mutex_lock(&workers->lock);
	struct job *job = find_job(workers->running, key);
	if (job == NULL)
		job = find_job(workers->waiting, key);
	if (job == NULL && (workers->waiting_count >= WAITING_MOST || workers->stopping)) {
		taken = false;
	} else if (job == NULL) {
		job = must(calloc(1, sizeof(*job)));
		*job = (struct job){.key = *key, .run = run, .context = context};
		job->deadline = clock_monotonic() + workers->settings.job_time;
		*workers->waiting_end = job;
		workers->waiting_end = &job->next;
		workers->waiting_count++;
		pthread_cond_signal(&workers->work);
	}
	if (taken) {
		waiter->next = job->waiters;
		job->waiters = waiter;
	}
	pthread_mutex_unlock(&workers->lock);
	return taken;
}

/* The next job, which is under way from now on; NULL: the threads are to end. */
static struct job *next_job(struct workers *workers)
{
	pthread_mutex_lock(&workers->lock);
	while (workers->waiting == NULL && !workers->stopping)
		pthread_cond_wait(&workers->work, &workers->lock);
	struct job *job = workers->waiting;
	if (job != NULL) {
		workers->waiting = job->next;
		if (workers->waiting == NULL)
			workers->waiting_end = &workers->waiting;
		workers->waiting_count--;
		job->next = workers->running;
		workers->running = job;
	}
	pthread_mutex_unlock(&workers->lock);
	return job;
}

static void end_job(struct workers *workers, struct job *job, void *result)
{
	pthread_mutex_lock(&workers->lock);
	struct job **place = &workers->running;
	while (*place != job)
		place = &(*place)->next;
	*place = job->next;
	struct waiter *waiter = job->waiters;
	pthread_mutex_unlock(&workers->lock);
	while (waiter != NULL) {
		struct waiter *next = waiter->next;
		waiter->wake(waiter, next != NULL ? workers->settings.share(result) : result);
		waiter = next;
	}
	free(job);
}

/* At once, so that PostgreSQL does not go on with what nobody waits for. */
static void drop_lost_session(struct worker *worker)
{
	if (worker->session == NULL || session_alive(worker->session))
		return;
	session_close(worker->session);
	worker->session = NULL;
}

struct session *worker_session(struct worker *worker, struct error *error)
{
	if (clock_monotonic() >= worker->deadline) {
		error_set(error, "the database takes too long");
		return NULL;
	}
	drop_lost_session(worker);
	if (worker->session == NULL)
		worker->session = session_open_by(worker->workers->conninfo, SESSION_READS,
		                                  worker->deadline, error);
	else
		session_set_deadline(worker->session, worker->deadline);
	return worker->session;
}

static void *worker_thread(void *argument)
{
	struct worker worker = {.workers = argument};
	struct workers *workers = argument;
	struct job *job;
	while ((job = next_job(workers)) != NULL) {
		worker.deadline = job->deadline;
		end_job(workers, job, job->run(job->context, &worker));
		drop_lost_session(&worker);
	}
	session_close(worker.session);
	pthread_mutex_lock(&workers->lock);
	workers->alive--;
	pthread_cond_signal(&workers->ended);
	pthread_mutex_unlock(&workers->lock);
	return NULL;
}

struct workers *workers_start(const struct workers_settings *settings, struct error *error)
{
	struct workers *workers = must(calloc(1, sizeof(*workers)));
	workers->conninfo = must(strdup(settings->conninfo));
	workers->settings = *settings;
	workers->waiting_end = &workers->waiting;
	pthread_mutex_init(&workers->lock, NULL);
	pthread_cond_init(&workers->work, NULL);
	pthread_cond_init(&workers->ended, NULL);
	for (size_t i = 0; i < settings->count; i++) {
		pthread_t thread;
		int failed = pthread_create(&thread, NULL, worker_thread, workers);
		if (failed) {
			error_set(error, "cannot start a database worker: %s", strerror(failed));
			if (workers_stop(workers))
				workers_free(workers);
			return NULL;
		}
		pthread_detach(thread);
		pthread_mutex_lock(&workers->lock);
		workers->alive++;
		pthread_mutex_unlock(&workers->lock);
	}
	return workers;
}

bool workers_stop(struct workers *workers)
{
	struct timespec until;
	int timed_out = 0;
	if (workers == NULL)
		return true;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += STOP_SECONDS;
	pthread_mutex_lock(&workers->lock);
	workers->stopping = true;
	pthread_cond_broadcast(&workers->work);
	while (workers->alive > 0 && timed_out == 0)
		timed_out = pthread_cond_timedwait(&workers->ended, &workers->lock, &until);
	size_t left = workers->alive;
	pthread_mutex_unlock(&workers->lock);
	if (left > 0) {
		log_warning("%zu database workers do not end, left behind", left);
		return false;
	}
	return true;
}

void workers_free(struct workers *workers)
{
	if (workers == NULL)
		return;
	pthread_mutex_destroy(&workers->lock);
	pthread_cond_destroy(&workers->work);
	pthread_cond_destroy(&workers->ended);
	free(workers->conninfo);
	free(workers);
}
