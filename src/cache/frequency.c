/* Rows of counters: each counts a key at a place of its own, so that the least of them is the best estimate. */
#include "frequency.h"

#include <stdlib.h>

#include "base/memory.h"

/* Each row's place is 16 bits of the hash. Half as many new keys as a row has places share one of them in all rows in
   less than 3 of 100 cases. */
enum { ROWS = 4, ROW_BITS = 16, ROW_SIZE = 1 << ROW_BITS, AGE_AFTER = ROW_SIZE / 2 };

struct frequency {
	uint32_t recorded; /* that age, since counts were halved */
	uint8_t counts[ROWS][ROW_SIZE];
};

struct frequency *frequency_new(void)
{
	return must(calloc(1, sizeof(struct frequency)));
}

void frequency_free(struct frequency *frequency)
{
	free(frequency);
}

static size_t place_of(uint64_t hash, int row)
{
	return (size_t)(hash >> (row * ROW_BITS)) & (ROW_SIZE - 1);
}

unsigned frequency_of(const struct frequency *frequency, uint64_t hash)
{
	unsigned least = FREQUENCY_MOST;
	for (int row = 0; row < ROWS; row++) {
		unsigned count = frequency->counts[row][place_of(hash, row)];
		least = count < least ? count : least;
	}
	return least;
}

static void halve(struct frequency *frequency)
{
	for (int row = 0; row < ROWS; row++)
		for (size_t i = 0; i < ROW_SIZE; i++)
			frequency->counts[row][i] >>= 1;
	frequency->recorded = 0;
}

void frequency_record(struct frequency *frequency, uint64_t hash, bool ages)
{
	unsigned before = frequency_of(frequency, hash);
	/* Counters above the least count other keys as well: they stay. */
	for (int row = 0; before < FREQUENCY_MOST && row < ROWS; row++) {
		uint8_t *count = &frequency->counts[row][place_of(hash, row)];
		*count = *count > before ? *count : (uint8_t)(before + 1);
	}
	if (ages && ++frequency->recorded == AGE_AFTER)
		halve(frequency);
}
