/* Values that a page of the list has beside its flights. */
#ifndef PAGE_VALUES_H
#define PAGE_VALUES_H

#include "base/arena.h"
#include "sync/reader.h"

/* Reads a whole number, `least` or more; where there is another value, the reader is told what was
   expected. */
bool page_number_read(struct reader *reader, int64_t least, const char *expected,
                      int64_t *value) MUST_CHECK;

/* Reads the address of another page, which is the arena's then, or null: NULL. */
bool page_link_read(struct reader *reader, struct arena *arena, const char **link) MUST_CHECK;

#endif
