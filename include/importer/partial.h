/* What is stored in part only: rows of endpoints whose lists no document has told of yet, since documents of a
   small view have none. */
#ifndef IMPORTER_PARTIAL_H
#define IMPORTER_PARTIAL_H

#include <stdint.h>

#include "base/error.h"
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

/* The keys of an endpoint's rows that are known in part only. */
struct partial_keys {
	struct key *keys;
	size_t count;
};

/* Over any session. partial_keys_fini is to follow, also after a failure. */
bool partial_keys_read(struct session *session, const struct endpoint *endpoint,
                       struct partial_keys *keys, struct error *error) MUST_CHECK;
void partial_keys_fini(struct partial_keys *keys);
bool partial_keys_have(const struct partial_keys *keys, struct key key);

#endif
