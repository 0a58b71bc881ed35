/* Circuit breakers: who may try, and what an attempt says about others. */
#include "server/breaker.h"

#include "support/cmocka.h"

static void test_closed(void **state)
{
	struct breaker breaker = {0};
	bool alone = true;

	(void)state;
	assert_true(breaker_allows(&breaker, &alone));
	assert_false(alone);
	assert_true(breaker_allows(&breaker, &alone));
	breaker_note(&breaker, false, BREAKER_OTHER);
	breaker_note(&breaker, false, BREAKER_SUCCESS);
	assert_true(breaker_allows(&breaker, &alone));
	assert_false(alone);
}

/* One that failed is enough; then one at a time tries again, until one succeeds. */
static void test_opens_and_closes(void **state)
{
	static const enum breaker_outcome failures[] = {BREAKER_IN_VAIN, BREAKER_OTHER};
	struct breaker breaker = {0};
	bool alone, second;

	(void)state;
	breaker_note(&breaker, false, BREAKER_IN_VAIN);
	for (int i = 0; i < 2; i++) {
		assert_true(breaker_allows(&breaker, &alone));
		assert_true(alone);
		assert_false(breaker_allows(&breaker, &second));
		/* Who was allowed before it opened changes nothing. */
		breaker_note(&breaker, false, BREAKER_IN_VAIN);
		assert_false(breaker_allows(&breaker, &second));
		breaker_note(&breaker, true, failures[i]);
	}
	assert_true(breaker_allows(&breaker, &alone));
	breaker_note(&breaker, true, BREAKER_SUCCESS);
	for (int i = 0; i < 2; i++) {
		assert_true(breaker_allows(&breaker, &alone));
		assert_false(alone);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_closed),
		cmocka_unit_test(test_opens_and_closes),
	};

	return RUN_TESTS("breaker", tests, NULL, NULL);
}
