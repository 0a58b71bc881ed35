/* Which pages a list links to, against what Python makes of the rules (tests/tools/pages-cases.py). */
#include "protocol/pagination.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "support/cmocka.h"

static void describe(struct strbuf *out, const struct page_link *link)
{
	if (out->length > 0)
		strbuf_char(out, ' ');
	if (link->gap) {
		strbuf_str(out, "...");
		return;
	}
	strbuf_printf(out, "%s%" PRId64, link->current ? "*" : "", link->number);
	if (link->number > 1)
		strbuf_printf(out, "@%" PRId64, link->offset);
	else
		assert_int_equal(link->offset, 0);
}

/* One line of the file; returns whether it came out as it says. */
static bool check(char *line)
{
	struct page_link links[PAGES_MOST];
	struct strbuf found = STRBUF_INIT;
	char *rest;
	int64_t count = strtoll(line, &rest, 10);
	int64_t limit = strtoll(rest, &rest, 10);
	int64_t offset = strtoll(rest, &rest, 10);
	int length = pagination_list(count, limit, offset, links);
	bool good;

	assert_in_range(length, 1, PAGES_MOST);
	for (int i = 0; i < length; i++)
		describe(&found, &links[i]);
	rest++; /* the tab */
	rest[strcspn(rest, "\n")] = '\0';
	good = found.data && strcmp(found.data, rest) == 0;
	if (!good)
		print_error("count %" PRId64 " limit %" PRId64 " offset %" PRId64 ": %s, not %s\n",
		            count, limit, offset, found.data, rest);
	strbuf_fini(&found);
	return good;
}

static void test_python_pages(void **state)
{
	FILE *file = fopen("tests/data/pages.tsv", "r");
	char *line = NULL;
	size_t size = 0;
	int count = 0;
	int wrong = 0;

	(void)state;
	assert_non_null(file);
	for (; getline(&line, &size, file) > 0; count++)
		wrong += !check(line);
	free(line);
	fclose(file);
	assert_true(count > 300);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_python_pages),
	};

	return RUN_TESTS("pagination", tests, NULL, NULL);
}
