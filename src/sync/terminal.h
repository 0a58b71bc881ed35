/* The progress line of a pass on a terminal: pages, flights, rate, time left, or what it waits for. */
#ifndef TERMINAL_H
#define TERMINAL_H

#include "pass.h"

struct sync_terminal {
	bool shown; /* a line is there, to be written over */
};

/* An observer that writes to stderr where that is a terminal; else one that does nothing, so that log
   lines take its place. Borrows the terminal. */
struct pass_observer sync_terminal_observer(struct sync_terminal *terminal);

/* The line itself. */
#define SYNC_TERMINAL_TEXT 200
void sync_terminal_text(const struct pass_progress *progress, int64_t now,
                        char text[static SYNC_TERMINAL_TEXT]);

#endif
