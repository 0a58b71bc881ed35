/* A bucket of worker's time for each client, filled at a steady rate. A client's bucket is found by a hash with a
   secret seed; the few clients that share one share its time. */
#include "search_share.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <xxhash.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/temporal.h"

enum {
	SLOTS = 4096,
	FULL_SECONDS = 3,       /* of time that a bucket has collected, at most */
	ESTIMATE_LEAST = 20000, /* microseconds that are reserved for a search, at least */
	ESTIMATE_MOST = 1000000,
	MEAN_OF = 8,
};

struct bucket {
	int64_t filled_at, level, reserved; /* microseconds */
};

struct search_share {
	uint64_t seed;
	int64_t workers, percent;
	pthread_mutex_t lock; /* guards what follows */
	int64_t estimate;     /* microseconds, of the last searches */
	struct bucket buckets[SLOTS];
};

static int64_t rate(const struct search_share *share, int64_t duration)
{
	return duration * share->workers * share->percent / 100;
}

struct search_share *search_share_new(size_t workers, int64_t percent)
{
	struct search_share *share = must(calloc(1, sizeof(*share)));

	/* Without it, whoever knows the hash can put others into one bucket: no more than that. */
	if (getrandom(&share->seed, sizeof(share->seed), GRND_NONBLOCK) < 0)
		share->seed = (uint64_t)clock_monotonic();
	share->workers = (int64_t)workers;
	share->percent = percent;
	share->estimate = ESTIMATE_LEAST;
	pthread_mutex_init(&share->lock, NULL);
	for (size_t i = 0; i < SLOTS; i++)
		share->buckets[i].level = rate(share, FULL_SECONDS * MICROSECONDS);
	return share;
}

void search_share_free(struct search_share *share)
{
	if (share == NULL)
		return;
	pthread_mutex_destroy(&share->lock);
	free(share);
}

static uint32_t slot_of(const struct search_share *share, const struct ip *client)
{
	size_t length = ip_is_v4(client) ? sizeof(client->bytes) : sizeof(client->bytes) / 2;

	return (uint32_t)(XXH3_64bits_withSeed(client->bytes, length, share->seed) % SLOTS);
}

static void fill(const struct search_share *share, struct bucket *bucket, int64_t now)
{
	int64_t most = rate(share, FULL_SECONDS * MICROSECONDS);
	int64_t more = now - bucket->filled_at;

	/* A bucket that nobody used for long: its time must not overflow. */
	if (more > HOUR_MICROSECONDS)
		more = HOUR_MICROSECONDS;
	bucket->level += rate(share, more);
	if (bucket->level > most)
		bucket->level = most;
	bucket->filled_at = now;
}

bool search_share_admit(struct search_share *share, const struct ip *client, int64_t now,
                        struct search_ticket *ticket, int64_t *wait)
{
	struct bucket *bucket;
	int64_t missing;

	ticket->slot = slot_of(share, client);
	ticket->reserved = 0;
	pthread_mutex_lock(&share->lock);
	bucket = &share->buckets[ticket->slot];
	fill(share, bucket, now);
	missing = bucket->reserved + 1 - bucket->level;
	if (missing <= 0) {
		ticket->reserved = share->estimate;
		bucket->reserved += ticket->reserved;
	}
	pthread_mutex_unlock(&share->lock);
	if (missing > 0)
		*wait = 1 + missing / rate(share, MICROSECONDS);
	return missing <= 0;
}

void search_share_spend(struct search_share *share, const struct search_ticket *ticket,
                        int64_t spent)
{
	pthread_mutex_lock(&share->lock);
	share->buckets[ticket->slot].level -= spent;
	share->estimate += (spent - share->estimate) / MEAN_OF;
	if (share->estimate < ESTIMATE_LEAST)
		share->estimate = ESTIMATE_LEAST;
	if (share->estimate > ESTIMATE_MOST)
		share->estimate = ESTIMATE_MOST;
	pthread_mutex_unlock(&share->lock);
}

void search_share_leave(struct search_share *share, struct search_ticket *ticket)
{
	pthread_mutex_lock(&share->lock);
	share->buckets[ticket->slot].reserved -= ticket->reserved;
	pthread_mutex_unlock(&share->lock);
	ticket->reserved = 0;
}
