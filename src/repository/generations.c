/* Numbers the states of the data. */
#include "generations.h"

#include <string.h>

#include "base/clock.h"

/* Of a generation; the era's number is above them. */
#define VERSION_BITS 40

/* The lowest bits of the presence, whose count is above them. */
#define AWAY UINT64_C(1)
#define SILENT UINT64_C(2)
#define ABSENCE (AWAY | SILENT)

void generations_init(struct generations *generations)
{
	memset(generations, 0, sizeof(*generations));
	pthread_mutex_init(&generations->lock, NULL);
}

void generations_fini(struct generations *generations)
{
	pthread_mutex_destroy(&generations->lock);
}

uint64_t generations_newest(const struct generations *generations)
{
	return atomic_load_explicit(&generations->newest, memory_order_acquire);
}

uint64_t generation_era(uint64_t generation)
{
	return generation >> VERSION_BITS;
}

int64_t generation_version(uint64_t generation)
{
	return (int64_t)(generation & ((UINT64_C(1) << VERSION_BITS) - 1));
}

static uint64_t generation_of(uint64_t era, int64_t version)
{
	return era << VERSION_BITS | (uint64_t)version;
}

static void remember_superseded(struct generations *generations, uint64_t generation)
{
	pthread_mutex_lock(&generations->lock);
	size_t place = generations->superseded_count++ % GENERATIONS_REMEMBERED;
	generations->superseded[place] = (struct superseded){generation, clock_monotonic()};
	pthread_mutex_unlock(&generations->lock);
}

void generations_begin_era(struct generations *generations, int64_t version)
{
	uint64_t before = generations_newest(generations);
	uint64_t era = generation_era(before) + 1;
	before = atomic_exchange(&generations->newest, generation_of(era, version));
	remember_superseded(generations, before);
}

uint64_t generations_observe(struct generations *generations, uint64_t before, int64_t version)
{
	uint64_t era = generation_era(before), observed = generation_of(era, version);
	uint64_t newest = generations_newest(generations);
	generations_note_presence(generations);
	if (before == 0)
		return 0;
	while (generation_era(newest) == era && newest < observed)
		if (atomic_compare_exchange_weak(&generations->newest, &newest, observed)) {
			remember_superseded(generations, newest);
			break;
		}
	return generation_era(newest) == era ? observed : 0;
}

void generations_note_presence(struct generations *generations)
{
	uint64_t presence = atomic_load(&generations->presence);
	atomic_store(&generations->seen_at, clock_monotonic());
	while (!atomic_compare_exchange_weak(&generations->presence, &presence,
	                                     (presence | ABSENCE) + 1))
		;
}

uint64_t generations_presence(const struct generations *generations)
{
	return atomic_load(&generations->presence);
}

void generations_note_absence(struct generations *generations, uint64_t presence, bool silent)
{
	uint64_t count = presence & ~ABSENCE, absence = count | AWAY | (silent ? SILENT : 0);
	while ((presence & ~ABSENCE) == count &&
	       !atomic_compare_exchange_weak(&generations->presence, &presence, absence))
		;
}

static bool is_marked(const struct generations *generations, uint64_t mark)
{
	return (atomic_load_explicit(&generations->presence, memory_order_acquire) & mark) != 0;
}

bool generations_away(const struct generations *generations)
{
	return is_marked(generations, AWAY);
}

bool generations_silent(const struct generations *generations)
{
	return is_marked(generations, SILENT);
}

int64_t generations_good_until(struct generations *generations, uint64_t generation)
{
	int64_t found = 0;
	if (generation == generations_newest(generations))
		return generations_away(generations) ? atomic_load(&generations->seen_at)
		                                     : clock_monotonic();
	pthread_mutex_lock(&generations->lock);
	for (size_t i = 0; i < GENERATIONS_REMEMBERED; i++)
		if (generations->superseded[i].generation == generation &&
		    generations->superseded[i].at > found)
			found = generations->superseded[i].at;
	pthread_mutex_unlock(&generations->lock);
	return found;
}
