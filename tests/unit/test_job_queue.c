/* Jobs: whose time is over, who shares one, and what becomes of those that wait at the end. */
#include "server/job_queue.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "support/cmocka.h"
#include "support/poll.h"

#define MILLISECOND INT64_C(1000)
#define SECOND (1000 * MILLISECOND)
#define LONG (60 * SECOND) /* no job of a test takes so long; the end of a queue that hangs does */

/* A job that stands still until it is let go, and one who waits for it. Each test has its own, and not on its stack:
   those of a test that failed stay with the threads of its queue. */
struct errand {
	struct waiter waiter; /* the first member */
	sem_t go;
	bool late;
	_Atomic bool begun, done;
};

static void *stand(void *context, struct worker *worker)
{
	struct errand *errand = context;

	errand->begun = true;
	sem_wait(&errand->go);
	errand->late = worker_is_late(worker);
	return errand;
}

static void *tell(void *context, struct worker *worker)
{
	struct errand *errand = context;

	errand->late = worker_is_late(worker);
	return errand;
}

/* Without a result it is never done: only the test's own thread can fail. */
static void wake(struct waiter *waiter, void *result)
{
	struct errand *errand = (struct errand *)waiter;

	errand->done = result != NULL;
}

static bool has_begun(void *user)
{
	const struct errand *errand = user;

	return errand->begun;
}

static void await_begin(struct errand *errand)
{
	assert_true(poll_until(has_begun, errand, 10));
}

static bool is_done(void *user)
{
	const struct errand *errand = user;

	return errand->done;
}

static void errand_init(struct errand *errand)
{
	*errand = (struct errand){.waiter = {.wake = wake}};
	assert_int_equal(sem_init(&errand->go, 0, 0), 0);
}

static void *share(void *result)
{
	return result;
}

static struct job_queue *start_with(int64_t job_time, int64_t wait_most)
{
	struct error error = {0};
	struct job_queue_settings settings = {.name = "test",
	                                      .count = 1,
	                                      .job_time = job_time,
	                                      .wait_most = wait_most,
	                                      .share = share};
	struct job_queue *queue = job_queue_start(&settings, &error);

	assert_non_null(queue);
	return queue;
}

static struct job_queue *start(int64_t job_time)
{
	return start_with(job_time, job_time);
}

static bool submit(struct job_queue *queue, job_function *run, struct errand *errand)
{
	return job_queue_submit(queue, &(struct job_key){.bytes = ""}, run, errand,
	                        &errand->waiter);
}

/* Has the only thread stand still with it. */
static void occupy(struct job_queue *queue, struct errand *errand)
{
	assert_true(submit(queue, stand, errand));
	await_begin(errand);
}

static bool is_over(void *user)
{
	return clock_monotonic() > *(int64_t *)user;
}

/* A job is late when it waited too long for its turn. */
static void test_late(void **state)
{
	static struct errand first, second, third;
	struct job_queue *queue = start(50 * MILLISECOND);
	int64_t end;

	(void)state;
	errand_init(&first);
	errand_init(&second);
	errand_init(&third);
	occupy(queue, &first);
	assert_true(submit(queue, tell, &second));
	end = clock_monotonic() + 50 * MILLISECOND;
	assert_true(poll_until(is_over, &end, 10));
	sem_post(&first.go);
	assert_true(poll_until(is_done, &first, 10));
	assert_true(poll_until(is_done, &second, 10));
	assert_true(first.late);
	assert_true(second.late);
	assert_true(job_queue_stop(queue));
	assert_false(submit(queue, tell, &third));
	job_queue_free(queue);
}

static void *stop(void *queue)
{
	return job_queue_stop(queue) ? queue : NULL;
}

/* Whether the queue is about to end: it takes no more. */
struct refusing {
	struct job_queue *queue;
	struct errand *spare;
};

static bool refuses(void *user)
{
	struct refusing *refusing = user;

	return !submit(refusing->queue, tell, refusing->spare++);
}

