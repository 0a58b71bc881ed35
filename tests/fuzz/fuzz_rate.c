/* Rates of the throttle: a rate that can be read throttles, and an error says why not. */
#include "http/throttle.h"
#include "support/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);
	struct throttle_rate rate;
	struct error error = {0};

	if (throttle_rate_parse(text, &rate, &error))
		FUZZ_REQUIRE(rate.requests >= 0 && rate.requests <= THROTTLE_REQUESTS_MOST &&
		             (rate.requests == 0) == (rate.period == 0));
	else
		FUZZ_REQUIRE(error_is_set(&error) && rate.requests == 0);
	free(text);
	return 0;
}
