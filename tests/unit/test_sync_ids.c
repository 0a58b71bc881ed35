/* Sets of ids. */
#include "sync/ids.h"

#include <stdio.h>

#include "support/cmocka.h"

#define IDS(...) \
	((const int64_t[]){__VA_ARGS__}), sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t)

static void set_is(const struct strbuf *set, const int64_t *ids, size_t count)
{
	assert_int_equal(ids_count(set), count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(ids_array(set)[i], ids[i]);
}

static void test_add(void **state)
{
	struct strbuf set = STRBUF_INIT;

	(void)state;
	ids_add(&set, NULL, 0);
	assert_int_equal(ids_count(&set), 0);
	assert_false(ids_contain(&set, 0));
	ids_add(&set, IDS(5, 7));
	ids_add(&set, IDS(9));
	set_is(&set, IDS(5, 7, 9));
	ids_add(&set, IDS(9, 8, -1, 5, 12, 8));
	set_is(&set, IDS(-1, 5, 7, 8, 9, 12));
	assert_true(ids_contain(&set, -1) && ids_contain(&set, 12) && ids_contain(&set, 8));
	assert_false(ids_contain(&set, 6) || ids_contain(&set, 13) || ids_contain(&set, -2));
	assert_int_equal(ids_rank(&set, 6), 2);
	assert_int_equal(ids_rank(&set, 7), 2);
	assert_int_equal(ids_rank(&set, 100), 6);
	strbuf_fini(&set);
}

static void test_two(void **state)
{
	struct strbuf a = STRBUF_INIT, b = STRBUF_INIT, out = STRBUF_INIT;

	(void)state;
	ids_add(&a, IDS(1, 2, 3, 4));
	ids_add(&b, IDS(0, 2, 4, 6));
	ids_subtract(&a, &b, &out);
	set_is(&out, IDS(1, 3));
	strbuf_reset(&out);
	ids_intersect(&a, &b, &out);
	set_is(&out, IDS(2, 4));
	strbuf_fini(&a);
	strbuf_fini(&b);
	strbuf_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
