/* The queue of jobs and the threads that do them. */
#include "job_queue.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/temporal.h"

enum {
	WAITING_MOST = 4096, /* jobs that wait for a worker */
	BACKGROUND_NICE = 10,
	STOP_SECONDS = 2, /* how long the end waits for a job that hangs beyond its time */
	MEAN_OF = 8,      /* the last so many jobs weigh two thirds in the mean of durations */
};

struct job {
	struct job *next;   /* waiting, or under way */
	struct job_key key; /* its bytes are the first waiter's */
	int64_t begin_by;   /* by clock_monotonic; later than that it is late */
	int64_t deadline;
	job_function *run;
	void *context;
	struct waiter *waiters;
};

struct worker {
	void *slot;
	/* Of the job under way. */
	int64_t deadline;
	bool time_disregarded;
};

struct job_queue {
	struct job_queue_settings settings;
	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t work, expiry, ended;
	struct job *waiting, **waiting_end;
	int64_t expiry_due; /* when the thread of expiry looks again; INT64_MAX: once a job waits */
	struct job *running;
	size_t waiting_count, urgent_count; /* the second of the first */
	size_t idle;                        /* threads without a job */
	size_t mending;                     /* threads whose slot is not good for a job */
	int64_t mean_duration;              /* of jobs, the last ones above all */
	int64_t mean_urgent;                /* of the urgent ones among them; 0: not known yet */
	uint64_t done, refused, late;
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

/* How long one more job would wait for a thread: for one that is under way, of whatever kind, and those before it. */
static int64_t expected_wait(const struct job_queue *queue, bool urgent)
{
	size_t before = urgent ? queue->urgent_count : queue->waiting_count;
	int64_t each = urgent && queue->mean_urgent > 0 ? queue->mean_urgent : queue->mean_duration;
	if (before < queue->idle)
		return 0;
	size_t good = queue->settings.count - queue->mending;
	return ((int64_t)(before - queue->idle) * each + queue->mean_duration) /
	       (int64_t)(good > 0 ? good : 1);
}

static bool has_waiting(const struct job_queue *queue, const struct ip *client)
{
	static const struct ip unknown;
	const struct job *job = queue->waiting;
	if (memcmp(client, &unknown, sizeof(unknown)) == 0)
		return false;
	while (job != NULL && memcmp(&job->key.client, client, sizeof(*client)) != 0)
		job = job->next;
	return job != NULL;
}

/* Where jobs take longer than `wait_most`, one for each thread may wait nevertheless: the threads would be without
   work for much of the time otherwise. */
static bool has_place(const struct job_queue *queue, const struct job_key *key, int64_t wait)
{
	const struct job_queue_settings *settings = &queue->settings;
	int64_t share = has_waiting(queue, &key->client) ? 2 : 1;
	int64_t most = key->patient ? settings->job_time / 2 : settings->wait_most / share;
	bool soon = wait <= most || (wait <= queue->mean_duration / share &&
	                             wait + queue->mean_duration <= settings->job_time);
	return soon && queue->waiting_count < WAITING_MOST && !queue->stopping;
}

/* Behind all others, an urgent one before those that are not. */
static void insert_job(struct job_queue *queue, struct job *job)
{
	struct job **place = queue->waiting_end;
	if (job->key.urgent)
		for (place = &queue->waiting; *place != NULL && (*place)->key.urgent;)
			place = &(*place)->next;
	job->next = *place;
	*place = job;
	if (job->next == NULL)
		queue->waiting_end = &job->next;
	queue->urgent_count += job->key.urgent;
}

static void add_job(struct job_queue *queue, struct job *job, int64_t wait)
{
	const struct job_queue_settings *settings = &queue->settings;
	int64_t now = clock_monotonic();
	int64_t most = job->key.patient ? settings->job_time / 2 : settings->wait_most;
	int64_t bound = 2 * wait > most ? 2 * wait : most;
	job->begin_by = now + (bound < settings->job_time ? bound : settings->job_time);
	job->deadline = now + settings->job_time;
	insert_job(queue, job);
	queue->waiting_count++;
	pthread_cond_signal(&queue->work);
	/* A patient one may have come before it, whose time is over later. */
	if (job->begin_by < queue->expiry_due)
		pthread_cond_signal(&queue->expiry);
}

bool job_queue_submit(struct job_queue *queue, const struct job_key *key, job_function *run,
                      void *context, struct waiter *waiter)
{
	pthread_mutex_lock(&queue->lock);
	struct job *job = find_job(queue->running, key);
	if (job == NULL)
		job = find_job(queue->waiting, key);
	int64_t wait = expected_wait(queue, key->urgent);
	if (job == NULL && has_place(queue, key, wait)) {
		job = must(calloc(1, sizeof(*job)));
		*job = (struct job){.key = *key, .run = run, .context = context};
		add_job(queue, job, wait);
	}
	if (job != NULL) {
		waiter->next = job->waiters;
		job->waiters = waiter;
	} else {
		queue->refused++;
	}
	pthread_mutex_unlock(&queue->lock);
	return job != NULL;
}

/* Takes a waiting job, which is under way from now on. */
static struct job *begin_job(struct job_queue *queue, struct job **place)
{
	struct job *job = *place;
	*place = job->next;
	if (*place == NULL)
		queue->waiting_end = place;
	queue->waiting_count--;
	queue->urgent_count -= job->key.urgent;
	job->next = queue->running;
	queue->running = job;
	return job;
}

/* The next job; NULL: the threads are to end. */
static struct job *next_job(struct job_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->idle++;
	while (queue->waiting == NULL && !queue->stopping)
		pthread_cond_wait(&queue->work, &queue->lock);
	queue->idle--;
	struct job *job = queue->waiting != NULL ? begin_job(queue, &queue->waiting) : NULL;
	pthread_mutex_unlock(&queue->lock);
	return job;
}

/* Where the first waiting job stands whose begin is due first; there is one. */
static struct job **find_most_urgent(struct job_queue *queue)
{
	struct job **found = &queue->waiting;
	for (struct job **place = found; *place != NULL; place = &(*place)->next)
		if ((*place)->begin_by < (*found)->begin_by)
			found = place;
	return found;
}

/* The next job that has waited too long, all of them at the end; NULL: the thread is to end. */
static struct job *next_expired_job(struct job_queue *queue)
{
	struct job *job = NULL;
	pthread_mutex_lock(&queue->lock);
	while (job == NULL && (queue->waiting != NULL || !queue->stopping)) {
		if (queue->waiting == NULL) {
			queue->expiry_due = INT64_MAX;
			pthread_cond_wait(&queue->expiry, &queue->lock);
			continue;
		}
		struct job **urgent = find_most_urgent(queue);
		int64_t due = queue->expiry_due = (*urgent)->begin_by;
		struct timespec until = {due / MICROSECONDS, due % MICROSECONDS * 1000};
		if (clock_monotonic() >= due)
			job = begin_job(queue, urgent);
		else
			pthread_cond_timedwait(&queue->expiry, &queue->lock, &until);
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

void worker_disregard_time(struct worker *worker)
{
	worker->time_disregarded = true;
}

void **worker_slot(struct worker *worker)
{
	return &worker->slot;
}

static void weigh_in(int64_t *mean, int64_t duration)
{
	*mean += *mean == 0 ? duration : (duration - *mean) / MEAN_OF;
}

/* The job that the worker has done. */
static void count_job(struct job_queue *queue, const struct worker *worker, bool urgent,
                      int64_t duration)
{
	bool late = worker->deadline == 0, weighs = !late && !worker->time_disregarded;
	pthread_mutex_lock(&queue->lock);
	queue->late += late;
	queue->done += !late;
	if (weighs)
		weigh_in(&queue->mean_duration, duration);
	if (weighs && urgent)
		weigh_in(&queue->mean_urgent, duration);
	pthread_mutex_unlock(&queue->lock);
}

void job_queue_counts(struct job_queue *queue, struct job_queue_counts *counts)
{
	pthread_mutex_lock(&queue->lock);
	*counts = (struct job_queue_counts){
		.threads = queue->settings.count,
		.busy = queue->settings.count - queue->idle,
		.waiting = queue->waiting_count,
		.done = queue->done,
		.refused = queue->refused,
		.late = queue->late,
	};
	pthread_mutex_unlock(&queue->lock);
}

static void do_job(struct job_queue *queue, struct job *job, struct worker *worker)
{
	int64_t begin = clock_monotonic();
	bool late = begin >= job->begin_by, urgent = job->key.urgent;
	worker->deadline = late ? 0 : job->deadline;
	worker->time_disregarded = false;
	end_job(queue, job, job->run(job->context, worker));
	count_job(queue, worker, urgent, clock_monotonic() - begin);
}

/* True once the queue stops. */
static bool count_mending(struct job_queue *queue, bool begins)
{
	pthread_mutex_lock(&queue->lock);
	queue->mending += begins ? 1 : -(size_t)1;
	bool stopping = queue->stopping;
	pthread_mutex_unlock(&queue->lock);
	return stopping;
}

/* What the last job left behind may keep the thread from others, as long as the queue does not stop. */
static void mend_slot(struct job_queue *queue, struct worker *worker)
{
	bool good = worker->slot == NULL || queue->settings.mend == NULL, stopping = false;
	while (!good && !stopping) {
		(void)count_mending(queue, true);
		good = queue->settings.mend(&worker->slot);
		stopping = count_mending(queue, false);
	}
}

static void end_thread(struct job_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->alive--;
	pthread_cond_signal(&queue->ended);
	pthread_mutex_unlock(&queue->lock);
}

/* Without permission they take no less than others do. */
static void leave_processors(const struct job_queue *queue)
{
	if (setpriority(PRIO_PROCESS, (id_t)gettid(), BACKGROUND_NICE) != 0)
		log_warning("%s: cannot leave processors to others: %s", queue->settings.name,
		            strerror(errno));
}

static void *worker_thread(void *argument)
{
	struct worker worker = {0};
	struct job_queue *queue = argument;
	struct job *job;
	if (queue->settings.background)
		leave_processors(queue);
	while ((job = next_job(queue)) != NULL) {
		do_job(queue, job, &worker);
		mend_slot(queue, &worker);
	}
	if (worker.slot != NULL)
		queue->settings.drop(worker.slot);
	end_thread(queue);
	return NULL;
}

/* Ends jobs that have waited too long while the other threads are busy. */
static void *expiry_thread(void *argument)
{
	struct worker worker = {0};
	struct job_queue *queue = argument;
	struct job *job;
	while ((job = next_expired_job(queue)) != NULL)
		do_job(queue, job, &worker);
	end_thread(queue);
	return NULL;
}

static bool start_thread(struct job_queue *queue, void *(*run)(void *), struct error *error)
{
	pthread_t thread;
	int failed = pthread_create(&thread, NULL, run, queue);
	if (failed)
		return error_set(error, "cannot start %s: %s", queue->settings.name,
		                 strerror(failed));
	pthread_detach(thread);
	pthread_mutex_lock(&queue->lock);
	queue->alive++;
	pthread_mutex_unlock(&queue->lock);
	return true;
}

static void init_conditions(struct job_queue *queue)
{
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&queue->expiry, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_cond_init(&queue->work, NULL);
	pthread_cond_init(&queue->ended, NULL);
}

struct job_queue *job_queue_start(const struct job_queue_settings *settings, struct error *error)
{
	struct job_queue *queue = must(calloc(1, sizeof(*queue)));
	queue->settings = *settings;
	queue->waiting_end = &queue->waiting;
	queue->expiry_due = INT64_MAX;
	pthread_mutex_init(&queue->lock, NULL);
	init_conditions(queue);
	bool started = start_thread(queue, expiry_thread, error);
	for (size_t i = 0; started && i < settings->count; i++)
		started = start_thread(queue, worker_thread, error);
	if (started)
		return queue;
	if (job_queue_stop(queue))
		job_queue_free(queue);
	return NULL;
}

bool job_queue_stop(struct job_queue *queue)
{
	struct timespec until = clock_bound(STOP_SECONDS);
	int timed_out = 0;
	if (queue == NULL)
		return true;
	until.tv_sec += queue->settings.job_time / INT64_C(1000000);
	pthread_mutex_lock(&queue->lock);
	queue->stopping = true;
	for (struct job *job = queue->waiting; job != NULL; job = job->next)
		job->begin_by = 0;
	pthread_cond_broadcast(&queue->work);
	pthread_cond_broadcast(&queue->expiry);
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
	pthread_cond_destroy(&queue->expiry);
	pthread_cond_destroy(&queue->ended);
	free(queue);
}
