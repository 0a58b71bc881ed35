/* A generator of one's own, since those of C libraries differ, and what it is shaped into. */
#include "support/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* The years 1 to 9999, in days since 1970. */
#define FIRST_DAY (-719162)
#define DAYS UINT64_C(3652059)
#define DAY INT64_C(86400000000)

uint64_t random_seed(const char *test)
{
	const char *given = getenv("TEST_SEED");
	struct timespec now;
	uint64_t seed;

	clock_gettime(CLOCK_REALTIME, &now);
	seed = given ? strtoull(given, NULL, 10)
	             : (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
	printf("%s: TEST_SEED=%llu\n", test, (unsigned long long)seed);
	fflush(stdout);
	return seed;
}

void random_init(struct random *random, uint64_t seed)
{
	random->state = seed;
}

/* splitmix64 */
uint64_t random_bits(struct random *random)
{
	uint64_t z = (random->state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t random_below(struct random *random, uint64_t bound)
{
	return (uint64_t)(((unsigned __int128)random_bits(random) * bound) >> 64);
}

bool random_percent(struct random *random, unsigned percent)
{
	return random_below(random, 100) < percent;
}

int32_t random_integer(struct random *random)
{
	static const int32_t edges[] = {0, 1, -1, INT32_MAX, INT32_MIN, 100, 65536};

	if (random_percent(random, 30))
		return edges[random_below(random, LENGTH(edges))];
	if (random_percent(random, 50))
		return (int32_t)random_below(random, 10000);
	return (int32_t)(uint32_t)random_bits(random);
}

double random_double(struct random *random)
{
	static const double edges[] = {0.0,    -0.0,    1.0,    9.0,          0.1,
	                               1e-4,   1e-5,    1e15,   1e16,         5e-324,
	                               1e22,   1e23,    3.35,   5.972168e+24, 1e-7,
	                               4.5e16, 123456., 1e-310, -1.,          9999999999999998.0};
	double value;
	uint64_t bits;

	if (random_percent(random, 25))
		return edges[random_below(random, LENGTH(edges))];
	if (random_percent(random, 10))
		return ldexp(1.0, (int)random_below(random, 2098) - 1074);
	if (random_percent(random, 40))
		return (double)((int64_t)random_below(random, 360000000) - 180000000) / 1e6;
	do {
		bits = random_bits(random);
		memcpy(&value, &bits, sizeof(value));
	} while (!isfinite(value));
	return value;
}

int32_t random_date(struct random *random)
{
	if (random_percent(random, 5))
		return FIRST_DAY;
	if (random_percent(random, 5))
		return FIRST_DAY + (int32_t)DAYS - 1;
	if (random_percent(random, 50))
		return (int32_t)random_below(random, 25000); /* from 1970 to 2038 */
	return FIRST_DAY + (int32_t)random_below(random, DAYS);
}

int64_t random_moment(struct random *random)
{
	int64_t clock = (int64_t)random_below(random, 86400) * 1000000;

	if (random_percent(random, 5))
		clock = DAY - 1;
	else if (random_percent(random, 50))
		clock += (int64_t)random_below(random, 1000000);
	return random_date(random) * DAY + clock;
}

int64_t random_duration(struct random *random)
{
	static const int64_t edges[] = {
		0,   1,          1000000,         60000000, 500000,
		DAY, 3600000000, 100000000 * DAY, DAY - 1,  5 * DAY + 60000000};
	int64_t duration;

	if (random_percent(random, 30))
		duration = edges[random_below(random, LENGTH(edges))];
	else
		duration = (int64_t)random_below(random, (uint64_t)(100000000 * DAY)) >>
		           random_below(random, 50);
	if (random_percent(random, 60))
		duration -= duration % 1000000;
	return random_percent(random, 20) ? -duration : duration;
}

int64_t random_id(struct random *random)
{
	unsigned digits = random_percent(random, 3) ? 18 : random_percent(random, 10) ? 9 : 6;
	uint64_t bound = 1;

	while (digits-- > 0)
		bound *= 10;
	return 1 + (int64_t)random_below(random, bound - 1);
}

/* What texts are made of: each is as likely as any other of its list. */
static const char *const plain[] = {"a",     "Dragon", " ", "Soyuz MS", "launch", "-",   "7",
                                    "orbit", ".",      "Z", "flight",   "0",      "crew"};
static const char *const hard[] = {"\"",
                                   "\\",
                                   "/",
                                   "\b",
                                   "\f",
                                   "\n",
                                   "\r",
                                   "\t",
                                   "\x01",
                                   "\x0b",
                                   "\x1f",
                                   "\x7f",
                                   "'",
                                   "\\u0041",
                                   "\xc2\x80",
                                   "\xc2\x85",
                                   "\xc2\xa0",
                                   "\xc3\xa9",
                                   "\xd0\x9c\xd0\xb8\xd1\x80",
                                   "\xe2\x80\xa7",
                                   "\xe2\x80\xa8",
                                   "\xe2\x80\xa9",
                                   "\xe2\x80\xaf",
                                   "\xe2\x82\xac",
                                   "\xe2\x88\x80",
                                   "\xe5\xa4\xa9\xe5\xae\xab",
                                   "\xed\x9f\xbf",
                                   "\xee\x80\x80",
                                   "\xef\xbb\xbf",
                                   "\xef\xbf\xbd",
                                   "\xef\xbf\xbf",
                                   "\xf0\x90\x80\x80",
                                   "\xf0\x9f\x9a\x80",
                                   "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80",
                                   "\xf4\x8f\xbf\xbf",
                                   "e\xcc\x81",
                                   "<script>",
                                   "</",
                                   "&amp;",
                                   "javascript:",
                                   "https://example.org/?format=json",
                                   "{\"a\":[",
                                   "null",
                                   "\\N",
                                   "\\.",
                                   ",",
                                   "{}",
                                   "%s",
                                   "%00",
                                   "NULL"};

static void add_pieces(struct random *random, const char *const *pieces, size_t count,
                       size_t length, struct strbuf *out)
{
	size_t end = out->length + length;

	while (out->length < end)
		strbuf_str(out, pieces[random_below(random, count)]);
}

void random_long_text(struct random *random, size_t length, struct strbuf *out)
{
	add_pieces(random, hard, LENGTH(hard), length, out);
}

void random_text(struct random *random, struct strbuf *out)
{
	uint64_t dice = random_below(random, 1000);

	if (dice < 50)
		return;
	if (dice < 600)
		add_pieces(random, plain, LENGTH(plain), 1 + random_below(random, 30), out);
	else if (dice < 980)
		add_pieces(random, hard, LENGTH(hard), 1 + random_below(random, 20), out);
	else if (dice < 998)
		add_pieces(random, hard, LENGTH(hard), random_below(random, 400), out);
	else
		add_pieces(random, plain, LENGTH(plain), random_below(random, 5000), out);
}
