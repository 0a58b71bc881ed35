/* Settings: defaults, files, the command line, the example, and what is said about mistakes. */
#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "config/config.h"
#include "support/cmocka.h"

#define HOUR_SECONDS 3600

static int setup(void **state)
{
	struct config *config = malloc(sizeof(*config));

	assert_non_null(config);
	config_init(config);
	*state = config;
	return 0;
}

static int teardown(void **state)
{
	config_fini(*state);
	free(*state);
	return 0;
}

static void set(struct config *config, const char *assignment)
{
	struct error error = {0};

	if (!config_set(config, assignment, &error))
		fail_msg("%s: %s", assignment, error.text);
}

static void assert_refused(struct config *config, const char *assignment, const char *text)
{
	struct error error = {0};

	if (config_set(config, assignment, &error))
		fail_msg("taken: %s", assignment);
	assert_string_equal(error.text, text);
}

/* Reads a text as a configuration file; "FILE" stands for its path in the error returned, which is
   static memory, empty where all was well. */
static const char *load(struct config *config, const char *text)
{
	static char message[2048];
	char path[] = "/tmp/spacecraft-flights-config.XXXXXX";
	struct error error = {0};
	int fd = mkstemp(path);
	size_t length = strlen(text);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, length), length);
	close(fd);
	message[0] = '\0';
	if (!config_load(config, path, &error)) {
		assert_int_equal(strncmp(error.text, path, strlen(path)), 0);
		snprintf(message, sizeof(message), "FILE%s", error.text + strlen(path));
	} else {
		assert_false(error_is_set(&error));
	}
	unlink(path);
	return message;
}

static void assert_defaults(const struct config *config)
{
	const struct sockaddr_in *listen =
		(const struct sockaddr_in *)&config->server_listen.items[0].address.socket;

	assert_int_equal(config->server_listen.count, 1);
	assert_int_equal(listen->sin_family, AF_INET);
	assert_int_equal(ntohs(listen->sin_port), 8000);
	assert_int_equal(ntohl(listen->sin_addr.s_addr), INADDR_LOOPBACK);
	assert_string_equal(config->server_public_url, "");
	assert_string_equal(config->server_allowed_hosts, "*");
	assert_int_equal(config->server_trusted_proxies.count, 0);
	assert_int_equal(config->server_threads, 1);
	assert_int_equal(config->server_workers, 4);
	assert_false(config->server_clock.set);
	assert_true(config->http_redirect_upstream);
	assert_string_equal(config->database_conninfo, "");
	assert_int_equal(config->cache_size, 268435456);
	assert_int_equal(config->cache_max_age, 10);
	assert_int_equal(config->throttle_rate.requests, 0);
	assert_string_equal(config->sync_upstream, "https://ll.thespacedevs.com");
	assert_string_equal(config->sync_token, "");
	assert_int_equal(config->sync_interval, 0);
	assert_int_equal(config->log_level, LOG_INFO);
	assert_int_equal(config->log_format, LOG_FORMAT_TEXT);
}

static void test_defaults(void **state)
{
	assert_defaults(*state);
}