/* At the end what is under way has its time, and what waits has none: it ends at once. */
static void test_late_at_the_end(void **state)
{
	enum { SPARE = 1000 };
	static struct errand spare[SPARE];
	static struct errand first, second;
	struct job_queue *queue = start(LONG);
	struct refusing refusing = {queue, spare};
	pthread_t thread;
	void *stopped;

	(void)state;
	errand_init(&first);
	errand_init(&second);
	for (size_t i = 0; i < SPARE; i++)
		spare[i].waiter.wake = wake;
	occupy(queue, &first);
	assert_true(submit(queue, tell, &second));
	assert_int_equal(pthread_create(&thread, NULL, stop, queue), 0);
	assert_true(poll_until(refuses, &refusing, 1));
	assert_true(poll_until(is_done, &second, 10));
	assert_true(second.late);
	assert_false(first.done);
	sem_post(&first.go);
	assert_int_equal(pthread_join(thread, &stopped), 0);
	assert_ptr_equal(stopped, queue);
	assert_true(first.done);
	assert_false(first.late);
	job_queue_free(queue);
}

/* One job for all who ask for the same, as long as it is not done. */
static void test_shared(void **state)
{
	static struct errand first, second, third;
	struct job_queue *queue = start(LONG);
	struct job_key key = {.bytes = "key", .length = 3, .generation = 1};
	struct job_key newer = {.bytes = "key", .length = 3, .generation = 2};

	(void)state;
	errand_init(&first);
	errand_init(&second);
	errand_init(&third);
	second.late = third.late = true;
	assert_true(job_queue_submit(queue, &key, stand, &first, &first.waiter));
	await_begin(&first);
	assert_true(job_queue_submit(queue, &key, tell, &second, &second.waiter));
	assert_true(job_queue_submit(queue, &newer, tell, &third, &third.waiter));
	sem_post(&first.go);
	assert_true(poll_until(is_done, &third, 10));
	assert_true(first.done && second.done);
	assert_true(second.late); /* did not run */
	assert_false(third.late); /* did */
	assert_true(job_queue_stop(queue));
	job_queue_free(queue);
}

/* The same where the job has not begun yet. */
static void test_shared_while_waiting(void **state)
{
	static struct errand first, second, third;
	struct job_queue *queue = start(LONG);
	struct job_key key = {.bytes = "key", .length = 3, .generation = 1};

	(void)state;
	errand_init(&first);
	errand_init(&second);
	errand_init(&third);
	second.late = third.late = true;
	occupy(queue, &first);
	assert_true(job_queue_submit(queue, &key, tell, &second, &second.waiter));
	assert_true(job_queue_submit(queue, &key, tell, &third, &third.waiter));
	sem_post(&first.go);
	assert_true(poll_until(is_done, &second, 10));
	assert_true(poll_until(is_done, &third, 10));
	assert_false(second.late); /* ran, for both */
	assert_true(third.late);
	assert_true(job_queue_stop(queue));
	job_queue_free(queue);
}

/* So many jobs may wait, and no more are taken until some of them are done. */
static void test_queue_is_bounded(void **state)
{
	enum { MOST = 10000 };
	static struct errand waiting[MOST];
	static struct errand first;
	struct job_queue *queue = start(LONG);
	size_t count = 0;

	(void)state;
	errand_init(&first);
	for (size_t i = 0; i < MOST; i++)
		waiting[i].waiter.wake = wake;
	occupy(queue, &first);
	while (count < MOST && submit(queue, tell, &waiting[count]))
		count++;
	assert_in_range(count, 1000, MOST - 1);
	sem_post(&first.go);
	assert_true(poll_until(is_done, &waiting[count - 1], 10));
	for (size_t i = 0; i < count; i++)
		assert_true(waiting[i].done);
	assert_true(submit(queue, tell, &waiting[count]));
	assert_true(poll_until(is_done, &waiting[count], 10));
	assert_true(job_queue_stop(queue));
	job_queue_free(queue);
}

/* --- Overload --- */

/* A job that has waited for so long is late, and ends although the only thread is busy. */
static void test_expires_while_the_thread_hangs(void **state)
{
	static struct errand first, second, third;
	struct job_queue *queue = start_with(LONG, 50 * MILLISECOND);

	(void)state;
	errand_init(&first);
	errand_init(&second);
	errand_init(&third);
	occupy(queue, &first);
	assert_true(submit(queue, tell, &second));
	assert_true(poll_until(is_done, &second, 10));
	assert_true(second.late);
	assert_false(first.done);
	assert_true(submit(queue, tell, &third));
	assert_true(poll_until(is_done, &third, 10));
	assert_true(third.late);
	sem_post(&first.go);
	assert_true(poll_until(is_done, &first, 10));
	assert_false(first.late);
	assert_true(job_queue_stop(queue));
	job_queue_free(queue);
}

