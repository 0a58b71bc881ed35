/* MurmurHash3 (x64, 128 bits), which is in the public domain: tells documents apart at the speed of
   memory. Not made against those who look for collisions, but the upstream can say what it wants anyway. */
#include <string.h>

#include "sync/page.h"

#define C1 UINT64_C(0x87c37b91114253d5)
#define C2 UINT64_C(0x4cf5ad432745937f)

static uint64_t rotate(uint64_t value, unsigned bits)
{
	return value << bits | value >> (64 - bits);
}

static uint64_t finish(uint64_t k)
{
	k = (k ^ k >> 33) * UINT64_C(0xff51afd7ed558ccd);
	k = (k ^ k >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return k ^ k >> 33;
}

static uint64_t mix1(uint64_t k)
{
	return rotate(k * C1, 31) * C2;
}

static uint64_t mix2(uint64_t k)
{
	return rotate(k * C2, 33) * C1;
}

/* Up to eight bytes, little-endian. */
static uint64_t tail(const char *data, size_t length)
{
	uint64_t value = 0;

	memcpy(&value, data, length);
	return value;
}

struct key sync_digest(const char *data, size_t length)
{
	uint64_t h1 = 0, h2 = 0;
	size_t rest = length % 16;

	for (const char *end = data + length - rest; data < end; data += 16) {
		h1 = (rotate(h1 ^ mix1(tail(data, 8)), 27) + h2) * 5 + 0x52dce729;
		h2 = (rotate(h2 ^ mix2(tail(data + 8, 8)), 31) + h1) * 5 + 0x38495ab5;
	}
	if (rest > 8)
		h2 ^= mix2(tail(data + 8, rest - 8));
	if (rest > 0)
		h1 ^= mix1(tail(data, rest < 8 ? rest : 8));
	h1 ^= length;
	h2 ^= length;
	h1 += h2;
	h2 += h1;
	h1 = finish(h1);
	h2 = finish(h2);
	h1 += h2;
	h2 += h1;
	return (struct key){h1, h2};
}
