/* Values of filters: what is read is within its bounds, and what the documents write is read as what it says. */
#include <math.h>

#include "base/temporal.h"
#include "protocol/query.h"
#include "protocol/datetime.h"
#include "protocol/integer.h"
#include "protocol/number.h"
#include "support/fuzz.h"

#define FIRST (INT64_C(-62135596800) * MICROSECONDS)  /* the year 1 */
#define BEYOND (INT64_C(253402300800) * MICROSECONDS) /* the year 10000 */

static void check_moment(struct text text, const char *string)
{
	int64_t moment, other;

	if (!datetime_parse(text, &moment)) {
		FUZZ_REQUIRE(strlen(string) != text.length || !moment_parse(string, &other));
		return;
	}
	FUZZ_REQUIRE(moment > FIRST - DAY_MICROSECONDS && moment < BEYOND + DAY_MICROSECONDS);
	if (strlen(string) == text.length && moment_parse(string, &other))
		FUZZ_REQUIRE(other == moment);
}

static void check_date(struct text text)
{
	int32_t date, again;
	char written[TEMPORAL_TEXT_SIZE];

	if (!day_parse(text, &date))
		return;
	date_format(date, written);
	FUZZ_REQUIRE(day_parse(text_of(written), &again) && again == date);
}

static void check_number(struct text text)
{
	struct decimal number;
	struct arena arena;

	arena_init(&arena);
	if (number_parse(&arena, text, &number)) {
		FUZZ_REQUIRE(!isnan(number.real));
		FUZZ_REQUIRE(number.integer >= -INTEGER_LARGEST &&
		             number.integer <= INTEGER_LARGEST);
		if (fabs(number.real) < 1e15)
			FUZZ_REQUIRE(fabs(trunc(number.real) - (double)number.integer) <= 1);
	}
	arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = {(const char *)data, size};
	char *string = fuzz_string(data, size);

	check_moment(text, string);
	check_date(text);
	check_number(text);
	free(string);
	return 0;
}
