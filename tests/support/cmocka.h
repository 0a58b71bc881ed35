/* cmocka with what it needs before it. */
#ifndef SUPPORT_CMOCKA_H
#define SUPPORT_CMOCKA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* cmocka does not declare that a failure ends the test, which compilers and analyzers are to know. */
#undef fail
#define fail() (_fail(__FILE__, __LINE__), abort())
#undef assert_non_null
#define assert_non_null(pointer) \
	((pointer) != NULL ? (void)0 : (_assert_true(0, #pointer, __FILE__, __LINE__), abort()))

/* Runs a group's tests, or those of them that TEST_FILTER names; how many failed, for main to return. */
#define RUN_TESTS(name, tests, set_up, tear_down) \
	(cmocka_set_test_filter(getenv("TEST_FILTER")), \
	 cmocka_run_group_tests_name(name, tests, set_up, tear_down))

#endif
