/* Starts and stops the real server and asks it by libcurl. */
#include "support/server.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "support/cmocka.h"
#include "support/poll.h"
#include "support/port.h"

#define START_SECONDS 60
#define STOP_SECONDS 10
#define SETTINGS_MAX 20

static bool connects(int family, const void *address, socklen_t length)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool connected = fd >= 0 && connect(fd, address, length) == 0;

	if (fd >= 0)
		close(fd);
	return connected;
}

/* On either loopback: a setting may make it listen on ::1. */
static bool takes_connections(int port)
{
	struct sockaddr_in in = {.sin_family = AF_INET,
	                         .sin_port = htons((uint16_t)port),
	                         .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6,
	                           .sin6_port = htons((uint16_t)port),
	                           .sin6_addr = IN6ADDR_LOOPBACK_INIT};

	return connects(AF_INET, &in, sizeof(in)) || connects(AF_INET6, &in6, sizeof(in6));
}

bool server_takes_connections(void *server)
{
	return takes_connections(((struct test_server *)server)->port);
}

bool server_refuses_connections(void *server)
{
	return !server_takes_connections(server);
}

bool server_is_listening(void *server)
{
	const struct test_server *asked = server;
	char *log = process_err(&asked->process);
	bool logged = strstr(log, "listening on ") != NULL;

	free(log);
	return logged;
}

static bool started_or_dead(void *user)
{
	const struct test_server *server = user;
	siginfo_t info = {0};

	if (takes_connections(server->port))
		return true;
	return waitid(P_PID, (id_t)server->process.pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid != 0;
}

/* A free port, unless a setting names one. */
static int chosen_port(const char *const settings[])
{
	const char listen[] = "server.listen=";

	for (size_t i = 0; settings && settings[i]; i++)
		if (strncmp(settings[i], listen, strlen(listen)) == 0)
			return atoi(strrchr(settings[i], ':') + 1);
	return port_reserve();
}

void server_start(struct test_server *server, const char *conninfo, const char *const settings[])
{
	const char *words[2 * SETTINGS_MAX + 2];
	char listen[64];
	char database[600];
	size_t count = 0;
	int port = chosen_port(settings);

	snprintf(listen, sizeof(listen), "server.listen=127.0.0.1:%d", port);
	snprintf(database, sizeof(database), "database.conninfo=%s", conninfo);
	words[count++] = "--set";
	words[count++] = listen;
	words[count++] = "--set";
	words[count++] = database;
	for (size_t i = 0; settings && settings[i]; i++) {
		assert_true(i < SETTINGS_MAX - 2);
		words[count++] = "--set";
		words[count++] = settings[i];
	}
	words[count++] = "serve";
	words[count] = NULL;
	server_start_words(server, port, words);
}

void server_start_words(struct test_server *server, int port, const char *const words[])
{
	const char **all = command_words(words);
	struct output output;

	server->port = port;
	snprintf(server->url, sizeof(server->url), "http://127.0.0.1:%d", port);
	process_start(&server->process, all, NULL, 0);
	free(all);
	poll_until(started_or_dead, server, START_SECONDS);
	if (takes_connections(server->port))
		return;
	kill(server->process.pid, SIGKILL);
	process_wait(&server->process, STOP_SECONDS, &output);
	fail_msg("the server did not start (status %d): %s", output.status, output.err);
}

void server_stop(struct test_server *server, struct output *output)
{
	struct output own;

	/* A signal to process 0 would end the whole run of tests. */
	assert_true(server->process.pid > 0);
	kill(server->process.pid, SIGTERM);
	/* Wrapped (valgrind) or sanitized it takes its time to look for leaks. */
	process_wait(&server->process, getenv("TEST_WRAPPER") ? START_SECONDS : STOP_SECONDS, &own);
	if (own.status != 0)
		fail_msg("the server ended with %d: %s", own.status, own.err);
	if (output)
		*output = own;
	else
		output_fini(&own);
}

static size_t take(char *data, size_t size, size_t count, void *user)
{
	strbuf_add(user, data, size * count);
	return size * count;
}

static struct curl_slist *header_list(const char *const headers[])
{
	struct curl_slist *list = NULL;

	for (size_t i = 0; headers && headers[i]; i++)
		list = curl_slist_append(list, headers[i]);
	return list;
}

void http_get(const struct test_server *server, const char *path, const char *const headers[],
              struct answer *answer)
{
	struct strbuf url = STRBUF_INIT;
	struct strbuf head = STRBUF_INIT;
	struct strbuf body = STRBUF_INIT;
	struct curl_slist *list = header_list(headers);
	CURL *curl = curl_easy_init();
	CURLcode code;
	size_t head_length;

	assert_non_null(curl);
	strbuf_printf(&url, "%s%s", server->url, path);
	curl_easy_setopt(curl, CURLOPT_URL, url.data);
	curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, &head);
	code = curl_easy_perform(curl);
	if (code != CURLE_OK)
		fail_msg("%s: %s", url.data, curl_easy_strerror(code));
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
	curl_easy_cleanup(curl);
	curl_slist_free_all(list);
	strbuf_fini(&url);
	answer->headers = strbuf_steal(&head, &head_length);
	answer->body = strbuf_steal(&body, &answer->body_length);
}

void answer_fini(struct answer *answer)
{
	free(answer->headers);
	free(answer->body);
	*answer = (struct answer){0};
}

const char *answer_header(const struct answer *answer, const char *name)
{
	static char value[2048];
	size_t length = strlen(name);

	for (const char *line = strchr(answer->headers, '\n'); line;
	     line = strchr(line + 1, '\n')) {
		const char *text = line + 1;

		if (strncasecmp(text, name, length) != 0 || text[length] != ':')
			continue;
		text += length + 1;
		text += strspn(text, " ");
		snprintf(value, sizeof(value), "%.*s", (int)strcspn(text, "\r\n"), text);
		return value;
	}
	return NULL;
}