/* Also behind a patient one, whose time is over much later. */
static void test_expires_behind_a_patient_one(void **state)
{
	static struct errand first, patient, second;
	struct job_key key = {.bytes = "", .patient = true};
	struct job_queue *queue = start_with(LONG, 50 * MILLISECOND);

	(void)state;
	errand_init(&first);
	errand_init(&patient);
	errand_init(&second);
	occupy(queue, &first);
	assert_true(job_queue_submit(queue, &key, tell, &patient, &patient.waiter));
	/* The thread of expiry waits for the patient one by then. */
	int64_t end = clock_monotonic() + 50 * MILLISECOND;
	assert_true(poll_until(is_over, &end, 10));
	assert_true(submit(queue, tell, &second));
	assert_true(poll_until(is_done, &second, 10));
	assert_true(second.late);
	assert_false(first.done || patient.done);
	sem_post(&first.go);
	assert_true(poll_until(is_done, &patient, 10));
	assert_false(patient.late);
	assert_true(job_queue_stop(queue));
	job_queue_free(queue);
}

#define DURATION (20 * MILLISECOND)

static void *take_time(void *context, struct worker *worker)
{
	int64_t end = clock_monotonic() + DURATION;

	while (clock_monotonic() < end)
		sched_yield();
	return tell(context, worker);
}

/* Teaches the queue how long a job takes. */
static void take_times(struct job_queue *queue, job_function *run)
{
	for (int i = 0; i < 40; i++) {
		static struct errand errand;

		errand_init(&errand);
		assert_true(submit(queue, run, &errand));
		assert_true(poll_until(is_done, &errand, 10));
	}
}

/* Once it is known how long jobs take, one that would wait too long is not taken. */
static void test_refused_where_the_wait_is_long(void **state)
{
	enum { MOST = 1000, PLACES = 10 };
	static struct errand waiting[MOST];
	static struct errand first;
	struct job_queue *queue = start_with(LONG, PLACES * DURATION);
	size_t count = 0;

	(void)state;
	take_times(queue, take_time);
	errand_init(&first);
	for (size_t i = 0; i < MOST; i++)
		waiting[i].waiter.wake = wake;
	occupy(queue, &first);
	while (count < MOST && submit(queue, tell, &waiting[count]))
		count++;
	/* Jobs may have taken longer than they had to, but never less. */
	assert_in_range(count, 1, PLACES);
	sem_post(&first.go);
	assert_true(poll_until(is_done, &waiting[count - 1], 10));
	assert_true(job_queue_stop(queue));
	job_queue_free(queue);
}

static void *take_time_in_vain(void *context, struct worker *worker)
{
	worker_disregard_time(worker);
	return take_time(context, worker);
}

/* Not by jobs whose time says nothing of that of others. */
static void test_disregarded_time(void **state)
{
	enum { COUNT = 10 };
	static struct errand waiting[COUNT];
	static struct errand first;
	struct job_queue *queue = start_with(LONG, DURATION);

	(void)state;
	take_times(queue, take_time_in_vain);
	errand_init(&first);
	occupy(queue, &first);
	for (size_t i = 0; i < COUNT; i++) {
		waiting[i].waiter.wake = wake;
		assert_true(submit(queue, tell, &waiting[i]));
	}
	sem_post(&first.go);
	assert_true(poll_until(is_done, &waiting[COUNT - 1], 10));
	assert_true(job_queue_stop(queue));
	job_queue_free(queue);
}

/* Submits a job of a client, 0: of nobody; urgent or not. */
static bool submit_for(struct job_queue *queue, int client, bool urgent, struct errand *errand)
{
	struct job_key key = {.bytes = "", .urgent = urgent, .client = {{(unsigned char)client}}};

	return job_queue_submit(queue, &key, tell, errand, &errand->waiter);
}

