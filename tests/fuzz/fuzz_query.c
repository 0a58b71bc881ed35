/* Queries: all that is read is within its bounds. */
#include "protocol/integer.h"
#include "protocol/query.h"
#include "base/utf8.h"
#include "support/fuzz.h"

static void check_order(const struct query *query)
{
	bool seen[QUERY_COLUMN_COUNT] = {false};

	FUZZ_REQUIRE(query->order_count >= 1 && query->order_count <= QUERY_COLUMN_COUNT);
	for (size_t i = 0; i < query->order_count; i++) {
		FUZZ_REQUIRE(!seen[query->order[i].column]);
		seen[query->order[i].column] = true;
	}
	FUZZ_REQUIRE(query->order[query->order_count - 1].column == QUERY_BY_ID);
}

static void check_terms(const struct query *query)
{
	FUZZ_REQUIRE(!query->search_nul || query->term_count == 0);
	for (size_t i = 0; i < query->term_count; i++) {
		FUZZ_REQUIRE(query->terms[i].length > 0);
		FUZZ_REQUIRE(utf8_valid(query->terms[i]));
		FUZZ_REQUIRE(!text_has(query->terms[i], '\0'));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct query query;
	struct arena arena;

	arena_init(&arena);
	if (query_parse(&arena, (struct text){(const char *)data, size}, &query)) {
		FUZZ_REQUIRE(query.limit >= 1 && query.limit <= QUERY_LIMIT_MOST);
		FUZZ_REQUIRE(query.offset >= 0 && query.offset <= INTEGER_LARGEST);
		FUZZ_REQUIRE(query_url_suffix(&query));
		for (size_t i = 0; i < QUERY_PARAMETER_COUNT; i++)
			FUZZ_REQUIRE(utf8_valid(query.given[i]));
		check_order(&query);
		check_terms(&query);
	}
	arena_fini(&arena);
	return 0;
}
