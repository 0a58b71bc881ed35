/* Addresses in settings: where to listen, and the networks that are trusted. */
#ifndef CONFIG_ADDRESS_H
#define CONFIG_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/ip.h"

struct arena;

struct address {
	struct sockaddr_storage socket; /* AF_INET or AF_INET6, with the port */
	socklen_t length;
};

struct network {
	struct ip ip;
	unsigned prefix; /* bits of it that count: 0 to 128 */
};

struct networks {
	struct network *items;
	size_t count;
};

/* `127.0.0.1:8000` or `[::1]:8000`; port 0 lets the system choose. No names are looked up. */
bool address_parse(const char *text, struct address *address);

/* Addresses and CIDRs (`10.0.0.0/8, ::1`), separated by commas; the items are the arena's. */
bool networks_parse(const char *text, struct arena *arena, struct networks *networks);

bool networks_contain(const struct networks *networks, const struct ip *ip);

#endif
