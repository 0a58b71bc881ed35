/* Host, X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Prefix: the same bytes as each of them. */
#include <netinet/in.h>

#include "base/arena.h"
#include "protocol/client.h"
#include "protocol/host.h"
#include "support/fuzz.h"

static void check_client(const char *header)
{
	const struct sockaddr_in peer = {.sin_family = AF_INET};
	const struct forwarded forwarded = {header, header, header};
	char text[IP_TEXT_SIZE];
	struct ip again;
	struct networks trusted;
	struct client client;
	struct arena arena;

	arena_init(&arena);
	FUZZ_REQUIRE(networks_parse("0.0.0.0, 10.0.0.0/8, fd00::/8", &arena, &trusted));
	client = client_of((const struct sockaddr *)&peer, &trusted, &forwarded);
	ip_format(&client.address, text);
	FUZZ_REQUIRE(ip_parse(text, strlen(text), &again));
	FUZZ_REQUIRE(memcmp(&again, &client.address, sizeof(again)) == 0);
	FUZZ_REQUIRE(client.prefix.length == 0 || client.prefix.data[0] == '/');
	for (size_t i = 0; i < client.prefix.length; i++)
		FUZZ_REQUIRE(client.prefix.data[i] > 0x20 && client.prefix.data[i] < 0x7F &&
		             !strchr("\\\"<>?#%&,:;@", client.prefix.data[i]));
	arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text host = {(const char *)data, size};
	char *header = fuzz_string(data, size);

	if (host_is_allowed(host, "*"))
		for (size_t i = 0; i < size; i++)
			FUZZ_REQUIRE(data[i] > 0x20 && data[i] < 0x7F &&
			             !strchr("/@,\"<>", data[i]));
	FUZZ_REQUIRE(!host_is_allowed(host, ".example.org, [::1]") || host_is_allowed(host, "*"));
	host_is_allowed((struct text){"example.org", 11}, header);
	check_client(header);
	free(header);
	return 0;
}