static void test_values(void **state)
{
	struct config *config = *state;
	const struct sockaddr_in6 *in6;

	set(config, "server.listen=[::1]:65535");
	in6 = (const struct sockaddr_in6 *)&config->server_listen.items[0].address.socket;
	assert_int_equal(in6->sin6_family, AF_INET6);
	assert_int_equal(ntohs(in6->sin6_port), 65535);
	assert_true(IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr));
	set(config, "server.public_url=https://[2001:db8::1]:8443");
	assert_string_equal(config->server_public_url, "https://[2001:db8::1]:8443");
	set(config, "server.public_url=https://a.example:8443/ll2/x.y");
	assert_string_equal(config->server_public_url, "https://a.example:8443/ll2/x.y");
	set(config, "server.public_url=http://[::1]/ll2");
	assert_string_equal(config->server_public_url, "http://[::1]/ll2");
	set(config, "server.public_url=");
	assert_string_equal(config->server_public_url, "");
	set(config, "server.clock=2025-04-13T02:53:55.271204Z");
	assert_true(config->server_clock.set);
	assert_int_equal(config->server_clock.moment, INT64_C(1744512835271204));
	set(config, "database.conninfo=host=/tmp dbname=x options='-c a=b'");
	assert_string_equal(config->database_conninfo, "host=/tmp dbname=x options='-c a=b'");
	set(config, "cache.size=0");
	assert_int_equal(config->cache_size, 0);
	set(config, "cache.size=3k");
	assert_int_equal(config->cache_size, 3072);
	set(config, "cache.size=2G");
	assert_int_equal(config->cache_size, INT64_C(2147483648));
	set(config, "cache.max_age=5m");
	assert_int_equal(config->cache_max_age, 300);
	set(config, "throttle.rate=15/hour");
	assert_int_equal(config->throttle_rate.requests, 15);
	assert_int_equal(config->throttle_rate.seconds, HOUR_SECONDS);
	set(config, "throttle.rate=2/d");
	assert_int_equal(config->throttle_rate.seconds, 24 * HOUR_SECONDS);
	set(config, "throttle.rate=");
	assert_int_equal(config->throttle_rate.requests, 0);
	set(config, "http.redirect_upstream=off");
	assert_false(config->http_redirect_upstream);
	set(config, "log.level=warning");
	assert_int_equal(config->log_level, LOG_WARNING);
	set(config, "log.format=json");
	assert_int_equal(config->log_format, LOG_FORMAT_JSON);
}

static void test_places(void **state)
{
	struct config *config = *state;
	const struct places *places = &config->server_listen;

	set(config, "server.listen= 127.0.0.1:1 ,[::]:2,, localhost:3, my_host-1.example:04, "
	            "unix:/run/x y.sock");
	assert_int_equal(places->count, 5);
	assert_int_equal(places->items[0].kind, PLACE_ADDRESS);
	assert_string_equal(places->items[0].text, "127.0.0.1:1");
	assert_int_equal(places->items[1].kind, PLACE_ADDRESS);
	assert_int_equal(places->items[1].address.socket.ss_family, AF_INET6);
	assert_int_equal(places->items[2].kind, PLACE_NAME);
	assert_string_equal(places->items[2].name, "localhost");
	assert_string_equal(places->items[2].port, "3");
	assert_string_equal(places->items[3].name, "my_host-1.example");
	assert_int_equal(places->items[4].kind, PLACE_UNIX);
	assert_string_equal(places->items[4].text, "unix:/run/x y.sock");
	assert_string_equal(places->items[4].path, "/run/x y.sock");
	assert_int_equal(config->server_socket_mode, 0660);
	set(config, "server.socket_mode=0600");
	assert_int_equal(config->server_socket_mode, 0600);
	set(config, "server.socket_mode=777");
	assert_int_equal(config->server_socket_mode, 0777);
}

