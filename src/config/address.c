/* Reads addresses and networks, and finds peers in them. */
#include "config/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define IPV4_IN_IPV6_BITS 96

/* Digits alone, up to `most`. */
static bool number_parse(const char *text, unsigned most, unsigned *number)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > 5 || text[digits] != '\0')
		return false;
	*number = (unsigned)strtoul(text, NULL, 10);
	return *number <= most;
}

/* The part before the port, without its brackets; NULL where it is not of that form. */
static const char *host_split(const char *text, char host[static INET6_ADDRSTRLEN], bool *bracketed)
{
	const char *colon = strrchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : 0;

	*bracketed = text[0] == '[';
	if (*bracketed) {
		if (length < 3 || text[length - 1] != ']')
			return NULL;
		text++;
		length -= 2;
	}
	if (length == 0 || length >= INET6_ADDRSTRLEN)
		return NULL;
	memcpy(host, text, length);
	host[length] = '\0';
	return colon + 1;
}

bool address_parse(const char *text, struct address *address)
{
	struct sockaddr_in *in4 = (struct sockaddr_in *)&address->socket;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&address->socket;
	char host[INET6_ADDRSTRLEN];
	bool bracketed;
	unsigned port;
	const char *port_text = host_split(text, host, &bracketed);

	if (!port_text || !number_parse(port_text, 65535, &port))
		return false;
	memset(address, 0, sizeof(*address));
	if (bracketed) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons((uint16_t)port);
		address->length = sizeof(*in6);
		return inet_pton(AF_INET6, host, &in6->sin6_addr) == 1;
	}
	in4->sin_family = AF_INET;
	in4->sin_port = htons((uint16_t)port);
	address->length = sizeof(*in4);
	return inet_pton(AF_INET, host, &in4->sin_addr) == 1;
}

static void map_ipv4(uint8_t bytes[static 16], const void *ipv4)
{
	memset(bytes, 0, 10);
	memset(bytes + 10, 0xff, 2);
	memcpy(bytes + 12, ipv4, 4);
}

/* Reads an address alone; `bits` is how many of its 128 the text could speak about. */
static bool bytes_parse(const char *text, uint8_t bytes[static 16], unsigned *bits)
{
	struct in_addr ipv4;

	*bits = 128;
	if (inet_pton(AF_INET6, text, bytes) == 1)
		return true;
	*bits = 32;
	if (inet_pton(AF_INET, text, &ipv4) != 1)
		return false;
	map_ipv4(bytes, &ipv4);
	return true;
}

static bool network_parse(char *text, struct network *network)
{
	char *slash = strchr(text, '/');
	unsigned bits;
	unsigned prefix;

	if (slash)
		*slash = '\0';
	if (!bytes_parse(text, network->bytes, &bits))
		return false;
	prefix = bits;
	if (slash && !number_parse(slash + 1, bits, &prefix))
		return false;
	network->prefix = bits == 32 ? prefix + IPV4_IN_IPV6_BITS : prefix;
	return true;
}

bool networks_parse(const char *text, struct arena *arena, struct networks *networks)
{
	char *rest = arena_string(arena, text);
	size_t most = 1;

	for (const char *c = text; *c != '\0'; c++)
		most += *c == ',';
	networks->items = arena_array(arena, most, sizeof(*networks->items));
	networks->count = 0;
	for (char *item = strsep(&rest, ","); item; item = strsep(&rest, ",")) {
		item += strspn(item, " \t");
		item[strcspn(item, " \t")] = '\0';
		if (item[0] != '\0' && !network_parse(item, &networks->items[networks->count++]))
			return false;
	}
	return true;
}

static bool network_contains(const struct network *network, const uint8_t bytes[static 16])
{
	size_t whole = network->prefix / 8;
	unsigned rest = network->prefix % 8;

	if (memcmp(network->bytes, bytes, whole) != 0)
		return false;
	return rest == 0 || (network->bytes[whole] ^ bytes[whole]) >> (8 - rest) == 0;
}

static bool bytes_contained(const struct networks *networks, const uint8_t bytes[static 16])
{
	for (size_t i = 0; i < networks->count; i++)
		if (network_contains(&networks->items[i], bytes))
			return true;
	return false;
}

bool networks_contain(const struct networks *networks, const struct sockaddr *peer)
{
	uint8_t bytes[16];

	if (networks->count == 0)
		return false;
	if (peer->sa_family == AF_INET6)
		return bytes_contained(networks,
		                       ((const struct sockaddr_in6 *)peer)->sin6_addr.s6_addr);
	if (peer->sa_family != AF_INET)
		return false;
	map_ipv4(bytes, &((const struct sockaddr_in *)peer)->sin_addr);
	return bytes_contained(networks, bytes);
}

bool networks_contain_text(const struct networks *networks, const char *address)
{
	uint8_t bytes[16];
	unsigned bits;

	return bytes_parse(address, bytes, &bits) && bytes_contained(networks, bytes);
}
