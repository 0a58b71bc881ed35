/* Addresses in settings and headers: where to listen, the networks that are trusted, and the path below which
   the server is reached. */
#ifndef CONFIG_ADDRESS_H
#define CONFIG_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/ip.h"
#include "base/text.h"

struct arena;

struct address {
	struct sockaddr_storage socket; /* AF_INET or AF_INET6, with the port */
	socklen_t length;
};

/* Where to listen. */
enum place_kind {
	PLACE_ADDRESS, /* `127.0.0.1:8000`, `[::1]:8000` */
	PLACE_NAME,    /* `localhost:8000`: at each of the name's addresses */
	PLACE_UNIX,    /* `unix:/run/x.sock` */
};

struct place {
	enum place_kind kind;
	const char *text;       /* as it was written */
	struct address address; /* of PLACE_ADDRESS */
	const char *name;       /* of PLACE_NAME */
	const char *port;       /* likewise, in digits */
	const char *path;       /* of PLACE_UNIX: absolute, and fits into a socket's address */
};

struct places {
	struct place *items;
	size_t count;
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

/* Places, separated by commas; all is the arena's. No names are looked up. */
bool places_parse(const char *text, struct arena *arena, struct places *places);

/* Addresses and CIDRs (`10.0.0.0/8, ::1`), separated by commas; the items are the arena's. */
bool networks_parse(const char *text, struct arena *arena, struct networks *networks);

bool networks_contain(const struct networks *networks, const struct ip *ip);

#define PATH_PREFIX_MOST 128

/* Whether a text may stand before all paths: segments of A-Za-z0-9._~-, each with a slash before it and none
   behind it, none `.` or `..`, no more than PATH_PREFIX_MOST bytes. Empty is fine. */
bool path_prefix_is_valid(struct text prefix);

#endif
