/* Numbers in a query, a path or a header, as Python reads them. */
#ifndef NUMBER_H
#define NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "resources/endpoint.h"

struct arena;

/* What numbers of more than 18 digits become, with their sign: more than any other, no row's id,
   and small enough that what is added to an offset does not overflow. */
#define INTEGER_LARGEST INT64_C(1000000000000000000)

/* Reads a number as Python's int() does: white space around (Unicode's too), a sign, ASCII digits with single `_`
   between them; leading zeros do not count towards the 18. False, with *value untouched, for anything else, also for
   more than 4300 digits of any kind. */
bool integer_parse(struct text text, int64_t *value);

/* Reads a number as Python's Decimal does: white space around (Unicode's too), a sign, digits with `_`
   anywhere, a point, an exponent. Digits are ASCII's. False, with *number void, for anything else, NaN and
   infinities too. The number's digits are the arena's. */
bool number_parse(struct arena *arena, struct text text, struct decimal *number);

#endif
