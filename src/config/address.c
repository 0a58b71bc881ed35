/* Reads addresses and networks, and finds addresses in them. */
#include "config/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "base/arena.h"

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

#define UNIX_PREFIX "unix:"
#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"

static bool unix_parse(const char *path, struct place *place)
{
	place->kind = PLACE_UNIX;
	place->path = path;
	return path[0] == '/' && strlen(path) < sizeof(((struct sockaddr_un *)NULL)->sun_path);
}

static bool name_parse(const char *text, struct arena *arena, struct place *place)
{
	size_t length = strspn(text, NAME_CHARACTERS);
	unsigned port;

	place->kind = PLACE_NAME;
	place->name = arena_copy(arena, text, length);
	/* What has no letter is an address with a mistake. */
	if (strspn(text, "0123456789.") == length || text[length] != ':')
		return false;
	place->port = text + length + 1;
	return number_parse(place->port, 65535, &port);
}

static bool place_parse(const char *text, struct arena *arena, struct place *place)
{
	*place = (struct place){.kind = PLACE_ADDRESS, .text = text};
	if (strncmp(text, UNIX_PREFIX, strlen(UNIX_PREFIX)) == 0)
		return unix_parse(text + strlen(UNIX_PREFIX), place);
	return address_parse(text, &place->address) || name_parse(text, arena, place);
}

/* The next item of a list with commas, without white space around it; NULL after the last. */
static char *next_item(char **rest)
{
	char *item = strsep(rest, ",");
	size_t length;

	if (!item)
		return NULL;
	item += strspn(item, " \t");
	length = strlen(item);
	while (length > 0 && (item[length - 1] == ' ' || item[length - 1] == '\t'))
		item[--length] = '\0';
	return item;
}

static size_t count_items(const char *text)
{
	size_t count = 1;

	for (; *text != '\0'; text++)
		count += *text == ',';
	return count;
}

bool places_parse(const char *text, struct arena *arena, struct places *places)
{
	char *rest = arena_string(arena, text);

	places->items = arena_array(arena, count_items(text), sizeof(*places->items));
	places->count = 0;
	for (char *item = next_item(&rest); item; item = next_item(&rest))
		if (item[0] != '\0' && !place_parse(item, arena, &places->items[places->count++]))
			return false;
	return places->count > 0;
}

static bool network_parse(char *text, struct network *network)
{
	unsigned bits = strchr(text, ':') ? 128 : 32;
	char *slash = strchr(text, '/');

	if (slash)
		*slash = '\0';
	if (!ip_parse(text, strlen(text), &network->ip))
		return false;
	network->prefix = bits;
	if (slash && !number_parse(slash + 1, bits, &network->prefix))
		return false;
	if (bits == 32)
		network->prefix += IP_V4_PREFIX;
	return true;
}

bool networks_parse(const char *text, struct arena *arena, struct networks *networks)
{
	char *rest = arena_string(arena, text);

	networks->items = arena_array(arena, count_items(text), sizeof(*networks->items));
	networks->count = 0;
	for (char *item = next_item(&rest); item; item = next_item(&rest))
		if (item[0] != '\0' && !network_parse(item, &networks->items[networks->count++]))
			return false;
	return true;
}

static bool network_contains(const struct network *network, const struct ip *ip)
{
	size_t whole = network->prefix / 8;
	unsigned rest = network->prefix % 8;

	if (memcmp(network->ip.bytes, ip->bytes, whole) != 0)
		return false;
	return rest == 0 || (network->ip.bytes[whole] ^ ip->bytes[whole]) >> (8 - rest) == 0;
}

bool networks_contain(const struct networks *networks, const struct ip *ip)
{
	for (size_t i = 0; i < networks->count; i++)
		if (network_contains(&networks->items[i], ip))
			return true;
	return false;
}

static bool is_prefix_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '~' || c == '-';
}

static bool segment_is_valid(struct text segment)
{
	for (size_t i = 0; i < segment.length; i++)
		if (!is_prefix_character(segment.data[i]))
			return false;
	return segment.length > 0 && !text_is(segment, ".") && !text_is(segment, "..");
}

bool path_prefix_is_valid(struct text prefix)
{
	struct text segment;

	if (prefix.length == 0)
		return true;
	if (prefix.length > PATH_PREFIX_MOST || prefix.data[0] != '/')
		return false;
	prefix = text_from(prefix, 1);
	while (text_split(&prefix, '/', &segment))
		if (!segment_is_valid(segment))
			return false;
	return true;
}
