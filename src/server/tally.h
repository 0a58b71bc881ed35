/* Amounts by client: of connections, of bytes under way. Clients are IPv4 addresses, and the networks of 64 bits that
   one client has with IPv6. Only those with an amount take memory. Any thread. */
#ifndef TALLY_H
#define TALLY_H

#include <stdint.h>

#include "base/ip.h"

struct tally;

struct tally *tally_new(void) __attribute__((returns_nonnull));
void tally_free(struct tally *tally); /* NULL is fine */

/* Adds to a client's amount, or takes away what was added. */
void tally_add(struct tally *tally, const struct ip *client, int64_t amount);

int64_t tally_of(struct tally *tally, const struct ip *client);
int64_t tally_total(struct tally *tally);

#endif
