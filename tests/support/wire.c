/* Speaks HTTP byte by byte. */
#include "support/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/cmocka.h"

void wire_open_at(struct wire *wire, const char *address, int port)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
	bool is_ipv4 = inet_pton(AF_INET, address, &in.sin_addr) == 1;
	int connected;

	*wire = (struct wire){.in = STRBUF_INIT};
	wire->fd = socket(is_ipv4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(wire->fd >= 0);
	if (is_ipv4) {
		connected = connect(wire->fd, (struct sockaddr *)&in, sizeof(in));
	} else {
		assert_int_equal(inet_pton(AF_INET6, address, &in6.sin6_addr), 1);
		connected = connect(wire->fd, (struct sockaddr *)&in6, sizeof(in6));
	}
	if (connected != 0)
		fail_msg("%s port %d: %s", address, port, strerror(errno));
}

void wire_open_from(struct wire *wire, const char *source, int port)
{
	struct sockaddr_in from = {.sin_family = AF_INET};
	struct sockaddr_in to = {.sin_family = AF_INET,
	                         .sin_port = htons((uint16_t)port),
	                         .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	*wire = (struct wire){.in = STRBUF_INIT};
	wire->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(inet_pton(AF_INET, source, &from.sin_addr), 1);
	assert_int_equal(bind(wire->fd, (struct sockaddr *)&from, sizeof(from)), 0);
	assert_int_equal(connect(wire->fd, (struct sockaddr *)&to, sizeof(to)), 0);
}

void wire_open_unix(struct wire *wire, const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	*wire = (struct wire){.in = STRBUF_INIT};
	wire->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (connect(wire->fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		fail_msg("%s: %s", path, strerror(errno));
}

void wire_open(struct wire *wire, int port)
{
	wire_open_at(wire, "127.0.0.1", port);
}

void wire_close(struct wire *wire)
{
	close(wire->fd);
	strbuf_fini(&wire->in);
}

void wire_send(struct wire *wire, const char *data, size_t length)
{
	snprintf(wire->asked, sizeof(wire->asked), "%.*s", (int)length, data);
	while (length > 0) {
		ssize_t sent = send(wire->fd, data, length, MSG_NOSIGNAL);

		/* Who answers early may close before all was sent. */
		if (sent < 0 && (errno == EPIPE || errno == ECONNRESET))
			return;
		assert_true(sent > 0);
		data += sent;
		length -= (size_t)sent;
	}
}

void wire_ask(struct wire *wire, const char *method, const char *target, const char *lines)
{
	struct strbuf request = STRBUF_INIT;

	strbuf_printf(&request, "%s %s HTTP/1.1\r\n%s\r\n", method, target, lines ? lines : "");
	wire_send(wire, request.data, request.length);
	strbuf_fini(&request);
}

bool wire_readable(const struct wire *wire, int milliseconds)
{
	struct pollfd watched = {.fd = wire->fd, .events = POLLIN};

	return wire->in.length > 0 || poll(&watched, 1, milliseconds) > 0;
}

/* Receives some more; false: the other side closed. */
static bool receive(struct wire *wire, int64_t end)
{
	int64_t left = end - clock_monotonic();
	struct pollfd watched = {.fd = wire->fd, .events = POLLIN};
	char *room = strbuf_reserve(&wire->in, 65536);
	ssize_t count;

	if (left <= 0 || poll(&watched, 1, (int)(left / 1000) + 1) <= 0)
		fail_msg("%s: no answer within %d s, but: %s", wire->asked, WIRE_SECONDS,
		         wire->in.length ? wire->in.data : "nothing");
	count = recv(wire->fd, room, 65536, 0);
	if (count <= 0)
		return false;
	wire->in.length += (size_t)count;
	wire->in.data[wire->in.length] = '\0';
	return true;
}

static void drop(struct wire *wire, size_t length)
{
	memmove(wire->in.data, wire->in.data + length, wire->in.length - length + 1);
	wire->in.length -= length;
}

/* Cuts the head into headers. */
static void parse_head(struct reply *reply, const char *asked)
{
	char *rest = reply->head;
	char *line = strsep(&rest, "\n");
	int length = 0;

	if (sscanf(line, "HTTP/1.%d %d %n", &reply->minor, &reply->status, &length) != 2 ||
	    length < 13)
		fail_msg("%s: no status line but: %s", asked, line);
	while ((line = strsep(&rest, "\n")) && line[0] != '\r') {
		char *value = strchr(line, ':');
		size_t end = strlen(line);

		assert_true(reply->header_count < REPLY_HEADERS_MAX);
		assert_non_null(value);
		assert_int_equal(line[end - 1], '\r');
		line[end - 1] = '\0';
		*value++ = '\0';
		reply->headers[reply->header_count].name = line;
		reply->headers[reply->header_count++].value = value + strspn(value, " ");
	}
}

const char *reply_header(const struct reply *reply, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < reply->header_count; i++) {
		if (strcasecmp(reply->headers[i].name, name) != 0)
			continue;
		if (value)
			fail_msg("%s was sent twice", name);
		value = reply->headers[i].value;
	}
	return value;
}

static size_t body_length(const struct reply *reply, bool bodiless)
{
	const char *stated = reply_header(reply, "Content-Length");

	if (bodiless || reply->status == 304 || reply->status == 204)
		return 0;
	if (!stated)
		fail_msg("%d without Content-Length", reply->status);
	return stated ? strtoul(stated, NULL, 10) : 0;
}

bool wire_take(struct wire *wire, bool bodiless, struct reply *reply)
{
	int64_t end = clock_monotonic() + WIRE_SECONDS * INT64_C(1000000);
	const char *body;
	size_t length;

	*reply = (struct reply){0};
	while (wire->in.length == 0 || !(body = strstr(wire->in.data, "\r\n\r\n")))
		if (!receive(wire, end)) {
			if (wire->in.length > 0)
				fail_msg("closed within a head: %s", wire->in.data);
			return false;
		}
	length = (size_t)(body + 4 - wire->in.data);
	reply->head = strndup(wire->in.data, length);
	assert_non_null(reply->head);
	drop(wire, length);
	parse_head(reply, wire->asked);
	reply->body_length = body_length(reply, bodiless);
	while (wire->in.length < reply->body_length)
		if (!receive(wire, end))
			fail_msg("closed within a body, %zu of %zu bytes there", wire->in.length,
			         reply->body_length);
	reply->body = malloc(reply->body_length + 1);
	assert_non_null(reply->body);
	if (reply->body_length > 0)
		memcpy(reply->body, wire->in.data, reply->body_length);
	reply->body[reply->body_length] = '\0';
	drop(wire, reply->body_length);
	reply->at = clock_monotonic();
	return true;
}

void wire_read(struct wire *wire, bool bodiless, struct reply *reply)
{
	if (!wire_take(wire, bodiless, reply))
		fail_msg("%s: closed without an answer", wire->asked);
}

void reply_fini(struct reply *reply)
{
	free(reply->head);
	free(reply->body);
	*reply = (struct reply){0};
}

void wire_get(int port, const char *target, const char *lines, struct reply *reply)
{
	struct strbuf all = STRBUF_INIT;
	struct wire wire;

	strbuf_printf(&all, "Host: ll.example.org\r\n%s", lines ? lines : "");
	wire_open(&wire, port);
	wire_ask(&wire, "GET", target, all.data);
	wire_read(&wire, false, reply);
	wire_close(&wire);
	strbuf_fini(&all);
}
