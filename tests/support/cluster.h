/* Breaks and mends the PostgreSQL that a test program has for itself, which it gets by cluster_own before
   anything else asks for a database. Whatever goes wrong fails the test. */
#ifndef SUPPORT_CLUSTER_H
#define SUPPORT_CLUSTER_H

#include <stdint.h>

/* From now on databases are in a PostgreSQL of this program alone, whatever TEST_POSTGRES says. */
void cluster_own(void);

/* Stops it, closing all connections, and starts it again. */
void cluster_stop(void);
void cluster_start(void);

/* Its processes stand still (SIGSTOP), so that connections are taken and nothing is answered; and go on. */
void cluster_freeze(void);
void cluster_thaw(void);

/* As watch_run_delay, of all its processes and those of its standby. */
int64_t cluster_run_delay(void);

/* Starts a hot standby of it; its connection string without a database, in static memory. */
const char *standby_start(void);
void standby_stop(void);

#endif
