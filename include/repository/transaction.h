/* Transactions of sync and import. */
#ifndef REPOSITORY_TRANSACTION_H
#define REPOSITORY_TRANSACTION_H

#include "repository/session.h"

/* Does the work in a transaction of READ COMMITTED, whatever the database's default is: what waited for a
   lock must see what the lock's last holder wrote. Commits it, with `dry_run` rolls it back, and rolls it
   back when the work returns false, which it does with the error set. False: nothing is stored. */
bool transaction_run(struct session *session, bool dry_run, bool (*work)(void *context),
                     void *context, struct error *error) MUST_CHECK;

#endif
