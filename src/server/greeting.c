/* Looks at first bytes. */
#include "greeting.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/router.h"
#include "request_counts.h"

/* The beginning of what HTTP/2 says first (RFC 9113, 3.4), which is no method of HTTP/1. */
static const char http2[] = "PRI ";

/* Lines may be empty before the first one. */
static bool may_begin_request(unsigned char byte)
{
	return byte == '\r' || byte == '\n' || (byte > ' ' && byte < 0x7f);
}

enum greeting greeting_of(int fd)
{
	char first[sizeof(http2) - 1];
	ssize_t length = recv(fd, first, sizeof(first), MSG_PEEK | MSG_DONTWAIT);

	if (length < 0)
		return errno == EAGAIN || errno == EINTR ? GREETING_NONE : GREETING_GONE;
	if (length == 0)
		return GREETING_GONE;
	if (!may_begin_request((unsigned char)first[0]))
		return GREETING_OTHER;
	if (memcmp(first, http2, (size_t)length) != 0)
		return GREETING_HTTP;
	return (size_t)length == sizeof(first) ? GREETING_OTHER : GREETING_NONE;
}

void greeting_refuse(int fd)
{
	static const char answer[] = "HTTP/1.1 400 Bad Request\r\n"
				     "Content-Type: text/plain; charset=utf-8\r\n"
				     "Content-Length: 30\r\n"
				     "Connection: close\r\n\r\n"
				     "Only HTTP/1.1 is spoken here.\n";
	char rest[4096];

	(void)send(fd, answer, sizeof(answer) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	/* What is not read when the connection is closed takes the answer with it. */
	while (recv(fd, rest, sizeof(rest), MSG_DONTWAIT) > 0)
		continue;
	close(fd);
	request_count(ROUTE_NONE, MHD_HTTP_BAD_REQUEST, 0);
}
