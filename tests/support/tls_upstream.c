/* Makes a certificate and a page, and lets openssl serve the page. */
#include "support/tls_upstream.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/cmocka.h"
#include "support/poll.h"
#include "support/port.h"
#include "support/server.h"
#include "support/temporary.h"

#define PAGE \
	"{\"count\":1,\"next\":null,\"previous\":null,\"results\":[{\"id\":1," \
	"\"destination\":\"over TLS\",\"launch\":null,\"spacecraft\":null}]}"

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

static bool listens(void *user)
{
	const struct tls_upstream *upstream = user;
	struct test_server server = {.port = upstream->port};

	return server_takes_connections(&server);
}

/* openssl runs in its own directory; the test goes on where it was. */
static void openssl_start(struct tls_upstream *upstream)
{
	char here[4096], accept[32];

	assert_non_null(getcwd(here, sizeof(here)));
	assert_int_equal(chdir(upstream->directory), 0);
	run(WORDS("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem",
	          "-out", "cert.pem", "-days", "2", "-subj", "/CN=test", "-addext",
	          "subjectAltName=IP:127.0.0.1"));
	page_write();
	snprintf(accept, sizeof(accept), "127.0.0.1:%d", upstream->port);
	process_start(&upstream->process,
	              WORDS("openssl", "s_server", "-quiet", "-HTTP", "-accept", accept, "-cert",
	                    "cert.pem", "-key", "key.pem"),
	              NULL, 0);
	assert_int_equal(chdir(here), 0);
	assert_true(poll_until(listens, upstream, 20));
}

bool tls_upstream_start(struct tls_upstream *upstream)
{
	*upstream = (struct tls_upstream){.port = port_reserve()};
	if (system("openssl version >/dev/null 2>&1") != 0) /* NOLINT: a fixed command */
		return false;
	temporary_directory(upstream->directory, "tls");
	snprintf(upstream->certificate, sizeof(upstream->certificate), "%s/cert.pem",
	         upstream->directory);
	snprintf(upstream->url, sizeof(upstream->url), "https://127.0.0.1:%d", upstream->port);
	openssl_start(upstream);
	return true;
}

void tls_upstream_stop(struct tls_upstream *upstream)
{
	process_kill(&upstream->process);
	temporary_remove(upstream->directory);
}
