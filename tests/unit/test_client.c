/* Hosts, and clients behind proxies. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "base/arena.h"
#include "protocol/client.h"
#include "protocol/host.h"
#include "support/cmocka.h"

static void test_host_form(void **state)
{
	static const char *const good[] = {
		"ll.example.org",
		"LL.Example.ORG",
		"ll.example.org:8080",
		"ll.example.org:80",
		"ll.example.org.",
		"[::1]",
		"[::1]:9000",
		"127.0.0.1:8000",
		"localhost",
		"spacecraft_flights:8000", /* a service of docker */
		"_",
		"-",
		"a..b",
		"[::ffff:1.2.3.4]",
	};
	static const char *const bad[] = {
		"",    " ",       "bad host", "a/b",
		"a@b", ":abc",    "a:abc",    "ll.example.org:",
		":80", "a:80:80", "a,b",      "\u00e9.example",
		"[1]", "[::1",    "[::1]x",   "[g::1]",
		"[:]", "[]",      ".",        "a:\u0663",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(host_is_allowed(text_of(good[i]), "*"));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(host_is_allowed(text_of(bad[i]), "*"));
	assert_false(host_is_allowed((struct text){"a\0b", 3}, "*"));
}

static void test_host_length(void **state)
{
	char host[301];

	(void)state;
	memset(host, 'a', sizeof(host));
	assert_true(host_is_allowed((struct text){host, 253}, "*"));
	memcpy(host + 253, ".:65535", 8);
	assert_true(host_is_allowed((struct text){host, 260}, "*"));
	memset(host, 'a', sizeof(host));
	assert_false(host_is_allowed((struct text){host, 261}, "*"));
	memcpy(host + 288, ".example.org", 13);
	assert_false(host_is_allowed((struct text){host, 300}, ".example.org"));
}

