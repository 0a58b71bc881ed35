/* Keeps each client's sliding log of requests. */
#include "protocol/throttle.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash_table.h"
#include "base/memory.h"
#include "base/temporal.h"

#define STAMPS_FIRST 4
#define IDLE_AT_ONCE 2

/* A client's requests. Logs are in a hash table by client and in a list by their last request. */
struct log {
	struct hash_node node;
	struct log *newer, *older;
	struct ip client;
	/* A ring: the times of the answered requests of the last period. */
	uint32_t capacity, first, count;
	int64_t *stamps;
};

struct throttle {
	size_t memory_most;
	uint64_t seed; /* so that nobody can choose addresses of one bucket */

	pthread_mutex_t lock; /* over what follows */
	struct throttle_rate rate;
	struct hash_table logs;
	struct log *newest, *oldest;
	size_t log_memory;
};

static uint64_t hash_of(const struct throttle *throttle, const struct ip *key)
{
	return hash_bytes(key->bytes, sizeof(key->bytes), throttle->seed);
}

static size_t memory_of(const struct log *log)
{
	return sizeof(*log) + log->capacity * sizeof(*log->stamps);
}

static size_t total_memory(const struct throttle *throttle)
{
	return sizeof(*throttle) + throttle->logs.bucket_count * sizeof(struct hash_node *) +
	       throttle->log_memory;
}

static void list_remove(struct throttle *throttle, struct log *log)
{
	*(log->newer ? &log->newer->older : &throttle->newest) = log->older;
	*(log->older ? &log->older->newer : &throttle->oldest) = log->newer;
}

static void list_add_newest(struct throttle *throttle, struct log *log)
{
	log->newer = NULL;
	log->older = throttle->newest;
	*(log->older ? &log->older->newer : &throttle->oldest) = log;
	throttle->newest = log;
}

static void log_forget(struct throttle *throttle, struct log *log)
{
	hash_table_remove(&throttle->logs, &log->node);
	list_remove(throttle, log);
	throttle->log_memory -= memory_of(log);
	free(log->stamps);
	free(log);
}

static struct log *log_find(struct throttle *throttle, const struct ip *key)
{
	struct hash_node *node = hash_table_first(&throttle->logs, hash_of(throttle, key));

	for (; node; node = hash_table_next(node)) {
		struct log *log = CONTAINER_OF(node, struct log, node);

		if (memcmp(&log->client, key, sizeof(*key)) == 0)
			return log;
	}
	return NULL;
}

static struct log *log_new(struct throttle *throttle, const struct ip *key)
{
	struct log *log = must(calloc(1, sizeof(*log)));

	log->client = *key;
	hash_table_add(&throttle->logs, &log->node, hash_of(throttle, key));
	list_add_newest(throttle, log);
	throttle->log_memory += memory_of(log);
	return log;
}

static void log_expire(struct log *log, int64_t before)
{
	while (log->count > 0 && log->stamps[log->first] <= before) {
		log->first = (log->first + 1) % log->capacity;
		log->count--;
	}
}

static void log_grow(struct throttle *throttle, struct log *log)
{
	int64_t wanted = log->capacity ? (int64_t)log->capacity * 2 : STAMPS_FIRST;
	int64_t *stamps;

	if (wanted > throttle->rate.requests)
		wanted = throttle->rate.requests;
	stamps = must(malloc((size_t)wanted * sizeof(*stamps)));
	for (uint32_t i = 0; i < log->count; i++)
		stamps[i] = log->stamps[(log->first + i) % log->capacity];
	throttle->log_memory -= memory_of(log);
	free(log->stamps);
	log->stamps = stamps;
	log->first = 0;
	log->capacity = (uint32_t)wanted;
	throttle->log_memory += memory_of(log);
}

static void log_add(struct throttle *throttle, struct log *log, int64_t now)
{
	if (log->count == log->capacity)
		log_grow(throttle, log);
	log->stamps[(log->first + log->count++) % log->capacity] = now;
}

