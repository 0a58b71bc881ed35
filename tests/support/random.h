/* Random values that are hard on programs: a seed gives the same ones everywhere. */
#ifndef SUPPORT_RANDOM_H
#define SUPPORT_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"

struct random {
	uint64_t state;
};

/* The seed of a test: TEST_SEED where it is set, else of the clock; printed, so that a failure can be
   had again. */
uint64_t random_seed(const char *test);

void random_init(struct random *random, uint64_t seed);

uint64_t random_bits(struct random *random);
/* From 0 to bound - 1, evenly; bound must not be 0. */
uint64_t random_below(struct random *random, uint64_t bound);
/* True so many times in a hundred. */
bool random_percent(struct random *random, unsigned percent);

/* 32 bits; often at the limits, often small. */
int32_t random_integer(struct random *random);
/* Any finite double, often one with few digits, sometimes a power of two, -0.0 or a subnormal. */
double random_double(struct random *random);
/* From the year 1 to 9999, in microseconds since 1970; whole seconds half of the time. */
int64_t random_moment(struct random *random);
/* Days since 1970, the same years. */
int32_t random_date(struct random *random);
/* Microseconds, within 100,000,000 days either way; often zero, whole or negative. */
int64_t random_duration(struct random *random);
/* An id: mostly small, sometimes up to 18 digits. */
int64_t random_id(struct random *random);

/* Appends UTF-8 without NUL: empty, plain, or of quotes, backslashes, control characters, emoji, line
   separators and markup; mostly short, sometimes thousands of bytes. */
void random_text(struct random *random, struct strbuf *out);
/* Appends at least that many bytes. */
void random_long_text(struct random *random, size_t length, struct strbuf *out);

#endif
