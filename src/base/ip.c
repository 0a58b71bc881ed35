/* Reads and writes IP addresses. */
#include "base/ip.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static const unsigned char v4_prefix[IP_V4_PREFIX / 8] = {[10] = 0xFF, [11] = 0xFF};

bool ip_is_v4(const struct ip *ip)
{
	return memcmp(ip->bytes, v4_prefix, sizeof(v4_prefix)) == 0;
}

struct ip ip_client(const struct ip *ip)
{
	const size_t network = 8;
	struct ip client = *ip;

	if (!ip_is_v4(ip))
		memset(client.bytes + network, 0, sizeof(client.bytes) - network);
	return client;
}

static void set_v4(struct ip *ip, const struct in_addr *address)
{
	memcpy(ip->bytes, v4_prefix, sizeof(v4_prefix));
	memcpy(ip->bytes + sizeof(v4_prefix), address, sizeof(*address));
}

bool ip_parse(const char *text, size_t length, struct ip *ip)
{
	char terminated[IP_TEXT_SIZE];
	struct in_addr v4;

	if (length == 0 || length >= sizeof(terminated) || memchr(text, '\0', length) != NULL)
		return false;
	memcpy(terminated, text, length);
	terminated[length] = '\0';
	if (inet_pton(AF_INET, terminated, &v4) == 1) {
		set_v4(ip, &v4);
		return true;
	}
	return inet_pton(AF_INET6, terminated, ip->bytes) == 1;
}

void ip_format(const struct ip *ip, char text[static IP_TEXT_SIZE])
{
	if (ip_is_v4(ip))
		inet_ntop(AF_INET, ip->bytes + sizeof(v4_prefix), text, IP_TEXT_SIZE);
	else
		inet_ntop(AF_INET6, ip->bytes, text, IP_TEXT_SIZE);
}

bool ip_of_socket(const struct sockaddr *address, struct ip *ip)
{
	if (address->sa_family == AF_INET6)
		memcpy(ip->bytes, &((const struct sockaddr_in6 *)address)->sin6_addr,
		       sizeof(ip->bytes));
	else if (address->sa_family == AF_INET)
		set_v4(ip, &((const struct sockaddr_in *)address)->sin_addr);
	else
		return false;
	return true;
}
