/* What a connection to PostgreSQL is for, and how long something may take. */
#ifndef REPOSITORY_PATIENCE_H
#define REPOSITORY_PATIENCE_H

#include <stdint.h>

/* READS: for requests, with its round trips counted. WATCHES: reads for the server itself. */
enum session_use { SESSION_READS, SESSION_WATCHES, SESSION_WRITES };

/* How long something may take. */
struct patience {
	int64_t deadline; /* by clock_monotonic; 0: none */
	int stop;         /* a file descriptor: who waits gives up when it is readable; -1: none */
};

#endif
