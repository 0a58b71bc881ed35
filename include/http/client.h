/* Who asks and how, where a proxy may stand between. */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include <stdbool.h>
#include <sys/socket.h>

#include "config/address.h"
#include "http/text.h"

#define CLIENT_ADDRESS_TEXT_SIZE 46

/* An IPv6 address; those of IPv4 are in ::ffff:0:0/96. All zero: not known. */
struct client_address {
	unsigned char bytes[16];
};

struct client {
	struct client_address address;
	bool https;
};

bool client_address_is_ipv4(const struct client_address *address);

/* `192.0.2.7`, `2001:db8::1`; false: neither. */
bool client_address_parse(struct text text, struct client_address *address);
void client_address_format(const struct client_address *address,
                           char text[static CLIENT_ADDRESS_TEXT_SIZE]);

/* `peer` may be NULL: it is not known. Only peers among `trusted` are believed: X-Forwarded-Proto,
   whose first item has to be exactly `https`, and X-Forwarded-For, read from its end up to the
   first address that is not trusted or is none. The headers' values are joined with commas where
   several were sent; NULL: none was. */
struct client client_of(const struct sockaddr *peer, const struct networks *trusted,
                        const char *forwarded_for, const char *forwarded_proto);

#endif