static void test_refused(void **state)
{
	static const char *const wrong[] = {
		"server.listen=8000",
		"server.listen=127.0.0.1",
		"server.listen=127.0.0.1:",
		"server.listen=127.0.0.1:65536",
		"server.listen=::1:80",
		"server.listen=[::1]",
		"server.listen=[127.0.0.1]:80",
		"server.listen=",
		"server.listen=localhost",
		"server.listen=localhost:",
		"server.listen=localhost:http",
		"server.listen=localhost:65536",
		"server.listen=127.0.0.256:80",
		"server.listen=127.0.0.1:80, :81",
		"server.listen=a b:80",
		"server.listen=a/b:80",
		"server.listen=unix:",
		"server.listen=unix:x.sock",
		("server.listen=unix:/"
	         "0123456789012345678901234567890123456789012345678901234567890123456789"
	         "01234567890123456789012345678901234567890"),
		"server.listen=,",
		"server.socket_mode=",
		"server.socket_mode=66",
		"server.socket_mode=1777",
		"server.socket_mode=668",
		"server.socket_mode=rw",
		"server.public_url=ftp://a",
		"server.public_url=https://",
		"server.public_url=a.b",
		"server.public_url=https://a/",
		"server.public_url=https://a:99999",
		"server.public_url=https://a:",
		"server.public_url=https://a_b",
		"server.public_url=https://a/ll2/",
		"server.public_url=https://a//ll2",
		"server.public_url=https://a/ll2/..",
		"server.public_url=https://a/ll2?x",
		"server.public_url=https://a/l l",
		"server.public_url=https://a:80x/ll2",
		"sync.upstream=https://a/ll2",
		"server.trusted_proxies=10.0.0.0/33",
		"server.trusted_proxies=10.0.0.0/",
		"server.trusted_proxies=::1/129",
		"server.trusted_proxies=host",
		"server.trusted_proxies=10.0.0.1 10.0.0.2",
		"server.listen=127.0.0.1:80 127.0.0.1:81",
		"server.threads=0",
		"server.threads=65",
		"server.threads=-1",
		"server.threads=1.5",
		"server.threads=",
		"server.threads=1K",
		"cache.size=1Q",
		"cache.size=-1",
		"cache.size=M",
		"cache.size=9999999999999999999",
		"cache.size=9000000000T",
		"cache.max_age=1w",
		"cache.max_age=1h1m",
		"throttle.rate=15",
		"throttle.rate=15/",
		"throttle.rate=0/hour",
		"throttle.rate=15/week",
		"throttle.rate=/hour",
		"throttle.rate=15/hours",
		"http.redirect_upstream=maybe",
		"log.level=INFO",
		"log.format=",
		"server.clock=now",
		"sync.token=a\r\nb",
		"sync.upstream=//x",
	};
	struct error error;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		error = (struct error){0};
		if (config_set(*state, wrong[i], &error))
			fail_msg("taken: %s", wrong[i]);
	}
}

static void test_messages(void **state)
{
	assert_refused(*state, "server.threads=many",
	               "--set: server.threads: \"many\" is not a number from 1 to 64");
	assert_refused(*state, "cache.size=big",
	               "--set: cache.size: \"big\" is not a size, such as 512K, 256M or 2G");
	assert_refused(
		*state, "server.thread=2",
		"--set: there is no setting server.thread; the nearest name is server.threads");
	assert_refused(*state, "listen=[::1]:1",
	               "--set: there is no setting listen; the nearest name is server.listen");
	assert_refused(*state, "server.threads",
	               "--set server.threads: SECTION.KEY=VALUE was expected");
	assert_refused(*state, "sync.token=secret\n",
	               "--set: sync.token: has a control character in it");
}

static void test_file(void **state)
{
	struct config *config = *state;

	assert_string_equal(load(config, "; a comment\n[server]\nlisten = 0.0.0.0:80 ; here too\n"
	                                 "# another\n\n[database]\nconninfo = host=a\n"
	                                 "  dbname=b\n\tuser=c\n[cache]\nsize=1M\r\n"),
	                    "");
	assert_string_equal(config->database_conninfo, "host=a dbname=b user=c");
	assert_int_equal(config->cache_size, 1048576);
	assert_int_equal(config->cache_max_age, 10);
}

static void test_file_mistakes(void **state)
{
	char text[600];

	assert_string_equal(load(*state, "[server]\n\nthreads = none\nworkers = 1\n"),
	                    "FILE:3: server.threads: \"none\" is not a number from 1 to 64");
	assert_string_equal(
		load(*state, "[serve]\nlisten = 127.0.0.1:1\n"),
		"FILE:2: there is no setting serve.listen; the nearest name is server.listen");
	assert_string_equal(
		load(*state, "threads = 1\n"),
		"FILE:1: there is no setting threads; the nearest name is server.threads");
	assert_string_equal(load(*state, "[cache]\nsize = 1M\n\nsize = 2M\n"),
	                    "FILE:4: cache.size is set twice");
	assert_string_equal(load(*state, "[cache]\nsize\n"),
	                    "FILE:2: [section] or key = value was expected");
	assert_string_equal(load(*state, "[cache\n"),
	                    "FILE:1: [section] or key = value was expected");
	snprintf(text, sizeof(text), "[database]\nconninfo = host=%0500d\n", 0);
	assert_string_equal(load(*state, text),
	                    "FILE:2: the line is longer than 198 bytes; a line that begins with a "
	                    "space continues the one before");
}

