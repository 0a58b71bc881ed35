/* Numbers in a query, a path or a header, as Python's int() reads them. */
#ifndef INTEGER_H
#define INTEGER_H

#include <stdint.h>

#include "base/text.h"

/* What numbers of more than 18 digits become, with their sign: more than any other, no row's id,
   and small enough that what is added to an offset does not overflow. */
#define INTEGER_LARGEST INT64_C(1000000000000000000)

/* White space around (Unicode's too), a sign, ASCII digits with single `_` between them; leading
   zeros do not count towards the 18. False, with *value untouched, for anything else, also for more
   than 4300 digits of any kind. */
bool integer_parse(struct text text, int64_t *value);

#endif
