/* Connection strings of libpq as people may see them. */
#ifndef REPOSITORY_CONNINFO_H
#define REPOSITORY_CONNINFO_H

#include "base/strbuf.h"

#define SECRET_SHOWN "********" /* in place of a secret */

/* Appends the string with SECRET_SHOWN in place of passwords; what libpq cannot read is not shown at all. Any
   thread. */
void conninfo_write_shown(struct strbuf *out, const char *conninfo);

#endif
