/* Fields of documents that no resource has: how often each was met, by its path. */
#ifndef IMPORTER_UNKNOWN_H
#define IMPORTER_UNKNOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

#define UNKNOWN_FIELDS_MAX 100

struct unknown_field {
	char *path; /* launch_crew[].astronaut.foo */
	size_t count;
};

/* All zeros: none. */
struct unknown_fields {
	struct unknown_field fields[UNKNOWN_FIELDS_MAX]; /* in the order of appearance */
	size_t field_count;
	size_t others; /* occurrences of further fields */
};

/* Frees the paths; none then. */
void unknown_fields_fini(struct unknown_fields *unknown);

/* Adds the counts of `other`. */
void unknown_fields_merge(struct unknown_fields *unknown, const struct unknown_fields *other);

/* Appends a line of bounded length, such as `unknown fields were left out: launch.foo x 100`. False
   where there are none. */
bool unknown_fields_line(const struct unknown_fields *unknown, struct strbuf *out);

#endif
