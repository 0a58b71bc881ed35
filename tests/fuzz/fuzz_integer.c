/* Numbers: within bounds, and the same without what is around them. */
#include <inttypes.h>
#include <stdio.h>

#include "protocol/number.h"
#include "support/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t value, again;
	char text[32];

	if (!integer_parse((struct text){(const char *)data, size}, &value))
		return 0;
	FUZZ_REQUIRE(value >= -INTEGER_LARGEST && value <= INTEGER_LARGEST);
	snprintf(text, sizeof(text), " %+" PRId64 "\n", value);
	FUZZ_REQUIRE(integer_parse(text_of(text), &again) && again == value);
	return 0;
}