static void collect(void *context, const char *mistake)
{
	const char *name = strrchr(mistake, '/');

	strbuf_printf(context, "%s\n", name ? strchr(name, ':') : mistake);
}

/* Each mistake is reported, in the order of the lines, and what is right between them counts. */
static void test_all_mistakes(void **state)
{
	char path[] = "/tmp/spacecraft-flights-config.XXXXXX";
	struct config *config = *state;
	struct strbuf mistakes = STRBUF_INIT;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	dprintf(fd,
	        "\xEF\xBB\xBF[server]\nthreads = none\n; a comment\nnothing here\n  nor here\n"
	        "workers = 7\nconninfo = x%0300d\n[cache ; ]\n[cache]\nsize = 1M\nsize = 2M\n"
	        "\tmax = 3\nlast",
	        0);
	close(fd);
	assert_false(config_load_all(config, path, collect, &mistakes));
	assert_string_equal(
		mistakes.data,
		":2: server.threads: \"none\" is not a number from 1 to 64\n"
		":4: [section] or key = value was expected\n"
		":5: server.threads: \"none nor here\" is not a number from 1 to 64\n"
		":7: the line is longer than 198 bytes; a line that begins with a space continues "
		"the one before\n"
		":11: cache.size is set twice\n"
		":12: cache.size: \"1M max = 3\" is not a size, such as 512K, 256M or 2G\n"
		":13: [section] or key = value was expected\n");
	assert_int_equal(config->server_workers, 7);
	assert_int_equal(config->cache_size, 1048576);
	unlink(path);
	strbuf_fini(&mistakes);
}

/* What cannot change while a server runs stays as it runs with it. */
static void test_keep_fixed(void **state)
{
	struct config *config = *state;
	struct config running;
	struct strbuf changed = STRBUF_INIT, fixed = STRBUF_INIT;

	config_init(&running);
	set(&running, "server.threads=3");
	set(&running, "server.listen=[::1]:1");
	set(&running, "log.level=error");
	set(&running, "sync.page_size=5");
	config_keep_fixed(config, &running, &changed, &fixed);
	assert_string_equal(changed.data, "sync.page_size, log.level");
	assert_string_equal(fixed.data, "server.listen, server.threads");
	assert_int_equal(config->server_threads, 3);
	assert_int_equal(config->server_listen.items[0].address.socket.ss_family, AF_INET6);
	assert_int_equal(config->log_level, LOG_INFO);
	assert_int_equal(config->sync_page_size, 100);
	strbuf_reset(&changed);
	strbuf_reset(&fixed);
	config_keep_fixed(config, config, &changed, &fixed);
	assert_int_equal(changed.length + fixed.length, 0);
	strbuf_fini(&changed);
	strbuf_fini(&fixed);
	config_fini(&running);
}

