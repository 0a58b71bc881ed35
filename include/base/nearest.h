/* Which of several names somebody may have meant. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stdbool.h>
#include <stddef.h>

#define NAME_MAX_LENGTH 64 /* of the names that others are compared with, with the NUL */

/* How many letters have to be changed, added or dropped, or exchanged with the one behind them, to make one name
   of the other. `name` is shorter than NAME_MAX_LENGTH. Pure. */
size_t name_distance(const char *typed, const char *name);

/* Whether the distance is that of a slip, or one begins with the other. */
bool name_is_near(const char *typed, const char *name);

#endif
