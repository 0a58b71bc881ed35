/* Links: a rebuilt url is plain ASCII, and rebuilding it again changes nothing. */
#include "protocol/link.h"
#include "support/fuzz.h"

static void rebuild(struct strbuf *out, struct text query)
{
	static const struct link_change changes[] = {{"limit", "10"}, {"offset", NULL}};
	struct link link = {.path = {"/", 1}, .query = query};

	link_write(out, &link, changes, 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf once = STRBUF_INIT, twice = STRBUF_INIT;

	rebuild(&once, (struct text){(const char *)data, size});
	for (size_t i = 0; i < once.length; i++)
		FUZZ_REQUIRE(once.data[i] > 0x20 && once.data[i] < 0x7F);
	FUZZ_REQUIRE(strncmp(once.data, "/?", 2) == 0);
	FUZZ_REQUIRE(strstr(once.data, "limit=10"));
	rebuild(&twice, (struct text){once.data + 2, once.length - 2});
	FUZZ_REQUIRE(strcmp(once.data, twice.data) == 0);
	strbuf_fini(&once);
	strbuf_fini(&twice);
	return 0;
}
