/* Values of JSON documents as people read them: `2025-03-14 23:03 UTC`, `3 days ago`. */
#ifndef FORMAT_H
#define FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "browsable/pages.h"

/* The bytes of a buffer, which ends; in the arena. */
struct text page_text(struct arena *arena, struct strbuf *buf);

/* What a format of that name makes of a JSON value; empty where there is nothing to say, such as for null.
   No name: a string's content, other scalars as JSON has them. In the arena, or part of the value. `clock`
   NULL: formats that need one say nothing.

   day       the day of a moment
   moment    day and time
   ago       how long before or after now: "3 days ago", "in 5 months"
   days      how many days ago: "293 days"
   truth     "yes" or "no"
   any       something, if the value is an array or object with members, or another that says something
   duration  "148 d 11 h 36 min"
   iso       a moment in UTC: 2025-03-14T23:03:48Z
   stamp     the same as calendars have it: 20250314T230348Z; digits: those of a date
   web       an http or https address; nothing else
   net       of a launch: when it is planned, as precisely as that is known
   state     of a flight: what it is up to: "Docked"; state-class: the class that colours it */
struct text format_value(struct arena *arena, struct text format, struct text value,
                         struct format_clock *clock);

/* The strings at that path (with `__`) in each item of an array, with commas between them; in the arena. */
struct text format_names(struct arena *arena, struct text list, const char *path);

/* Whether there is a format of that name. */
bool format_exists(struct text format);

#endif