/* Every setting has its variable, which wins over the file and loses to the command line. */
static void test_environment(void **state)
{
	struct config *config = *state;
	struct strbuf mistakes = STRBUF_INIT;

	for (size_t i = 0; i < OPTION_TOTAL; i++) {
		struct setting setting = config_setting(config, i);
		char assignment[600];
		char *variables[] = {assignment, NULL};
		struct config_source source = {.environment = variables};

		snprintf(assignment, sizeof(assignment), "SPACECRAFT_FLIGHTS_%s_%s=%s",
		         setting.section, setting.key, setting.fallback);
		for (char *c = assignment; *c != '='; c++)
			*c = (char)toupper((unsigned char)*c);
		assert_true(config_read(config, &source, collect, &mistakes));
		assert_string_equal(config->text[i], setting.fallback);
		assert_string_equal(config->origin[i], setting.variable);
		assert_int_equal(strncmp(assignment, setting.variable, strlen(setting.variable)),
		                 0);
	}
	assert_int_equal(mistakes.length, 0);
	assert_defaults(config);
	{
		char *variables[] = {"SPACECRAFT_FLIGHTS_SERVER_THREADS=5",
		                     "SPACECRAFT_FLIGHTS_SERVER_WORKERS=5",
		                     "XSPACECRAFT_FLIGHTS_CACHE_SIZE=5", NULL};
		const char *sets[] = {"server.workers=6"};
		struct config_source source = {
			.environment = variables, .sets = sets, .set_count = 1};

		set(config, "server.threads=4");
		assert_true(config_read(config, &source, collect, &mistakes));
		assert_int_equal(config->server_threads, 5);
		assert_int_equal(config->server_workers, 6);
	}
	strbuf_fini(&mistakes);
}

/* Whether it is noticed that others may read the file. */
static bool is_exposed(struct config *config, const char *text, mode_t mode)
{
	char path[] = "/tmp/spacecraft-flights-exposed.XXXXXX";
	int fd = mkstemp(path);
	struct error error = {0};

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
	config->exposed = NULL;
	assert_true(config_load(config, path, &error));
	unlink(path);
	return config->exposed != NULL;
}

static void test_exposed_files(void **state)
{
	struct config *config = *state;

	assert_false(is_exposed(config, "[sync]\ntoken = a\n", 0640));
	assert_true(is_exposed(config, "[sync]\ntoken = a\n", 0644));
	assert_non_null(strstr(config->exposed, "it holds a secret, sync.token"));
	assert_false(is_exposed(config, "[sync]\ntoken =\n[log]\nlevel = debug\n", 0644));
	assert_false(is_exposed(config, "[database]\nconninfo = user=a dbname=b\n", 0644));
	assert_false(is_exposed(config, "[database]\nconninfo = postgres://a@b:5432/c\n", 0644));
	assert_true(is_exposed(config, "[database]\nconninfo = user=a password=b\n", 0644));
	assert_true(is_exposed(config, "[sync]\nconninfo = postgres://a:b@c/d\n", 0644));
}

/* A secret may be in a file, of which the last end of line is no part; other settings may not. */
static void test_secret_files(void **state)
{
	struct config *config = *state;
	struct strbuf mistakes = STRBUF_INIT;
	char path[] = "/tmp/spacecraft-flights-secret.XXXXXX";
	char token[100], conninfo[100], contact[100];
	char *variables[] = {token, conninfo, contact, NULL};
	struct config_source source = {.environment = variables};
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "a secret\r\n", 10), 10);
	close(fd);
	snprintf(token, sizeof(token), "SPACECRAFT_FLIGHTS_SYNC_TOKEN_FILE=%s", path);
	snprintf(conninfo, sizeof(conninfo), "SPACECRAFT_FLIGHTS_DATABASE_CONNINFO_FILE=%s", path);
	snprintf(contact, sizeof(contact), "SPACECRAFT_FLIGHTS_SYNC_CONTACT_FILE=%s", path);
	assert_false(config_read(config, &source, collect, &mistakes));
	assert_string_equal(config->sync_token, "a secret");
	assert_string_equal(config->database_conninfo, "a secret");
	assert_string_equal(
		mistakes.data,
		"environment: there is no setting SPACECRAFT_FLIGHTS_SYNC_CONTACT_FILE; "
		"the nearest name is SPACECRAFT_FLIGHTS_SYNC_CONTACT\n");
	snprintf(contact, sizeof(contact), "SPACECRAFT_FLIGHTS_SYNC_TOKEN=other");
	strbuf_reset(&mistakes);
	assert_false(config_read(config, &source, collect, &mistakes));
	assert_string_equal(mistakes.data, "SPACECRAFT_FLIGHTS_SYNC_TOKEN: sync.token is set by a "
	                                   "variable and by its _FILE\n");
	unlink(path);
	strbuf_fini(&mistakes);
}

