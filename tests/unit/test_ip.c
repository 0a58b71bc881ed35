/* IP addresses in text and of sockets: both kinds in one form. */
#include "base/ip.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "support/cmocka.h"

static void test_text(void **state)
{
	static const struct {
		const char *text, *formatted;
		bool v4;
	} cases[] = {
		{"192.0.2.7", "192.0.2.7", true},
		{"::ffff:192.0.2.7", "192.0.2.7", true},
		{"2001:DB8:0:0::1", "2001:db8::1", false},
		{"::1", "::1", false},
	};
	static const char *const bad[] = {"",   "192.0.2", "192.0.2.7 ", "unknown",
	                                  "_a", "::1%lo",  "[::1]"};
	struct ip ip;
	char text[IP_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(ip_parse(cases[i].text, strlen(cases[i].text), &ip));
		ip_format(&ip, text);
		assert_string_equal(text, cases[i].formatted);
		assert_int_equal(ip_is_v4(&ip), cases[i].v4);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(ip_parse(bad[i], strlen(bad[i]), &ip));
	assert_false(ip_parse("::1\0", 4, &ip));
	assert_true(ip_parse("::12", 3, &ip));
	ip_format(&ip, text);
	assert_string_equal(text, "::1");
}

static void test_socket(void **state)
{
	struct sockaddr_in in4 = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
	struct sockaddr other = {.sa_family = AF_UNIX};
	struct ip ip;
	char text[IP_TEXT_SIZE];

	(void)state;
	assert_int_equal(inet_pton(AF_INET, "192.0.2.7", &in4.sin_addr), 1);
	assert_true(ip_of_socket((const struct sockaddr *)&in4, &ip));
	ip_format(&ip, text);
	assert_string_equal(text, "192.0.2.7");
	assert_int_equal(inet_pton(AF_INET6, "2001:db8::7", &in6.sin6_addr), 1);
	assert_true(ip_of_socket((const struct sockaddr *)&in6, &ip));
	ip_format(&ip, text);
	assert_string_equal(text, "2001:db8::7");
	assert_false(ip_of_socket(&other, &ip));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_socket),
	};

	return RUN_TESTS("ip", tests, NULL, NULL);
}
