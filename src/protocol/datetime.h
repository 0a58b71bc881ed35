/* Dates and times in a query, as the original's framework reads them. */
#ifndef DATETIME_H
#define DATETIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* A date and time without white space around it, in microseconds since 1970: whatever Python 3.11's
   datetime.fromisoformat reads, else `2025-8-25 11:05:00Z` as Django does. A date alone is midnight, what
   has no offset is UTC. By its offset it may lie up to a day outside the years 1 to 9999. Digits are
   ASCII's. False, with *moment untouched, for anything else. */
bool datetime_parse(struct text text, int64_t *moment);

/* Likewise `8/25/2025 11:05:00.5`, with a year of two digits, without seconds or without a time; 2025-8-25 with
   such a time or without; and dates that day_parse reads. */
bool us_datetime_parse(struct text text, int64_t *moment);

/* A date without white space around it, in days since 1970: 2025-8-25, 8/25/2025, 8/25/25, Aug 25 2025,
   25 August 2025, with a comma before the year or without. False, with *date untouched, for anything else. */
bool day_parse(struct text text, int32_t *date);

#endif
