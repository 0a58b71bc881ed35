/* A read-only transaction that sees one state of the database, and that state's version. */
#ifndef REPOSITORY_SNAPSHOT_H
#define REPOSITORY_SNAPSHOT_H

#include <stdint.h>

#include "base/error.h"

struct session;

/* One round trip. */
bool snapshot_begin(struct session *session, int64_t *version, struct error *error) MUST_CHECK;

/* One round trip. A failure before, on this session, has ended the snapshot already. */
bool snapshot_end(struct session *session, struct error *error) MUST_CHECK;

#endif
