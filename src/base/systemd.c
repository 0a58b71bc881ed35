/* Speaks systemd's two protocols to its services: variables of the environment, and datagrams. */
#include "base/systemd.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

/* 0: not there, or no number. */
static int64_t variable_number(const char *name)
{
	const char *text = getenv(name);
	long long number;
	char *end;

	if (text == NULL || text[0] < '0' || text[0] > '9')
		return 0;
	errno = 0;
	number = strtoll(text, &end, 10);
	return errno == 0 && *end == '\0' ? number : 0;
}

/* Variables are inherited: whether they mean this process. */
static bool is_for_us(const char *name)
{
	return variable_number(name) == getpid();
}

int systemd_socket_count(void)
{
	int64_t count;

	if (!is_for_us("LISTEN_PID") || getenv("LISTEN_FDS") == NULL)
		return 0;
	count = variable_number("LISTEN_FDS");
	return count > 0 && count <= SYSTEMD_SOCKETS_MOST ? (int)count : -1;
}

static bool send_state(const char *path, const char *state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(path);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool sent;

	if (fd < 0)
		return false;
	memcpy(address.sun_path, path, length);
	if (path[0] == '@') /* abstract: no file */
		address.sun_path[0] = '\0';
	sent = sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address,
	              (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) >= 0;
	close(fd);
	return sent;
}

void systemd_notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");

	if (path == NULL || (path[0] != '/' && path[0] != '@'))
		return;
	if (strlen(path) >= sizeof(((struct sockaddr_un *)NULL)->sun_path) ||
	    !send_state(path, state))
		log_warning("systemd does not hear %s at %s: %s", state, path, strerror(errno));
}

void systemd_notify_reloading(void)
{
	char state[64];

	snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%" PRId64, clock_monotonic());
	systemd_notify(state);
}

int64_t systemd_watchdog(void)
{
	if (getenv("WATCHDOG_PID") != NULL && !is_for_us("WATCHDOG_PID"))
		return 0;
	return variable_number("WATCHDOG_USEC");
}
