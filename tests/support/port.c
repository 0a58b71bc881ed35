/* Reserves ports. Those that the system picks for port 0 would not do: once the test has closed its socket,
   they may go to any client or server before the program that the port is for gets to listen. So ports are
   taken from below those that Linux gives to clients (ip_local_port_range), and each is held by a Unix
   socket of its number in the abstract namespace, which ends with the process. */
#include "support/port.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/cmocka.h"

#define PORT_FIRST 10000
#define PORT_COUNT 10000
#define STRIDE 37 /* between the ports where consecutive processes begin */

static bool reserve(int port)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "spacecraft-flights-port-%d", port);
	if (bind(fd, (struct sockaddr *)&name, sizeof(name)) == 0)
		return true;
	close(fd);
	return false;
}

/* As servers see it that set SO_REUSEADDR. */
static bool is_free(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	                              .sin_port = htons((uint16_t)port),
	                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool free;

	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
	free = bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
	close(fd);
	return free;
}

int port_reserve(void)
{
	static int next = -1;

	if (next < 0)
		next = getpid() * STRIDE % PORT_COUNT;
	for (int i = 0; i < PORT_COUNT; i++) {
		int port = PORT_FIRST + next;

		next = (next + 1) % PORT_COUNT;
		if (reserve(port) && is_free(port))
			return port;
	}
	fail_msg("no free port from %d on", PORT_FIRST);
	return -1;
}
