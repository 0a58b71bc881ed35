/* The values that parameters give to filters. */
#ifndef CONDITION_H
#define CONDITION_H

#include "base/arena.h"
#include "resources/endpoint.h"

#define CONDITION_BAD_NUMBER "Enter a number."
#define CONDITION_BAD_DATE "Enter a valid date."
#define CONDITION_BAD_MOMENT "Enter a valid date/time."
#define CONDITION_LARGE_NUMBER "Ensure this value is less than or equal to 1e+50."
#define CONDITION_LONG_LIST "Ensure this list has at most 100 numbers."

/* Reads a value for condition->filter into what its kind of match wants. False: the condition is void, and
   *error says what is wrong with the value, or is NULL where it is no filter at all. What the condition holds
   is the arena's, or the value's itself. */
bool condition_parse(struct arena *arena, struct text given, struct condition *condition,
                     const char **error);

#endif
