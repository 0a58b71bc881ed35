/* The tables of endpoints against what the original's documentation says of its lists: tests/data/lists.tsv. */
#include <stdio.h>
#include <string.h>

#include "resources/all.h"
#include "support/cmocka.h"

#define PARTS 5

/* What the lines so far have said of a list. */
struct listed {
	const struct endpoint *endpoint;
	size_t filters, modes, orderings, searched;
	size_t next; /* filter, by number, of those that can be wrong: errors name them in this order */
};

static bool is(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static const char *schema_of(const struct endpoint *endpoint, enum view_id view)
{
	return resource_view(endpoint->resource, view)->schema;
}

static void begin_list(struct listed *listed, char *const part[PARTS])
{
	const struct endpoint *endpoint = endpoint_at(text_of(part[0]));

	if (endpoint == NULL)
		fail_msg("there is no %s", part[0]);
	*listed = (struct listed){.endpoint = endpoint};
	assert_string_equal(endpoint->model, part[1]);
	assert_string_equal(schema_of(endpoint, endpoint->one), part[2]);
	assert_string_equal(endpoint->modes[0].name ? endpoint->modes[0].name : "-", part[3]);
}

static size_t count_modes(const struct endpoint *endpoint)
{
	size_t count = 0;

	while (count < MODES_MAX && endpoint->modes[count].name)
		count++;
	return count;
}

static size_t count_filters(const struct endpoint *endpoint)
{
	size_t count = 0;

	for (size_t i = 0; i < endpoint->filter_count; i++)
		count += !endpoint->filters[i].own;
	return count;
}

static void end_list(const struct listed *listed)
{
	const struct endpoint *endpoint = listed->endpoint;

	if (endpoint == NULL)
		return;
	if (listed->filters != count_filters(endpoint) || listed->modes != count_modes(endpoint))
		fail_msg("%s: %zu filters and %zu modes", endpoint->path, listed->filters,
		         listed->modes);
	assert_int_equal(listed->orderings == 0, endpoint->orders_by_all_fields);
	if (listed->orderings > 0)
		assert_int_equal(listed->orderings,
		                 endpoint->ordering_count + endpoint->orders_by_id);
	if (!endpoint->search_table)
		assert_int_equal(listed->searched, endpoint->search_count);
}

static void check_mode(struct listed *listed, const char *name, const char *schema)
{
	const struct endpoint *endpoint = listed->endpoint;
	size_t i = 0;

	while (i < MODES_MAX && !is(endpoint->modes[i].name, name))
		i++;
	if (i == MODES_MAX || !is(schema_of(endpoint, endpoint->modes[i].view), schema))
		fail_msg("%s: mode %s", endpoint->path, name);
	listed->modes++;
}

static const char *kind_of(const struct filter *filter)
{
	static const char *const kinds[] = {
		[MATCH_CHOICE] = "choice",   [MATCH_CHOICES] = "choices",
		[MATCH_BOOLEAN] = "boolean", [MATCH_TEXT] = "text",
		[MATCH_NUMBER] = "number",   [MATCH_DATE] = "date",
		[MATCH_MOMENT] = "datetime", [MATCH_NUMBERS] = "numbers",
		[MATCH_UUIDS] = "uuids",     [MATCH_TEXTS] = "texts",
	};

	return filter->match == MATCH_BOOLEAN && filter->lookup >= LOOKUP_EXISTS
	               ? "special"
	               : kinds[filter->match];
}

/* `contains` of many is as without it; parts of dates are lists of numbers. */
static const char *lookup_of(const struct filter *filter, const char *expected)
{
	static const char *const lookups[] = {
		[LOOKUP_EXACT] = "exact",
		[LOOKUP_CONTAINS] = "contains",
		[LOOKUP_ICONTAINS] = "icontains",
		[LOOKUP_GT] = "gt",
		[LOOKUP_GTE] = "gte",
		[LOOKUP_LT] = "lt",
		[LOOKUP_LTE] = "lte",
		[LOOKUP_DAY] = "in",
		[LOOKUP_MONTH] = "in",
		[LOOKUP_YEAR] = "in",
	};

	if (filter->match == MATCH_BOOLEAN && filter->lookup >= LOOKUP_EXISTS)
		return "-";
	if (filter->match == MATCH_CHOICES)
		return expected;
	return filter->match >= MATCH_NUMBERS && filter->lookup == LOOKUP_EXACT
	               ? "in"
	               : lookups[filter->lookup];
}

static size_t find_filter(const struct endpoint *endpoint, const char *name)
{
	size_t i = 0;

	while (i < endpoint->filter_count && !is(endpoint->filters[i].name, name))
		i++;
	if (i == endpoint->filter_count)
		fail_msg("%s has no %s", endpoint->path, name);
	return i;
}

static void check_filter(struct listed *listed, char *const part[PARTS])
{
	const struct endpoint *endpoint = listed->endpoint;
	size_t i = find_filter(endpoint, part[1]);
	const struct filter *filter = &endpoint->filters[i];

	if (filter->own || !is(kind_of(filter), part[2]) ||
	    !is(lookup_of(filter, part[3]), part[3]) || filter->us_dates != is(part[4], "us"))
		fail_msg("%s: %s is %s, %s", endpoint->path, part[1], part[2], part[3]);
	if (filter->match != MATCH_BOOLEAN) {
		assert_true(i >= listed->next);
		listed->next = i + 1;
	}
	listed->filters++;
}

static void check_ordering(struct listed *listed, const char *term)
{
	const struct endpoint *endpoint = listed->endpoint;
	bool found = is(term, "id") && endpoint->orders_by_id;

	for (size_t i = 0; i < endpoint->ordering_count; i++)
		found = found || is(endpoint->orderings[i].term, term);
	if (!found)
		fail_msg("%s is not ordered by %s", endpoint->path, term);
	listed->orderings++;
}

/* Ours may go another way, but to a field of the same name. */
static void check_search(struct listed *listed, const char *path)
{
	const struct endpoint *endpoint = listed->endpoint;
	const char *name = path, *end;

	while ((end = strstr(name, "__")) != NULL)
		name = end + 2;
	assert_true(listed->searched < endpoint->search_count);
	if (!text_ends_with(text_of(endpoint->search[listed->searched]), name))
		fail_msg("%s is not searched by %s", endpoint->path, path);
	listed->searched++;
}

static void check_line(struct listed *listed, char *const part[PARTS])
{
	assert_non_null(listed->endpoint);
	assert_non_null(part[1]);
	if (is(part[0], "mode"))
		check_mode(listed, part[1], part[2]);
	else if (is(part[0], "filter"))
		check_filter(listed, part);
	else if (is(part[0], "ordering"))
		check_ordering(listed, part[1]);
	else if (is(part[0], "search"))
		check_search(listed, part[1]);
	else
		fail_msg("a line of an unknown kind in %s", listed->endpoint->path);
}

static void test_lists(void **state)
{
	struct listed listed = {.endpoint = NULL};
	FILE *file = fopen("tests/data/lists.tsv", "r");
	char line[256];
	size_t lists = 0, filters = 0;

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file) != NULL) {
		bool inner = line[0] == '\t';
		char *rest = line + inner, *part[PARTS] = {NULL};

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#')
			continue;
		for (size_t i = 0; i < PARTS && rest != NULL; i++)
			part[i] = strsep(&rest, "\t");
		if (inner) {
			check_line(&listed, part);
			filters += is(part[0], "filter");
			continue;
		}
		end_list(&listed);
		begin_list(&listed, part);
		lists++;
	}
	end_list(&listed);
	fclose(file);
	assert_int_equal(filters, 735);
	assert_int_equal(lists, 57);
	assert_int_equal(endpoint_count, lists);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_lists)};

	return RUN_TESTS("lists", tests, NULL, NULL);
}