/* A client may fill half of the queue, whatever it submits; others find a place then, one at least. */
static void test_clients_have_shares(void **state)
{
	enum { MOST = 1000, PLACES = 100 };
	static struct errand waiting[MOST], others[PLACES];
	static struct errand first;
	struct job_queue *queue = start_with(LONG, PLACES * DURATION);
	size_t count = 0;

	(void)state;
	take_times(queue, take_time);
	errand_init(&first);
	for (size_t i = 0; i < MOST; i++)
		waiting[i].waiter.wake = wake;
	for (size_t i = 0; i < PLACES; i++)
		others[i].waiter.wake = wake;
	occupy(queue, &first);
	while (count < MOST && submit_for(queue, 1, false, &waiting[count]))
		count++;
	assert_in_range(count, 1, PLACES / 2);
	assert_true(submit_for(queue, 2, false, &others[0]));
	assert_true(submit_for(queue, 3, false, &others[1]));
	assert_false(submit_for(queue, 3, false, &others[2]));
	assert_false(submit_for(queue, 1, false, &others[2]));
	sem_post(&first.go);
	assert_true(poll_until(is_done, &others[1], 10));
	assert_true(job_queue_stop(queue));
	job_queue_free(queue);
}

/* A patient job is taken, and not late, where others would be refused. */
static void test_patient(void **state)
{
	enum { MOST = 20 };
	static struct errand others[MOST];
	static struct errand first, patient;
	struct job_key key = {.bytes = "", .patient = true, .client = {{1}}};
	struct job_queue *queue = start_with(LONG, 2 * DURATION);
	size_t count = 0;
	int64_t end;

	(void)state;
	take_times(queue, take_time);
	errand_init(&first);
	errand_init(&patient);
	for (size_t i = 0; i < MOST; i++)
		others[i].waiter.wake = wake;
	occupy(queue, &first);
	while (submit_for(queue, 2, false, &others[count]))
		assert_true(++count < MOST);
	assert_true(job_queue_submit(queue, &key, tell, &patient, &patient.waiter));
	end = clock_monotonic() + 20 * DURATION;
	assert_true(poll_until(is_over, &end, 10));
	sem_post(&first.go);
	assert_true(poll_until(is_done, &patient, 10));
	assert_false(patient.late);
	assert_true(job_queue_stop(queue));
	job_queue_free(queue);
}

static struct errand *done_order[8];
static _Atomic size_t done_count;

static void *note(void *context, struct worker *worker)
{
	done_order[done_count++] = context;
	return tell(context, worker);
}

/* Urgent jobs that are short find a place, however long others take. */
static void test_urgent_by_their_own_time(void **state)
{
	enum { PLACES = 10, KNOWN = 5, URGENT = 4 * PLACES };
	static struct errand urgent[URGENT];
	static struct errand first;
	struct job_queue *queue = start_with(LONG, PLACES * DURATION);

	(void)state;
	errand_init(&first);
	for (size_t i = 0; i < URGENT; i++)
		errand_init(&urgent[i]);
	for (size_t i = 0; i < KNOWN; i++) {
		assert_true(submit_for(queue, 0, true, &urgent[i]));
		assert_true(poll_until(is_done, &urgent[i], 10));
		urgent[i].done = false;
	}
	take_times(queue, take_time);
	occupy(queue, &first);
	for (size_t i = 0; i < URGENT; i++)
		assert_true(submit_for(queue, 0, true, &urgent[i]));
	sem_post(&first.go);
	assert_true(poll_until(is_done, &urgent[URGENT - 1], 10));
	assert_true(job_queue_stop(queue));
	job_queue_free(queue);
}

