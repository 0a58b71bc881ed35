/* A circuit breaker: once one attempt at something has waited in vain, others fail at once, but for one at a time that
   tries again, until one succeeds. Any thread. */
#ifndef BREAKER_H
#define BREAKER_H

#include <stdbool.h>

enum breaker_state { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_TRIED };

/* All zero: closed, so that everybody may try. */
struct breaker {
	_Atomic(enum breaker_state) state;
};

/* Whether one may try; *alone: all others fail meanwhile. */
bool breaker_allows(struct breaker *breaker, bool *alone);

enum breaker_outcome {
	BREAKER_SUCCESS,
	BREAKER_IN_VAIN, /* it waited for nothing, as others would */
	BREAKER_OTHER,   /* which says nothing about others */
};
/* How an allowed attempt ended, with what `alone` was. */
void breaker_note(struct breaker *breaker, bool alone, enum breaker_outcome outcome);

#endif
