/* The kinds of passes, and how one ends. */
#ifndef SYNC_PASSES_H
#define SYNC_PASSES_H

/* Full passes read all of a list; recent ones what can have changed since. */
enum pass_kind { PASS_FULL, PASS_RECENT };

enum pass_end {
	PASS_DONE,
	PASS_TROUBLED, /* done, but for something that a person should look at */
	PASS_BUSY,     /* not begun: another one syncs this database */
	PASS_FAILED,
	PASS_UNREACHABLE, /* failed: no connection to the upstream came about */
	PASS_REFUSED,     /* failed: the upstream refuses all requests */
	PASS_INTERRUPTED,
	PASS_SUSPENDED, /* it stands back for another one */
};

#endif
