/* The client of a request: its address and scheme, and the path that it sees the server below, also behind
   trusted proxies. */
#ifndef PROTOCOL_CLIENT_H
#define PROTOCOL_CLIENT_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/text.h"
#include "config/address.h"

struct client {
	struct ip address; /* all zero: not known */
	bool https;
	bool proxied;       /* it comes by a trusted proxy, whose headers count */
	struct text prefix; /* of paths, as path_prefix_is_valid has it; mostly empty */
};

/* What proxies say of the client: the headers' values, joined with commas where several were sent; NULL: none
   was. */
struct forwarded {
	const char *for_;   /* X-Forwarded-For */
	const char *proto;  /* X-Forwarded-Proto */
	const char *prefix; /* X-Forwarded-Prefix */
};

/* `peer` may be NULL: it is not known; a unix socket counts as 127.0.0.1. Only peers among `trusted` are believed: X-Forwarded-Proto, whose first
   item has to be exactly `https`; X-Forwarded-For, read from its end up to the first address that is not trusted
   or is none; X-Forwarded-Prefix, without a final slash, unless it is not a valid prefix or several were sent.
   The prefix is the header's. */
struct client client_of(const struct sockaddr *peer, const struct networks *trusted,
                        const struct forwarded *forwarded);

#endif
