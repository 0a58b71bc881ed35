/* Sets of keys. */
#include "sync/keys.h"

#include <stdio.h>

#include "support/cmocka.h"

#define IDS(...) \
	((const int64_t[]){__VA_ARGS__}), sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t)

static void set_is(const struct strbuf *set, const int64_t *ids, size_t count)
{
	assert_int_equal(keys_count(set), count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal((int64_t)keys_array(set)[i].low, ids[i]);
}

static void add(struct strbuf *set, const int64_t *ids, size_t count)
{
	struct key keys[16] = {{0, 0}};

	for (size_t i = 0; i < count; i++)
		keys[i] = key_of_integer(ids[i]);
	keys_add(set, keys, count);
}

static bool contains(const struct strbuf *set, int64_t id)
{
	return keys_contain(set, key_of_integer(id));
}

static size_t rank(const struct strbuf *set, int64_t id)
{
	return keys_rank(set, key_of_integer(id));
}

static void test_add(void **state)
{
	struct strbuf set = STRBUF_INIT;

	(void)state;
	add(&set, NULL, 0);
	assert_int_equal(keys_count(&set), 0);
	assert_false(contains(&set, 0));
	add(&set, IDS(5, 7));
	add(&set, IDS(9));
	set_is(&set, IDS(5, 7, 9));
	add(&set, IDS(9, 8, 1, 5, 12, 8));
	set_is(&set, IDS(1, 5, 7, 8, 9, 12));
	assert_true(contains(&set, 1) && contains(&set, 12) && contains(&set, 8));
	assert_false(contains(&set, 6) || contains(&set, 13) || contains(&set, 2));
	assert_int_equal(rank(&set, 6), 2);
	assert_int_equal(rank(&set, 7), 2);
	assert_int_equal(rank(&set, 100), 6);
	strbuf_fini(&set);
}

static void test_two(void **state)
{
	struct strbuf a = STRBUF_INIT, b = STRBUF_INIT, out = STRBUF_INIT;

	(void)state;
	add(&a, IDS(1, 2, 3, 4));
	add(&b, IDS(0, 2, 4, 6));
	keys_subtract(&a, &b, &out);
	set_is(&out, IDS(1, 3));
	strbuf_reset(&out);
	keys_intersect(&a, &b, &out);
	set_is(&out, IDS(2, 4));
	strbuf_fini(&a);
	strbuf_fini(&b);
	strbuf_fini(&out);
}

/* The high half comes first, whatever its sign bit. */
static void test_uuids(void **state)
{
	const struct key keys[] = {{UINT64_C(1) << 63, 0}, {1, 0}, {0, UINT64_MAX}, {1, 7}};
	struct strbuf set = STRBUF_INIT;

	(void)state;
	keys_add(&set, keys, 4);
	assert_int_equal(keys_count(&set), 4);
	assert_true(key_equal(keys_array(&set)[0], keys[2]));
	assert_true(key_equal(keys_array(&set)[1], keys[1]));
	assert_true(key_equal(keys_array(&set)[2], keys[3]));
	assert_true(key_equal(keys_array(&set)[3], keys[0]));
	strbuf_fini(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_uuids),
		cmocka_unit_test(test_two),
	};

	return RUN_TESTS("sync_keys", tests, NULL, NULL);
}
