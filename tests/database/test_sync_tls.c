/* An upstream over TLS is read only where its certificate is to be trusted, for its own name. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/cmocka.h"
#include "support/poll.h"
#include "support/port.h"
#include "support/server.h"
#include "support/syncing.h"
#include "support/temporary.h"

#define PAGE \
	"{\"count\":1,\"next\":null,\"previous\":null,\"results\":[{\"id\":1," \
	"\"destination\":\"over TLS\",\"launch\":null,\"spacecraft\":null}]}"

static char directory[TEMPORARY_SIZE];
static struct process tls_server;
static int port;
static bool no_openssl;

static void run(const char *const words[])
{
	struct process process;
	struct output output;

	process_start(&process, words, NULL, 0);
	process_wait(&process, 30, &output);
	if (output.status != 0)
		fail_msg("%s: %s%s", words[0], output.out, output.err);
	output_fini(&output);
}

/* What `openssl s_server -HTTP` answers, as it stands in a file of the request's name. */
static void page_write(void)
{
	FILE *file;

	assert_int_equal(mkdir("2.3.0", 0700), 0);
	assert_int_equal(mkdir("2.3.0/spacecraft_flights", 0700), 0);
	file = fopen("2.3.0/spacecraft_flights/?mode=detailed&limit=100&ordering=id&format=json",
	             "w");
	assert_non_null(file);
	fprintf(file,
	        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n%s",
	        PAGE);
	assert_int_equal(fclose(file), 0);
}

static bool tls_listens(void *user)
{
	const struct test_server server = {.port = port};

	(void)user;
	return server_takes_connections(&server);
}

/* The server runs in its own directory; the test goes on where it was. */
static void tls_server_start(void)
{
	char here[4096], accept[32];

	assert_non_null(getcwd(here, sizeof(here)));
	assert_int_equal(chdir(directory), 0);
	run(WORDS("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem",
	          "-out", "cert.pem", "-days", "2", "-subj", "/CN=test", "-addext",
	          "subjectAltName=IP:127.0.0.1"));
	page_write();
	port = port_reserve();
	snprintf(accept, sizeof(accept), "127.0.0.1:%d", port);
	process_start(&tls_server,
	              WORDS("openssl", "s_server", "-quiet", "-HTTP", "-accept", accept, "-cert",
	                    "cert.pem", "-key", "key.pem"),
	              NULL, 0);
	assert_int_equal(chdir(here), 0);
	assert_true(poll_until(tls_listens, NULL, 20));
}

static int setup(void **state)
{
	(void)state;
	no_openssl = system("openssl version >/dev/null 2>&1") != 0; /* NOLINT: a fixed command */
	if (no_openssl)
		return 0;
	temporary_directory(directory, "tls");
	tls_server_start();
	return 0;
}

static int teardown(void **state)
{
	struct output output;

	(void)state;
	if (no_openssl)
		return 0;
	kill(tls_server.pid, SIGKILL);
	process_wait(&tls_server, 20, &output);
	output_fini(&output);
	temporary_remove(directory);
	return 0;
}

static void refused(const struct sync_settings *settings, const char *conninfo)
{
	struct sync_run run_of_it;

	sync_run_is(&run_of_it, settings, conninfo, SYNC_FAILED);
	assert_non_null(strstr(run_of_it.error.text, "SSL"));
	assert_int_equal(sync_run_complaints(&run_of_it), 0);
	sync_run_fini(&run_of_it);
	test_sql_is(conninfo, "SELECT count(*) FROM spacecraft_flight", "0");
}

static void test_tls(void **state)
{
	char certificate[128], url[64], other[64];
	struct mirror mirror;

	(void)state;
	if (no_openssl)
		skip();
	mirror_init(&mirror);
	snprintf(url, sizeof(url), "https://127.0.0.1:%d", port);
	snprintf(other, sizeof(other), "https://localhost:%d", port);
	snprintf(certificate, sizeof(certificate), "%s/cert.pem", directory);
	mirror.settings.upstream = url;
	refused(&mirror.settings, mirror.database.conninfo);
	mirror.settings.ca_file = certificate;
	mirror.settings.upstream = other;
	refused(&mirror.settings, mirror.database.conninfo);
	mirror.settings.upstream = url;
	mirror_sync(&mirror);
	mirror_sql_is(&mirror, "SELECT destination FROM spacecraft_flight", "over TLS");
	mirror_fini(&mirror);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_tls)};

	return cmocka_run_group_tests(tests, setup, teardown);
}
