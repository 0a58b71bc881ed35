/* HTTP connections by hand: exact bytes out, answers in, each checked for being well-formed. Whatever
   goes wrong here fails the test. */
#ifndef SUPPORT_WIRE_H
#define SUPPORT_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

#define WIRE_SECONDS 15 /* how long an answer may take */

struct wire {
	struct strbuf in; /* received beyond the answers that were taken */
	int fd;
	char asked[100]; /* the begin of what was sent last, for messages */
};

/* Connects to 127.0.0.1, or to any numeric address. */
void wire_open(struct wire *wire, int port);
void wire_open_at(struct wire *wire, const char *address, int port);
/* To 127.0.0.1 from another of its addresses, such as 127.0.0.2. */
void wire_open_from(struct wire *wire, const char *source, int port);
/* To a unix socket. */
void wire_open_unix(struct wire *wire, const char *path);
void wire_close(struct wire *wire);

void wire_send(struct wire *wire, const char *data, size_t length);
/* One request without a body. `lines`: header lines, each with its CRLF; Host is not added. */
void wire_ask(struct wire *wire, const char *method, const char *target, const char *lines);

#define REPLY_HEADERS_MAX 32

struct reply {
	int status;
	int minor; /* of HTTP/1.x */
	struct {
		const char *name, *value;
	} headers[REPLY_HEADERS_MAX];
	size_t header_count;
	char *head; /* where they are */
	char *body; /* NUL behind it */
	size_t body_length;
	int64_t at; /* clock_monotonic when it was there */
};

/* Takes the next answer. `bodiless`: to HEAD. False, where the other side closed instead. */
bool wire_take(struct wire *wire, bool bodiless, struct reply *reply);
/* The same, where closing fails the test. */
void wire_read(struct wire *wire, bool bodiless, struct reply *reply);
void reply_fini(struct reply *reply);

/* The value, or NULL; a header that was sent twice fails the test. */
const char *reply_header(const struct reply *reply, const char *name);

/* Whether anything comes, or the other side closes, within so many milliseconds. */
bool wire_readable(const struct wire *wire, int milliseconds);

/* A GET over a connection of its own, Host: ll.example.org. `lines` may be NULL. */
void wire_get(int port, const char *target, const char *lines, struct reply *reply);

#endif
