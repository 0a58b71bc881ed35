/* Which Host headers are answered. */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>

#include "base/text.h"

/* Whether a Host (several joined with commas, which makes it wrong) is well formed, a name or an
   address with or without a port, no longer than these can be, and its name is among the allowed
   ones: a list with commas as Django's ALLOWED_HOSTS, where `*` allows all and `.example.org` that
   domain and those below it. Upper and lower case are one; a dot at the name's end does not count. */
bool host_is_allowed(struct text host, const char *allowed_hosts);

#endif
