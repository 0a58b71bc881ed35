/* IP addresses, of both kinds in one form. */
#ifndef BASE_IP_H
#define BASE_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

/* With the NUL behind it. */
#define IP_TEXT_SIZE 46

/* An IPv6 address; those of IPv4 are in ::ffff:0:0/96, so that both compare alike. */
struct ip {
	unsigned char bytes[16];
};

/* Bits before those of IPv4. */
#define IP_V4_PREFIX 96

bool ip_is_v4(const struct ip *ip);

/* Whose address it is: itself, of IPv6 the network of 64 bits that a client has all addresses of. */
struct ip ip_client(const struct ip *ip);

/* `192.0.2.7`, `2001:db8::1`; false: neither. */
bool ip_parse(const char *text, size_t length, struct ip *ip);
void ip_format(const struct ip *ip, char text[static IP_TEXT_SIZE]);

/* False: the socket is of another family. */
bool ip_of_socket(const struct sockaddr *address, struct ip *ip);

#endif
