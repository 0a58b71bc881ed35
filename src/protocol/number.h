/* Decimal numbers in a query. */
#ifndef NUMBER_H
#define NUMBER_H

#include <stdbool.h>

#include "resources/endpoint.h"

struct arena;

/* Reads a number as Python's Decimal does: white space around (Unicode's too), a sign, digits with `_`
   anywhere, a point, an exponent. Digits are ASCII's. False, with *number void, for anything else, NaN and
   infinities too. The number's digits are the arena's. */
bool number_parse(struct arena *arena, struct text text, struct decimal *number);

#endif
