/* How sync stands, read from the database, for the command `check`. */
#ifndef SYNC_STATUS_H
#define SYNC_STATUS_H

#include "base/error.h"
#include "base/strbuf.h"
#include "repository/session.h"
#include "sync/settings.h"

/* Appends a line such as `last pass over https://... full, done 5 min ago, ...; next in 25 min`. False with
   the error set, and the line in it, where the passes of the server have a problem that a person should look
   at, or where the database cannot tell. `lists` gets a line for each of several lists. Over any session; now in
   microseconds since 1970. */
bool sync_status(struct session *session, const struct sync_settings *settings, int64_t now,
                 struct strbuf *line, struct strbuf *lists, struct error *error) MUST_CHECK;

#endif
