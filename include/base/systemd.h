/* What systemd and its services say to each other, without its library: sockets that it hands over, and messages of
   the service's state (sd_listen_fds(3), sd_notify(3), sd_watchdog_enabled(3)). Without systemd all of it does
   nothing. The main thread's. */
#ifndef BASE_SYSTEMD_H
#define BASE_SYSTEMD_H

#include <stdint.h>

#define SYSTEMD_SOCKET_FIRST 3
#define SYSTEMD_SOCKETS_MOST 1024

/* How many sockets it has handed over, from SYSTEMD_SOCKET_FIRST on; 0: none. Negative: LISTEN_FDS, which is meant for
   this process, says no number of up to SYSTEMD_SOCKETS_MOST. */
int systemd_socket_count(void);

/* Tells it the service's state: lines such as READY=1, without a newline at the end. */
void systemd_notify(const char *state);

/* That the settings are read again; READY=1 ends it. */
void systemd_notify_reloading(void);

/* Microseconds within which it wants to hear WATCHDOG=1, again and again; 0: it does not. */
int64_t systemd_watchdog(void);

#endif
