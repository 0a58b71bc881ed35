/* Reads requests, and makes the key that their answers are kept under. */
#include "asked.h"

#include <string.h>
#include <strings.h>

static void key_add(struct exchange *exchange, const char *text, size_t length)
{
	if (exchange->key_length + length + 2 > EXCHANGE_KEY_MAX) {
		exchange->key_length = EXCHANGE_KEY_MAX; /* too long: nothing fits any more */
		return;
	}
	char *end = exchange->key + exchange->key_length;
	*end++ = text ? '=' : '-';
	memcpy(end, text ? text : "", length);
	end[length] = '\0';
	exchange->key_length += length + 2;
}

void asked_target(struct exchange *exchange, const char *target)
{
	size_t length = strlen(target);
	key_add(exchange, target, length);
	exchange->target.length = length;
	exchange->target.data = exchange->key_length < EXCHANGE_KEY_MAX
	                                ? exchange->key + 1
	                                : arena_copy(&exchange->arena, target, length);
}

static enum MHD_Result take_header(void *user, enum MHD_ValueKind kind, const char *key,
                                   const char *value)
{
	static const struct {
		const char *text;
		size_t length, offset;
	} known[] = {
#define X(name, text) {text, sizeof(text) - 1, offsetof(struct headers, name)},
		EXCHANGE_HEADERS(X)
#undef X
	};
	struct exchange *exchange = user;
	size_t length = strlen(key);
	(void)kind;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (length != known[i].length || strcasecmp(key, known[i].text) != 0)
			continue;
		const char **header = (const char **)((char *)&exchange->headers + known[i].offset);
		const char *sent = value ? value : "";
		*header = *header ? arena_printf(&exchange->arena, "%s,%s", *header, sent) : sent;
	}
	return MHD_YES;
}

static void key_add_header(struct exchange *exchange, const char *header)
{
	key_add(exchange, header, header ? strlen(header) : 0);
}

const struct sockaddr *asked_peer(const struct exchange *exchange)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	return info ? info->client_addr : NULL;
}

struct client asked_client(const struct exchange *exchange)
{
	return client_of(asked_peer(exchange), &exchange->service->rules.trusted_proxies,
	                 exchange->headers.forwarded_for, exchange->headers.forwarded_proto);
}

/* Everything that an answer of status 200 depends on, beside the data and the time. */
static void make_key(struct exchange *exchange)
{
	const struct headers *headers = &exchange->headers;
	bool read = strcmp(exchange->method, "GET") == 0 || strcmp(exchange->method, "HEAD") == 0;
	if (!read) {
		exchange->key_length = 0;
		return;
	}
	key_add_header(exchange, headers->host);
	key_add_header(exchange, headers->accept);
	key_add_header(exchange, headers->accept_encoding);
	/* What the header says counts from some clients only. */
	if (headers->forwarded_proto != NULL && exchange->service->rules.trusted_proxies.count > 0)
		key_add_header(exchange, asked_client(exchange).https ? "https" : "http");
	if (exchange->key_length == EXCHANGE_KEY_MAX)
		exchange->key_length = 0;
}

void asked_headers(struct exchange *exchange)
{
	MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, take_header, exchange);
	make_key(exchange);
}