/* Urgent jobs come first, in their order, and find a place where all others are taken. */
static void test_urgent_first(void **state)
{
	enum { MOST = 1000, PLACES = 10 };
	static struct errand waiting[MOST];
	static struct errand first, cold[2], hot[2];
	struct job_key urgent = {.bytes = "", .urgent = true};
	struct job_queue *queue = start_with(LONG, PLACES * DURATION);
	size_t count = 0;

	(void)state;
	take_times(queue, take_time);
	errand_init(&first);
	done_count = 0;
	for (size_t i = 0; i < MOST; i++)
		waiting[i].waiter.wake = wake;
	occupy(queue, &first);
	for (size_t i = 0; i < 2; i++) {
		errand_init(&cold[i]);
		errand_init(&hot[i]);
		assert_true(submit(queue, note, &cold[i]));
	}
	while (count < MOST && submit(queue, tell, &waiting[count]))
		count++;
	for (size_t i = 0; i < 2; i++)
		assert_true(job_queue_submit(queue, &urgent, note, &hot[i], &hot[i].waiter));
	sem_post(&first.go);
	assert_true(poll_until(is_done, &cold[1], 10));
	assert_ptr_equal(done_order[0], &hot[0]);
	assert_ptr_equal(done_order[1], &hot[1]);
	assert_ptr_equal(done_order[2], &cold[0]);
	assert_ptr_equal(done_order[3], &cold[1]);
	if (count > 0)
		assert_true(poll_until(is_done, &waiting[count - 1], 10));
	assert_true(job_queue_stop(queue));
	job_queue_free(queue);
}

/* Where each job takes longer than any may wait, one waits nevertheless: its turn comes when the other is done. */
static void test_one_waits_for_long_jobs(void **state)
{
	struct job_queue_counts counts;
	static struct errand first, second, third;
	struct job_queue *queue = start_with(LONG, DURATION / 10);

	(void)state;
	take_times(queue, take_time);
	errand_init(&first);
	errand_init(&second);
	errand_init(&third);
	occupy(queue, &first);
	assert_true(submit(queue, tell, &second));
	assert_false(submit(queue, tell, &third));
	job_queue_counts(queue, &counts);
	assert_int_equal(counts.threads, 1);
	assert_int_equal(counts.busy, 1);
	assert_int_equal(counts.waiting, 1);
	assert_int_equal(counts.refused, 1);
	sem_post(&first.go);
	assert_true(poll_until(is_done, &second, 10));
	assert_true(job_queue_stop(queue));
	job_queue_free(queue);
}

/* --- What a job leaves behind. --- */

static _Atomic int mendings;

static void *leave(void *context, struct worker *worker)
{
	*worker_slot(worker) = context;
	return tell(context, worker);
}

static bool mend(void **slot)
{
	if (++mendings < 3)
		return false;
	*slot = NULL;
	return true;
}

static void *count_mendings(void *context, struct worker *worker)
{
	*(int *)context = *worker_slot(worker) == NULL ? mendings : -1;
	return context;
}

/* The thread takes no job before its slot is good. */
static void test_slot_is_mended_first(void **state)
{
	struct error error = {0};
	struct job_queue_settings settings = {.name = "test",
	                                      .count = 1,
	                                      .job_time = LONG,
	                                      .wait_most = LONG,
	                                      .share = share,
	                                      .mend = mend};
	struct job_queue *queue = job_queue_start(&settings, &error);
	static struct errand first, second;
	static int counted;

	(void)state;
	assert_non_null(queue);
	errand_init(&first);
	errand_init(&second);
	assert_true(submit(queue, leave, &first));
	assert_true(job_queue_submit(queue, &(struct job_key){.bytes = ""}, count_mendings,
	                             &counted, &second.waiter));
	assert_true(poll_until(is_done, &second, 10));
	assert_int_equal(counted, 3);
	assert_true(job_queue_stop(queue));
	job_queue_free(queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_late_at_the_end),
		cmocka_unit_test(test_shared),
		cmocka_unit_test(test_shared_while_waiting),
		cmocka_unit_test(test_queue_is_bounded),
		cmocka_unit_test(test_expires_while_the_thread_hangs),
		cmocka_unit_test(test_expires_behind_a_patient_one),
		cmocka_unit_test(test_refused_where_the_wait_is_long),
		cmocka_unit_test(test_disregarded_time),
		cmocka_unit_test(test_clients_have_shares),
		cmocka_unit_test(test_urgent_first),
		cmocka_unit_test(test_urgent_by_their_own_time),
		cmocka_unit_test(test_patient),
		cmocka_unit_test(test_one_waits_for_long_jobs),
		cmocka_unit_test(test_slot_is_mended_first),
	};

	return RUN_TESTS("queue", tests, NULL, NULL);
}
