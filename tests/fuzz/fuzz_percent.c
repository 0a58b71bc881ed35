/* Percent-encoding: what is read is UTF-8, and what is written reads as it was before. */
#include "base/arena.h"
#include "base/strbuf.h"
#include "protocol/percent.h"
#include "base/utf8.h"
#include "support/fuzz.h"

static bool same(struct text a, struct text b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

static void check_field(struct arena *arena, struct text raw, enum percent_raw beyond_ascii)
{
	struct text field = percent_decode_field(arena, raw, beyond_ascii);
	struct strbuf out = STRBUF_INIT;

	/* In UTF-8 mode bytes that are not encoded pass: the caller knows that they are UTF-8. */
	if (beyond_ascii == PERCENT_RAW_LATIN1 || utf8_valid(raw)) {
		FUZZ_REQUIRE(utf8_valid(field));
		percent_encode_field(&out, field);
		FUZZ_REQUIRE(same(percent_decode_field(arena, (struct text){out.data, out.length},
		                                       beyond_ascii),
		                  field));
	}
	strbuf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text raw = {(const char *)data, size};
	struct strbuf out = STRBUF_INIT;
	struct arena arena;
	struct text path;

	arena_init(&arena);
	check_field(&arena, raw, PERCENT_RAW_UTF8);
	check_field(&arena, raw, PERCENT_RAW_LATIN1);
	path = percent_decode_path(&arena, raw);
	FUZZ_REQUIRE(utf8_valid(path));
	percent_encode_path(&out, path);
	FUZZ_REQUIRE(same(percent_decode_path(&arena, (struct text){out.data, out.length}), path));
	strbuf_reset(&out);
	percent_encode_query(&out, raw);
	for (size_t i = 0; i < out.length; i++)
		FUZZ_REQUIRE(out.data[i] > 0x20 && out.data[i] < 0x7F && out.data[i] != '"');
	strbuf_fini(&out);
	arena_fini(&arena);
	return 0;
}
