/* Values of filters: what is read is within its bounds, and what the documents write is read as what it says. */
#include <math.h>

#include "base/temporal.h"
#include "protocol/query.h"
#include "protocol/datetime.h"
#include "protocol/filter_value.h"
#include "protocol/number.h"
#include "protocol/search_terms.h"
#include "support/fuzz.h"

#define FIRST (INT64_C(-62135596800) * MICROSECONDS)  /* the year 1 */
#define BEYOND (INT64_C(253402300800) * MICROSECONDS) /* the year 10000 */

static void check_moment(struct text text, const char *string)
{
	int64_t moment, other;

	if (us_datetime_parse(text, &moment))
		FUZZ_REQUIRE(moment >= FIRST && moment < BEYOND);
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

static void check_uuid_and_search(struct text text)
{
	struct arena arena;
	const struct text *terms;
	char written[KEY_TEXT_SIZE];
	struct key key, again;
	size_t count;

	arena_init(&arena);
	if (uuid_read(&arena, text, &key)) {
		key_format(true, key, written);
		FUZZ_REQUIRE(uuid_parse(text_of(written), &again) && key_equal(key, again));
	}
	for (int own = 0; own < 2; own++) {
		terms = search_terms(&arena, text, own, &count);
		FUZZ_REQUIRE(count <= text.length);
		for (size_t i = 0; i < count; i++)
			FUZZ_REQUIRE(terms[i].length > 0 && terms[i].length <= text.length);
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
	check_uuid_and_search(text);
	free(string);
	return 0;
}
