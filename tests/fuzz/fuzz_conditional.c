/* Accept-Encoding and If-None-Match. */
#include "protocol/variant.h"
#include "support/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *header = fuzz_string(data, size);
	bool acceptable;
	enum encoding encoding = encoding_choose(header, &acceptable);

	FUZZ_REQUIRE(encoding < ENCODING_COUNT);
	FUZZ_REQUIRE(acceptable || encoding == ENCODING_IDENTITY);
	FUZZ_REQUIRE(!etag_matches(header, "\"0a-gzip\"") || strchr(header, '*') ||
	             strstr(header, "\"0a-gzip\""));
	free(header);
	return 0;
}
