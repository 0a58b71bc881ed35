/* cmocka with what it needs before it. */
#ifndef SUPPORT_CMOCKA_H
#define SUPPORT_CMOCKA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* Runs a group's tests, or those of them that TEST_FILTER names; how many failed, for main to return. */
#define RUN_TESTS(name, tests, set_up, tear_down) \
	(cmocka_set_test_filter(getenv("TEST_FILTER")), \
	 cmocka_run_group_tests_name(name, tests, set_up, tear_down))

#endif
