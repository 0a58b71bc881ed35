/* Targets: what has a route has what the route promises. */
#include "protocol/router.h"
#include "base/utf8.h"
#include "support/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text raw, query;
	struct arena arena;
	struct routed path;

	arena_init(&arena);
	target_split((struct text){(const char *)data, size}, &raw, &query);
	path = route_path(&arena, text_of("/ll2"), raw);
	FUZZ_REQUIRE(utf8_valid(path.decoded));
	FUZZ_REQUIRE(path.route == ROUTE_NONE ||
	             (path.decoded.length > 0 && path.decoded.data[0] == '/'));
	FUZZ_REQUIRE(path.route != ROUTE_NONE || !path.slash_missing);
	if (path.route == ROUTE_ROW)
		FUZZ_REQUIRE(path.id.length > 0 && !text_has(path.id, '/') &&
		             !text_has(path.id, '.'));
	arena_fini(&arena);
	return 0;
}