static void test_no_file(void **state)
{
	struct error error = {0};

	assert_false(config_load(*state, "/nowhere/a.ini", &error));
	assert_string_equal(error.text, "/nowhere/a.ini: No such file or directory");
	error = (struct error){0};
	assert_false(config_load(*state, "/tmp", &error));
	assert_string_equal(error.text, "/tmp: Is a directory");
}

/* Devices have no end; nor may have a pipe. */
static void test_endless_files(void **state)
{
	static const char longest[1000000];
	struct strbuf text = STRBUF_INIT;
	struct error error = {0};

	alarm(30);
	assert_false(config_load(*state, "/dev/zero", &error));
	assert_string_equal(error.text, "/dev/zero: File too large");
	strbuf_add(&text, longest, sizeof(longest));
	memset(text.data, 'a', text.length);
	assert_string_equal(load(*state, text.data),
	                    "FILE:1: the line is longer than 198 bytes; a line that begins with a "
	                    "space continues the one before");
	memset(text.data, '\n', text.length);
	assert_string_equal(load(*state, text.data), "");
	strbuf_char(&text, '\n');
	assert_string_equal(load(*state, text.data), "FILE: File too large");
	strbuf_fini(&text);
	alarm(0);
}

/* The file in the checkout is what the table says, and holds nothing but the defaults. */
static void test_example(void **state)
{
	struct strbuf example = STRBUF_INIT;
	struct strbuf active = STRBUF_INIT;
	char committed[16384];
	FILE *file = fopen("config.example.ini", "r");

	assert_non_null(file);
	committed[fread(committed, 1, sizeof(committed) - 1, file)] = '\0';
	fclose(file);
	config_write_example(&example);
	assert_string_equal(example.data, committed);
	for (const char *c = example.data; *c != '\0'; c++)
		if (*c != ';' || c[-1] != '\n')
			strbuf_char(&active, *c);
	set(*state, "server.threads=9");
	set(*state, "sync.upstream=http://127.0.0.1");
	assert_string_equal(load(*state, active.data ? active.data : "nothing"), "");
	assert_defaults(*state);
	strbuf_fini(&example);
	strbuf_fini(&active);
}

static bool contains(const struct networks *networks, const char *address)
{
	struct ip ip;

	assert_true(ip_parse(address, strlen(address), &ip));
	return networks_contain(networks, &ip);
}

static void test_networks(void **state)
{
	struct config *config = *state;
	const struct networks *networks = &config->server_trusted_proxies;

	assert_false(contains(networks, "127.0.0.1"));
	set(config, "server.trusted_proxies=127.0.0.1, 10.0.0.0/9 ,,2001:db8::/33, ::1");
	assert_int_equal(networks->count, 4);
	assert_true(contains(networks, "127.0.0.1"));
	assert_false(contains(networks, "127.0.0.2"));
	assert_true(contains(networks, "10.127.255.255"));
	assert_false(contains(networks, "10.128.0.0"));
	assert_true(contains(networks, "::ffff:10.0.0.1"));
	assert_true(contains(networks, "2001:db8:7fff::1"));
	assert_false(contains(networks, "2001:db8:8000::1"));
	assert_true(contains(networks, "::1"));
	assert_false(contains(networks, "::2"));
	set(config, "server.trusted_proxies=0.0.0.0/0");
	assert_true(contains(networks, "255.1.2.3"));
	assert_false(contains(networks, "::1"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_defaults),      TEST(test_values),       TEST(test_refused),
		TEST(test_messages),      TEST(test_file),         TEST(test_file_mistakes),
		TEST(test_no_file),       TEST(test_example),      TEST(test_networks),
		TEST(test_places),        TEST(test_all_mistakes), TEST(test_keep_fixed),
		TEST(test_environment),   TEST(test_secret_files), TEST(test_exposed_files),
		TEST(test_endless_files),
	};

	return RUN_TESTS("config", tests, NULL, NULL);
}
