/* Accept, with each format: the choice is one that the format allows. */
#include "protocol/negotiation.h"
#include "support/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *accept = fuzz_string(data, size);
	struct negotiation any, json, api;
	enum negotiated with_any = negotiate(QUERY_FORMAT_ABSENT, accept, &any);
	enum negotiated with_json = negotiate(QUERY_FORMAT_JSON, accept, &json);
	enum negotiated with_api = negotiate(QUERY_FORMAT_API, accept, &api);

	FUZZ_REQUIRE(any.indent >= 0 && any.indent <= NEGOTIATE_INDENT_MOST);
	FUZZ_REQUIRE(json.renderer == RENDERER_JSON);
	FUZZ_REQUIRE(with_api != NEGOTIATED || api.renderer == RENDERER_HTML);
	/* Without a format the choice is one of those with. */
	FUZZ_REQUIRE((with_any == NEGOTIATED) ==
	             (with_json == NEGOTIATED || with_api == NEGOTIATED));
	FUZZ_REQUIRE(with_any != NEGOTIATED ||
	             (any.renderer == RENDERER_JSON ? with_json : with_api) == NEGOTIATED);
	free(accept);
	return 0;
}
