/* What a flight is up to at a moment, by its document. */
#ifndef FLIGHT_STATE_H
#define FLIGHT_STATE_H

#include "base/text.h"
#include "browsable/pages.h"

/* X(STATE, "word", "class that colours it") */
#define FLIGHT_STATES(X) \
	X(TO_COME, "To come", "ahead") \
	X(LAUNCH_FAILED, "Launch failed", "lost") \
	X(ON_ITS_WAY, "On its way", "flying") /* it has not docked anywhere */ \
	X(DOCKED, "Docked", "docked") \
	X(UNDOCKED, "Undocked", "flying") \
	X(IN_SPACE, "In space", "flying") /* the document does not tell of dockings */ \
	X(LANDED, "Landed", "home") \
	X(ENDED, "Ended", "home") \
	X(LANDING_FAILED, "Landing failed", "lost")

enum flight_state_kind {
#define X(state, word, class) FLIGHT_##state,
	FLIGHT_STATES(X)
#undef X
};

struct flight_state {
	enum flight_state_kind kind;
	const char *word, *class;
};

/* The state of a flight, of which the document is JSON in any view; shortens what the clock says that the
   texts are good for to the next moment in the document at which it changes. */
struct flight_state flight_state_of(struct text flight, struct format_clock *clock);

#endif
