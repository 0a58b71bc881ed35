/* Queries: all that is read is within its bounds. */
#include "protocol/number.h"
#include "protocol/query.h"
#include "base/utf8.h"
#include "support/fuzz.h"

static void check_sorts(const struct query *query, const struct endpoint *endpoint)
{
	size_t count;

	endpoint_orderings(endpoint, &count);
	FUZZ_REQUIRE(query->sort_count >= 1 && query->sort_count <= count + 1);
	for (size_t i = 0; i < query->sort_count; i++)
		for (size_t k = 0; k < i; k++)
			FUZZ_REQUIRE(query->sorts[i].ordering != query->sorts[k].ordering);
	FUZZ_REQUIRE(query->sorts[query->sort_count - 1].ordering == NULL);
}

static void check_conditions(const struct query *query, const struct endpoint *endpoint)
{
	FUZZ_REQUIRE(query->condition_count <= endpoint->filter_count);
	for (size_t i = 0; i < query->condition_count; i++) {
		const struct condition *condition = &query->conditions[i];

		FUZZ_REQUIRE(i == 0 || condition->filter > query->conditions[i - 1].filter);
		FUZZ_REQUIRE(query->errors[condition->filter - endpoint->filters] == NULL);
		FUZZ_REQUIRE(condition->count <= CONDITION_VALUES_MOST);
		for (size_t k = 0;
		     condition->filter->match == MATCH_NUMBERS && k < condition->count; k++)
			FUZZ_REQUIRE(condition->integers[k] >= -INTEGER_LARGEST &&
			             condition->integers[k] <= INTEGER_LARGEST);
		if (condition->filter->match != MATCH_TEXT)
			continue;
		FUZZ_REQUIRE(condition->text.length > 0 && !text_has(condition->text, '\0'));
		FUZZ_REQUIRE(utf8_valid(condition->text));
	}
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

static void check_query(struct text raw, const struct endpoint *endpoint)
{
	struct query query;
	struct arena arena;

	arena_init(&arena);
	if (query_parse(&arena, raw, endpoint, &query)) {
		FUZZ_REQUIRE(query.limit >= 1 && query.limit <= QUERY_LIMIT_MOST);
		FUZZ_REQUIRE(query.offset >= 0 && query.offset <= INTEGER_LARGEST);
		FUZZ_REQUIRE(query_url_suffix(&query));
		for (size_t i = 0; i < QUERY_PARAMETER_COUNT; i++)
			FUZZ_REQUIRE(utf8_valid(query.given[i]));
		check_sorts(&query, endpoint);
		check_conditions(&query, endpoint);
		check_terms(&query);
	}
	arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < endpoint_count; i++)
		check_query((struct text){(const char *)data, size}, endpoints[i]);
	return 0;
}
