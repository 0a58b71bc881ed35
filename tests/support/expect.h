/* Texts as the contract wants them, worked out apart from the server: by rules written afresh, with
   none of its code, so that a mistake there does not hide itself here. */
#ifndef SUPPORT_EXPECT_H
#define SUPPORT_EXPECT_H

#include <jansson.h>
#include <stdint.h>

#include "base/strbuf.h"

#define EXPECT_TEXT_SIZE 64

/* Appends the value as compact JSON, as Python's json and the original write it. */
void expect_json(const json_t *value, struct strbuf *out);

/* `2024-11-15T15:13:18Z` of microseconds since 1970; `2024-11-15` of days. */
void expect_moment(int64_t moment, char text[EXPECT_TEXT_SIZE]);
void expect_date(int64_t date, char text[EXPECT_TEXT_SIZE]);
/* `P148DT11H36M25S` and `148 11:36:25` of microseconds. */
void expect_duration(int64_t duration, char text[EXPECT_TEXT_SIZE]);
void expect_clock_duration(int64_t duration, char text[EXPECT_TEXT_SIZE]);

#endif
