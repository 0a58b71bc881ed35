/* Keeps each client's sliding log of requests. */
#include "protocol/throttle.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <xxhash.h>

#include "base/memory.h"
#include "base/temporal.h"

#define STAMPS_FIRST 4
#define IDLE_AT_ONCE 2
#define IPV6_NETWORK_BYTES 8

/* A client, in a chain of its bucket and in the list of all by when they last asked. */
struct log {
	struct log *next_in_bucket;
	struct log *newer, *older;
	struct ip client;
	/* A ring: when the answered requests of the last period were asked. */
	uint32_t capacity, first, count;
	int64_t *stamps;
};

struct throttle {
	struct throttle_rate rate;
	size_t memory_most;
	uint64_t seed;       /* so that nobody can choose addresses of one bucket */
	size_t bucket_count; /* a power of two */

	pthread_mutex_t lock; /* over what follows */
	struct log **buckets;
	struct log *newest, *oldest;
	size_t memory;
};

static struct ip key_of(const struct ip *client)
{
	struct ip key = *client;

	if (!ip_is_v4(client))
		memset(key.bytes + IPV6_NETWORK_BYTES, 0, sizeof(key.bytes) - IPV6_NETWORK_BYTES);
	return key;
}

static struct log **bucket_of(struct throttle *throttle, const struct ip *key)
{
	uint64_t hash = XXH3_64bits_withSeed(key->bytes, sizeof(key->bytes), throttle->seed);

	return &throttle->buckets[hash & (throttle->bucket_count - 1)];
}

static size_t memory_of(const struct log *log)
{
	return sizeof(*log) + log->capacity * sizeof(*log->stamps);
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
	struct log **at = bucket_of(throttle, &log->client);

	while (*at != log)
		at = &(*at)->next_in_bucket;
	*at = log->next_in_bucket;
	list_remove(throttle, log);
	throttle->memory -= memory_of(log);
	free(log->stamps);
	free(log);
}

static struct log *log_find(struct throttle *throttle, const struct ip *key)
{
	struct log *log = *bucket_of(throttle, key);

	while (log && memcmp(&log->client, key, sizeof(*key)) != 0)
		log = log->next_in_bucket;
	return log;
}

static struct log *log_new(struct throttle *throttle, const struct ip *key)
{
	struct log **bucket = bucket_of(throttle, key);
	struct log *log = must(calloc(1, sizeof(*log)));

	log->client = *key;
	log->next_in_bucket = *bucket;
	*bucket = log;
	list_add_newest(throttle, log);
	throttle->memory += memory_of(log);
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
	throttle->memory -= memory_of(log);
	free(log->stamps);
	log->stamps = stamps;
	log->first = 0;
	log->capacity = (uint32_t)wanted;
	throttle->memory += memory_of(log);
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
	int64_t wait;

	if (log->count < throttle->rate.requests)
		return 0;
	wait = log->stamps[log->first] + throttle->rate.period - now;
	/* Threads may come here in another order than they took the time. */
	if (wait > throttle->rate.period)
		wait = throttle->rate.period;
	return (wait + MICROSECONDS - 1) / MICROSECONDS;
}

/* Forgets clients that asked nothing for a period, a few at a time, and as many as must make room.
   */
static void make_room(struct throttle *throttle, int64_t before)
{
	struct log *newer;
	int idle = 0;

	for (struct log *log = throttle->oldest; log != throttle->newest; log = newer) {
		newer = log->newer;
		if (throttle->memory <= throttle->memory_most) {
			log_expire(log, before);
			if (log->count > 0 || idle++ == IDLE_AT_ONCE)
				break;
		}
		log_forget(throttle, log);
	}
}

bool throttle_admit(struct throttle *throttle, const struct ip *client, int64_t now, int64_t *wait)
{
	struct ip key = key_of(client);
	struct log *log;

	*wait = 0;
	pthread_mutex_lock(&throttle->lock);
	log = log_find(throttle, &key);
	if (!log)
		log = log_new(throttle, &key);
	/* Those who are refused stay in mind too: who goes on asking must not be forgotten. */
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
	struct ip key = key_of(client);
	struct log *log;

	*status = (struct throttle_status){
		.requests = throttle->rate.requests,
		.period_seconds = throttle->rate.period / MICROSECONDS,
	};
	pthread_mutex_lock(&throttle->lock);
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
	memory = throttle->memory;
	pthread_mutex_unlock(&throttle->lock);
	return memory;
}

void throttle_write_detail(struct strbuf *out, int64_t wait)
{
	strbuf_printf(out, "Request was throttled. Expected available in %" PRId64 " second%s.",
	              wait, wait == 1 ? "" : "s");
}

struct throttle *throttle_new(const struct throttle_rate *rate, size_t memory)
{
	struct throttle *throttle = must(calloc(1, sizeof(*throttle)));

	throttle->rate = *rate;
	if (rate->requests > THROTTLE_REQUESTS_MOST)
		throttle->rate.requests = THROTTLE_REQUESTS_MOST;
	throttle->memory_most = memory;
	throttle->bucket_count = 64;
	while (throttle->bucket_count < memory / (4 * sizeof(struct log)))
		throttle->bucket_count *= 2;
	throttle->buckets = must(calloc(throttle->bucket_count, sizeof(struct log *)));
	throttle->memory = sizeof(*throttle) + throttle->bucket_count * sizeof(struct log *);
	if (getrandom(&throttle->seed, sizeof(throttle->seed), 0) < 0 ||
	    pthread_mutex_init(&throttle->lock, NULL) != 0) {
		free(throttle->buckets);
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
	free(throttle->buckets);
	free(throttle);
}