/* Whole seconds until the log has room again. */
static int64_t wait_of(const struct throttle *throttle, const struct log *log, int64_t now)
{
	int64_t beyond =
		log->count - throttle->rate.requests; /* more than 0 when the rate was changed */
	int64_t wait;

	if (beyond < 0)
		return 0;
	wait = log->stamps[(log->first + (uint32_t)beyond) % log->capacity] +
	       throttle->rate.period - now;
	/* Threads may come here in another order than they took the time. */
	if (wait > throttle->rate.period)
		wait = throttle->rate.period;
	return (wait + MICROSECONDS - 1) / MICROSECONDS;
}

/* Removes clients without a request in the last period, a few at a time, and as many more as must make room. */
static void make_room(struct throttle *throttle, int64_t before)
{
	struct log *newer;
	int idle = 0;

	for (struct log *log = throttle->oldest; log != throttle->newest; log = newer) {
		newer = log->newer;
		if (total_memory(throttle) <= throttle->memory_most) {
			log_expire(log, before);
			if (log->count > 0 || idle++ == IDLE_AT_ONCE)
				break;
		}
		log_forget(throttle, log);
	}
}

bool throttle_admit(struct throttle *throttle, const struct ip *client, int64_t now, int64_t *wait)
{
	struct ip key = ip_client(client);
	struct log *log;

	*wait = 0;
	pthread_mutex_lock(&throttle->lock);
	log = log_find(throttle, &key);
	if (!log)
		log = log_new(throttle, &key);
	/* A refused request counts as use, or a client that goes on sending would be removed and start anew. */
	list_remove(throttle, log);
	list_add_newest(throttle, log);
	log_expire(log, now - throttle->rate.period);
	*wait = wait_of(throttle, log, now);
	if (*wait == 0)
		log_add(throttle, log, now);
	make_room(throttle, now - throttle->rate.period);
	pthread_mutex_unlock(&throttle->lock);
	return *wait == 0;
}

void throttle_status_of(struct throttle *throttle, const struct ip *client, int64_t now,
                        struct throttle_status *status)
{
	struct ip key = ip_client(client);
	struct log *log;

	pthread_mutex_lock(&throttle->lock);
	*status = (struct throttle_status){
		.requests = throttle->rate.requests,
		.period_seconds = throttle->rate.period / MICROSECONDS,
	};
	log = log_find(throttle, &key);
	if (log) {
		log_expire(log, now - throttle->rate.period);
		status->used = log->count;
		status->wait = wait_of(throttle, log, now);
	}
	pthread_mutex_unlock(&throttle->lock);
}

size_t throttle_memory(struct throttle *throttle)
{
	size_t memory;

	pthread_mutex_lock(&throttle->lock);
	memory = total_memory(throttle);
	pthread_mutex_unlock(&throttle->lock);
	return memory;
}

static struct throttle_rate bounded(const struct throttle_rate *rate)
{
	struct throttle_rate bounded = *rate;

	if (bounded.requests > THROTTLE_REQUESTS_MOST)
		bounded.requests = THROTTLE_REQUESTS_MOST;
	return bounded;
}

void throttle_set_rate(struct throttle *throttle, const struct throttle_rate *rate)
{
	pthread_mutex_lock(&throttle->lock);
	throttle->rate = bounded(rate);
	pthread_mutex_unlock(&throttle->lock);
}

struct throttle *throttle_new(const struct throttle_rate *rate, size_t memory)
{
	struct throttle *throttle = must(calloc(1, sizeof(*throttle)));

	throttle->rate = bounded(rate);
	throttle->memory_most = memory;
	throttle->seed = hash_seed();
	hash_table_reserve(&throttle->logs, memory / (4 * sizeof(struct log)));
	if (pthread_mutex_init(&throttle->lock, NULL) != 0) {
		hash_table_fini(&throttle->logs);
		free(throttle);
		return NULL;
	}
	return throttle;
}

void throttle_free(struct throttle *throttle)
{
	if (!throttle)
		return;
	for (struct log *log = throttle->newest, *older; log; log = older) {
		older = log->older;
		free(log->stamps);
		free(log);
	}
	pthread_mutex_destroy(&throttle->lock);
	hash_table_fini(&throttle->logs);
	free(throttle);
}
