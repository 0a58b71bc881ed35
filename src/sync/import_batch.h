/* One execution of a statement that writes rows: an array a parameter, an element a row. */
#ifndef IMPORT_BATCH_H
#define IMPORT_BATCH_H

#include "import_rows.h"
#include "repository/session.h"
#include "repository/wire.h"

struct batch {
	const struct statement *statement;
	struct wire_array arrays[PARAMETERS_MAX];
	int count; /* of arrays */
	size_t rows, text;
};

void batch_init(struct batch *batch, const struct statement *statement);
void batch_fini(struct batch *batch);

/* Large enough: arrays should fit in caches on both sides, and never near PostgreSQL's limit of 1 GB. */
bool batch_is_full(const struct batch *batch);

/* For shape.put. */
void batch_row_arrays(struct batch *batch, const struct shape *shape);
void batch_add_row(struct batch *batch, const struct import_row *row);

/* For slot.trim; the row must know the list. */
void batch_length_arrays(struct batch *batch, const struct shape *owner);
void batch_add_length(struct batch *batch, const struct import_row *owner, const struct slot *slot);

/* For slot.put. */
void batch_item_arrays(struct batch *batch, const struct shape *owner, const struct slot *slot);
void batch_add_item(struct batch *batch, const struct import_row *owner, const struct slot *slot,
                    size_t position);

bool batch_send(struct batch *batch, struct session *session, struct error *error) MUST_CHECK;

#endif
