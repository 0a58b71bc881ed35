/* Whether a request's head can be read in one way only. The library is lenient: it skips, joins and cuts what another
   server in the same chain may take for the end of a request, or for its length; who disagrees on that can be made to
   take one client's request for another's. From version 1.0 on it refuses most of that itself, where it is told to. */
#ifndef FRAMING_H
#define FRAMING_H

#include <microhttpd.h>
#include <stdbool.h>

#include "base/text.h"

/* What a client says first. The library waits for the end of a line, however long that takes, and closes what is no
   request without a word; a client that speaks TLS or HTTP/2 would wait, too. */
enum greeting {
	GREETING_NONE,  /* too little to tell */
	GREETING_HTTP,  /* it may be a request of HTTP/1 */
	GREETING_OTHER, /* it is none */
	GREETING_GONE,  /* the client has closed, or its connection failed */
};

/* Looks at the first bytes of a connection, and leaves them there. Does not wait. */
enum greeting greeting_of(int fd);

/* Answers 400 and closes the connection. */
void greeting_refuse(int fd);

/* Whether the library refuses by itself lines that are folded, end with LF alone, or have a NUL or too many spaces. */
bool framing_library_refuses(void);

/* The head as the library has it, in the memory where it was read. */
struct framing {
	struct MHD_Connection *connection;
	const char *method, *version;
	const char *target_begin; /* where the target was */
	struct text target;       /* its bytes, as they were sent */
};

/* What is wrong with it, for the client; NULL: nothing. When the head is complete, before the body. */
const char *framing_fault(const struct framing *framing);

#endif
