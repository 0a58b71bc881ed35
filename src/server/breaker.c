/* Lets one attempt at a time through, where others have failed. */
#include "breaker.h"

#include <stdatomic.h>

bool breaker_allows(struct breaker *breaker, bool *alone)
{
	enum breaker_state open = BREAKER_OPEN;
	*alone = false;
	if (atomic_load(&breaker->state) == BREAKER_CLOSED)
		return true;
	*alone = atomic_compare_exchange_strong(&breaker->state, &open, BREAKER_TRIED);
	return *alone;
}

void breaker_note(struct breaker *breaker, bool alone, enum breaker_outcome outcome)
{
	enum breaker_state closed = BREAKER_CLOSED;
	if (outcome == BREAKER_SUCCESS)
		atomic_store(&breaker->state, BREAKER_CLOSED);
	else if (alone)
		atomic_store(&breaker->state, BREAKER_OPEN);
	else if (outcome == BREAKER_IN_VAIN)
		(void)atomic_compare_exchange_strong(&breaker->state, &closed, BREAKER_OPEN);
}
