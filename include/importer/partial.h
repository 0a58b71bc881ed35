/* What is stored in part only: rows of endpoints whose lists no document has told of yet, since documents of a
   small view have none. */
#ifndef IMPORTER_PARTIAL_H
#define IMPORTER_PARTIAL_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/hash_table.h"
#include "base/strbuf.h"
#include "repository/session.h"
#include "resources/all.h"
#include "resources/endpoint.h"

/* Rows of endpoints, by the resource's index: how many are stored, and of how many of them it is not known what
   the view of a single row has beyond that of a list. */
struct partial_counts {
	int64_t rows[RESOURCE_COUNT];
	int64_t partial[RESOURCE_COUNT];
};

/* Over any session. */
bool partial_count(struct session *session, struct partial_counts *counts,
                   struct error *error) MUST_CHECK;

/* Appends, where there are such rows, `flights known in the normal view only: 3 (save documents with
   mode=detailed)`. */
void partial_write(const struct partial_counts *counts, struct strbuf *out);

/* Which lists of which rows no document has told of, over all resources. All zeros: none. */
struct unknown_lists {
	struct arena arena;
	struct hash_table rows; /* those with any such list, by resource and key */
};

/* Over any session. unknown_lists_fini is to follow, also after a failure. */
bool unknown_lists_read(struct session *session, struct unknown_lists *lists,
                        struct error *error) MUST_CHECK;
void unknown_lists_fini(struct unknown_lists *lists);
bool unknown_lists_have(const struct unknown_lists *lists, const struct resource *resource,
                        struct key key, const struct field *field);

#endif
