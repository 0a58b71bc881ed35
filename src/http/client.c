/* Finds the client behind trusted proxies. */
#include "http/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static const unsigned char ipv4_prefix[12] = {[10] = 0xFF, [11] = 0xFF};

bool client_address_is_ipv4(const struct client_address *address)
{
	return memcmp(address->bytes, ipv4_prefix, sizeof(ipv4_prefix)) == 0;
}

static void set_ipv4(struct client_address *address, const struct in_addr *ipv4)
{
	memcpy(address->bytes, ipv4_prefix, sizeof(ipv4_prefix));
	memcpy(address->bytes + sizeof(ipv4_prefix), ipv4, sizeof(*ipv4));
}

bool client_address_parse(struct text text, struct client_address *address)
{
	char terminated[CLIENT_ADDRESS_TEXT_SIZE];
	struct in_addr ipv4;

	if (text.length == 0 || text.length >= sizeof(terminated))
		return false;
	memcpy(terminated, text.data, text.length);
	terminated[text.length] = '\0';
	if (strlen(terminated) != text.length)
		return false;
	if (inet_pton(AF_INET, terminated, &ipv4) == 1) {
		set_ipv4(address, &ipv4);
		return true;
	}
	return inet_pton(AF_INET6, terminated, address->bytes) == 1;
}

void client_address_format(const struct client_address *address,
                           char text[static CLIENT_ADDRESS_TEXT_SIZE])
{
	if (client_address_is_ipv4(address))
		inet_ntop(AF_INET, address->bytes + sizeof(ipv4_prefix), text,
		          CLIENT_ADDRESS_TEXT_SIZE);
	else
		inet_ntop(AF_INET6, address->bytes, text, CLIENT_ADDRESS_TEXT_SIZE);
}

static struct client_address address_of_socket(const struct sockaddr *socket_address)
{
	struct client_address address = {{0}};
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;

	if (!socket_address)
		return address;
	if (socket_address->sa_family == AF_INET) {
		memcpy(&ipv4, socket_address, sizeof(ipv4));
		set_ipv4(&address, &ipv4.sin_addr);
	} else if (socket_address->sa_family == AF_INET6) {
		memcpy(&ipv6, socket_address, sizeof(ipv6));
		memcpy(address.bytes, &ipv6.sin6_addr, sizeof(address.bytes));
	}
	return address;
}

static bool is_trusted(const struct networks *trusted, const struct client_address *address)
{
	char text[CLIENT_ADDRESS_TEXT_SIZE];

	client_address_format(address, text);
	return networks_contain_text(trusted, text);
}

/* Takes the last item of a list with commas off *list; false once none is left. */
static bool split_last(struct text *list, struct text *item)
{
	size_t start;

	if (!list->data)
		return false;
	start = list->length;
	while (start > 0 && list->data[start - 1] != ',')
		start--;
	*item = text_trim(text_from(*list, start));
	if (start == 0)
		*list = (struct text){NULL, 0};
	else
		list->length = start - 1;
	return true;
}

/* Some proxies write a port too: `192.0.2.7:4711`, `[2001:db8::1]:4711`. */
static bool parse_with_port(struct text text, struct client_address *address)
{
	struct text before;

	if (client_address_parse(text, address))
		return true;
	if (text.length > 0 && text.data[0] == '[') {
		text = text_from(text, 1);
		text_split(&text, ']', &before);
	} else {
		text_split(&text, ':', &before);
	}
	return client_address_parse(before, address);
}

static bool says_https(const char *forwarded_proto)
{
	struct text rest = text_of(forwarded_proto);
	struct text first;

	return text_split(&rest, ',', &first) && text_is(text_trim(first), "https");
}

struct client client_of(const struct sockaddr *peer, const struct networks *trusted,
                        const char *forwarded_for, const char *forwarded_proto)
{
	struct client client = {address_of_socket(peer), false};
	struct text rest = text_of(forwarded_for);
	struct text item;

	if (!peer || !networks_contain(trusted, peer))
		return client;
	client.https = says_https(forwarded_proto);
	while (is_trusted(trusted, &client.address) && split_last(&rest, &item)) {
		struct client_address before;

		if (!parse_with_port(item, &before))
			break;
		client.address = before;
	}
	return client;
}
