/* Any text as a moment, date and duration: what is read is written and read again as the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/temporal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[TEMPORAL_TEXT_SIZE];
	char *input = strndup((const char *)data, size);
	int64_t value;
	int64_t again;
	int32_t date;
	int32_t date_again;

	must(input != NULL);
	if (moment_parse(input, &value)) {
		must(moment_format(value, text) < sizeof(text));
		must(moment_parse(text, &again) && again == value);
	}
	if (date_parse(input, &date)) {
		must(date_format(date, text) < sizeof(text));
		must(date_parse(text, &date_again) && date_again == date);
	}
	if (duration_parse(input, &value)) {
		must(duration_format(value, text) < sizeof(text));
		must(duration_parse(text, &again) && again == value);
	}
	if (clock_duration_parse(input, &value)) {
		must(clock_duration_format(value, text) < sizeof(text));
		must(clock_duration_parse(text, &again) && again == value);
	}
	free(input);
	return 0;
}
