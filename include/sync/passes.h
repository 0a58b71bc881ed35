/* The kinds of passes, and how one ends. */
#ifndef SYNC_PASSES_H
#define SYNC_PASSES_H

/* Full passes read every flight; recent ones those that can have changed by themselves. */
enum pass_kind { PASS_FULL, PASS_RECENT };

enum pass_end {
	PASS_DONE,
	PASS_TROUBLED, /* done, but for something that a person should look at */
	PASS_BUSY,     /* not begun: another one syncs this database */
	PASS_FAILED,
	PASS_REFUSED, /* failed: the upstream refuses all requests */
	PASS_INTERRUPTED,
};

#endif
