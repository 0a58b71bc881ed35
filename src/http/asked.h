/* What a request says, as the exchange holds it. */
#ifndef ASKED_H
#define ASKED_H

#include "exchange.h"

/* The target's bytes are copied, as the first part of the key. */
void asked_target(struct exchange *exchange, const char *target);

/* Takes the headers, which the connection holds, and makes the key of them; none, where the answer cannot be
   kept. */
void asked_headers(struct exchange *exchange);

/* NULL: not known. */
const struct sockaddr *asked_peer(const struct exchange *exchange);

/* The client, whom trusted proxies may have told of. */
struct client asked_client(const struct exchange *exchange);

#endif
