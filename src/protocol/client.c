/* Finds the client behind trusted proxies. */
#include "protocol/client.h"

#include "base/text.h"

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
static bool parse_with_port(struct text text, struct ip *address)
{
	struct text before;

	if (ip_parse(text.data, text.length, address))
		return true;
	if (text.length > 0 && text.data[0] == '[') {
		text = text_from(text, 1);
		text_split(&text, ']', &before);
	} else {
		text_split(&text, ':', &before);
	}
	return ip_parse(before.data, before.length, address);
}

static bool says_https(const char *forwarded_proto)
{
	struct text rest = text_of(forwarded_proto);
	struct text first;

	return text_split(&rest, ',', &first) && text_is(text_trim(first), "https");
}

/* Several prefixes have a comma between them, which is no part of a valid one: nobody knows what they mean. */
static struct text read_prefix(const char *forwarded_prefix)
{
	struct text prefix = text_trim(text_of(forwarded_prefix));

	if (prefix.length > 0 && prefix.data[prefix.length - 1] == '/')
		prefix.length--;
	return path_prefix_is_valid(prefix) ? prefix : (struct text){NULL, 0};
}

/* Who comes by a unix socket is on this machine. */
static bool find_address(const struct sockaddr *peer, struct ip *address)
{
	static const char loopback[] = "127.0.0.1";

	if (peer->sa_family == AF_UNIX)
		return ip_parse(loopback, strlen(loopback), address);
	return ip_of_socket(peer, address);
}

struct client client_of(const struct sockaddr *peer, const struct networks *trusted,
                        const struct forwarded *forwarded)
{
	struct client client = {0};
	struct text rest = text_of(forwarded->for_);
	struct text item;

	if (!peer || !find_address(peer, &client.address) ||
	    !networks_contain(trusted, &client.address))
		return client;
	client.proxied = true;
	client.https = says_https(forwarded->proto);
	client.prefix = read_prefix(forwarded->prefix);
	while (networks_contain(trusted, &client.address) && split_last(&rest, &item)) {
		struct ip before;

		if (!parse_with_port(item, &before))
			break;
		client.address = before;
	}
	return client;
}