static void test_host_list(void **state)
{
	static const struct {
		const char *host, *allowed;
		bool good;
	} cases[] = {
		{"ll.example.org", "ll.example.org", true},
		{"LL.example.org:80", "x, ll.EXAMPLE.org", true},
		{"ll.example.org.", "ll.example.org", true},
		{"ll.example.org", "example.org", false},
		{"ll.example.org", ".example.org", true},
		{"a.ll.example.org:1", ".example.org", true},
		{"example.org", ".example.org", true},
		{"notexample.org", ".example.org", false},
		{"example.org", "", false},
		{"example.org", "a,,b", false},
		{"[::1]:80", "[::1]", true},
		{"bad@host", "bad@host", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(host_is_allowed(text_of(cases[i].host), cases[i].allowed),
		                 cases[i].good);
}

/* A socket's address of either family. */
static struct sockaddr_storage peer_of(const char *text)
{
	struct sockaddr_storage peer = {0};
	struct sockaddr_in *ipv4 = (struct sockaddr_in *)&peer;
	struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)&peer;

	peer.ss_family = strchr(text, ':') ? AF_INET6 : AF_INET;
	assert_int_equal(inet_pton(peer.ss_family, text,
	                           peer.ss_family == AF_INET ? (void *)&ipv4->sin_addr
	                                                     : (void *)&ipv6->sin6_addr),
	                 1);
	return peer;
}

static struct client client_at(const char *peer, const struct forwarded *forwarded)
{
	struct sockaddr_storage storage = peer_of(peer);
	struct networks trusted;
	struct client client;
	struct arena arena;

	arena_init(&arena);
	assert_true(networks_parse("127.0.0.1, 10.0.0.0/8, ::1", &arena, &trusted));
	client = client_of((struct sockaddr *)&storage, &trusted, forwarded);
	arena_fini(&arena);
	return client;
}

static void assert_client(const char *peer, const char *forwarded_for, const char *forwarded_proto,
                          const char *address, bool https)
{
	const struct forwarded forwarded = {.for_ = forwarded_for, .proto = forwarded_proto};
	struct client client = client_at(peer, &forwarded);
	char text[IP_TEXT_SIZE];

	ip_format(&client.address, text);
	assert_string_equal(text, address);
	assert_int_equal(client.https, https);
	assert_int_equal(client.prefix.length, 0);
}

static void test_forwarded(void **state)
{
	(void)state;
	/* Nobody is believed but trusted peers. */
	assert_client("192.0.2.7", NULL, NULL, "192.0.2.7", false);
	assert_client("192.0.2.7", "198.51.100.1", "https", "192.0.2.7", false);
	assert_client("127.0.0.1", NULL, NULL, "127.0.0.1", false);
	assert_client("127.0.0.1", "192.0.2.7", "https", "192.0.2.7", true);
	assert_client("::ffff:127.0.0.1", "192.0.2.7", "https", "192.0.2.7", true);
	assert_client("::1", "2001:db8::7", "https", "2001:db8::7", true);
	/* From the end: what a client writes itself comes before what proxies add. */
	assert_client("127.0.0.1", "1.1.1.1, 192.0.2.7", NULL, "192.0.2.7", false);
	assert_client("127.0.0.1", "1.1.1.1,192.0.2.7 ,10.1.2.3,\t10.9.9.9", NULL, "192.0.2.7",
	              false);
	assert_client("127.0.0.1", "10.1.2.3, 10.9.9.9", NULL, "10.1.2.3", false);
	assert_client("127.0.0.1", "192.0.2.7, unknown, 10.9.9.9", NULL, "10.9.9.9", false);
	assert_client("127.0.0.1", "", NULL, "127.0.0.1", false);
	assert_client("127.0.0.1", ",", NULL, "127.0.0.1", false);
	assert_client("127.0.0.1", "192.0.2.7:4711", NULL, "192.0.2.7", false);
	assert_client("127.0.0.1", "[2001:db8::7]:4711", NULL, "2001:db8::7", false);
	assert_client("127.0.0.1", "[2001:db8::7]", NULL, "2001:db8::7", false);
}

static void test_unknown_peer(void **state)
{
	const struct networks nobody = {NULL, 0};
	const struct forwarded forwarded = {"192.0.2.7", "https", "/ll2"};
	struct client client = client_of(NULL, &nobody, &forwarded);
	char text[IP_TEXT_SIZE];

	(void)state;
	ip_format(&client.address, text);
	assert_string_equal(text, "::");
	assert_false(client.https);
	assert_int_equal(client.prefix.length, 0);
}

/* A unix socket is as good as 127.0.0.1. */
static void test_unix_peer(void **state)
{
	const struct sockaddr peer = {.sa_family = AF_UNIX};
	const struct forwarded forwarded = {"192.0.2.7", "https", "/ll2"};
	struct networks trusted;
	struct client client;
	struct arena arena;
	char text[IP_TEXT_SIZE];

	(void)state;
	arena_init(&arena);
	for (int i = 0; i < 2; i++) {
		assert_true(networks_parse(i ? "127.0.0.0/8" : "::1", &arena, &trusted));
		client = client_of(&peer, &trusted, &forwarded);
		ip_format(&client.address, text);
		assert_string_equal(text, i ? "192.0.2.7" : "127.0.0.1");
		assert_int_equal(client.https, i);
		assert_true(text_is(client.prefix, i ? "/ll2" : ""));
	}
	arena_fini(&arena);
}

static void assert_prefix(const char *peer, const char *header, const char *expected)
{
	const struct forwarded forwarded = {.prefix = header};
	struct client client = client_at(peer, &forwarded);

	if (!text_is(client.prefix, expected))
		fail_msg("\"%s\": %.*s", header, (int)client.prefix.length, client.prefix.data);
}

static void test_prefix(void **state)
{
	static const char *const refused[] = {
		"/",
		"//",
		"ll2",
		"//ll2",
		"/ll2//",
		"/a//b",
		"/..",
		"/a/../b",
		"/.",
		"/a/./b",
		"/a/..",
		"/a b",
		"/a,/b",
		"/a, /b",
		"/a%2Fb",
		"/a?b",
		"/a#b",
		"/a\\b",
		"/a\"b",
		"/a<b>",
		"https://x/ll2",
		"/a:b",
		"/a@b",
		"/\xC3\xA9",
		"/a;b",
		"",
		" ",
		"/a\tb",
		"javascript:x",
	};
	char longest[PATH_PREFIX_MOST + 2] = "/";

	(void)state;
	assert_prefix("127.0.0.1", NULL, "");
	assert_prefix("127.0.0.1", "/ll2", "/ll2");
	assert_prefix("127.0.0.1", " /ll2 ", "/ll2");
	assert_prefix("127.0.0.1", "/ll2/", "/ll2");
	assert_prefix("127.0.0.1", "/api/v1.0_x~y-Z/...", "/api/v1.0_x~y-Z/...");
	assert_prefix("::1", "/2.3.0", "/2.3.0");
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_prefix("127.0.0.1", refused[i], "");
	assert_prefix("192.0.2.7", "/ll2", "");
	memset(longest + 1, 'a', PATH_PREFIX_MOST - 1);
	assert_prefix("127.0.0.1", longest, longest);
	longest[PATH_PREFIX_MOST] = 'a';
	assert_prefix("127.0.0.1", longest, "");
}

static void test_scheme(void **state)
{
	static const struct {
		const char *proto;
		bool https;
	} cases[] = {
		{"https", true},        {" https ", true}, {"https, http", true},
		{"https,https", true},  {"http", false},   {"HTTPS", false},
		{"http, https", false}, {"", false},       {"httpsx", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_client("127.0.0.1", NULL, cases[i].proto, "127.0.0.1", cases[i].https);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_host_form), cmocka_unit_test(test_host_length),
		cmocka_unit_test(test_host_list), cmocka_unit_test(test_forwarded),
		cmocka_unit_test(test_scheme),    cmocka_unit_test(test_unknown_peer),
		cmocka_unit_test(test_prefix),    cmocka_unit_test(test_unix_peer),
	};

	return RUN_TESTS("client", tests, NULL, NULL);
}
