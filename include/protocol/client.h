/* The client of a request: its address and scheme, also behind trusted proxies. */
#ifndef PROTOCOL_CLIENT_H
#define PROTOCOL_CLIENT_H

#include <stdbool.h>
#include <sys/socket.h>

#include "config/address.h"

struct client {
	struct ip address; /* all zero: not known */
	bool https;
};

/* `peer` may be NULL: it is not known. Only peers among `trusted` are believed: X-Forwarded-Proto,
   whose first item has to be exactly `https`, and X-Forwarded-For, read from its end up to the
   first address that is not trusted or is none. The headers' values are joined with commas where
   several were sent; NULL: none was. */
struct client client_of(const struct sockaddr *peer, const struct networks *trusted,
                        const char *forwarded_for, const char *forwarded_proto);

#endif
