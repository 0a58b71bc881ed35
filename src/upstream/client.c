/* Requests pages from the upstream by libcurl. */
#include "upstream/client.h"

#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/version.h"
#include "base/temporal.h"

#define HEADERS_MOST (64 * 1024)
/* Slower than that for the time of a stall is a stall: bytes a second. */
#define STALL_SPEED 64L
#define RETRY_AFTER_MOST (INT64_C(365) * 86400)

struct upstream_client {
	const struct upstream_settings *settings;
	CURL *easy;
	struct curl_slist *headers;
	int wake; /* an eventfd, readable once stopped */
	atomic_bool stopped;
	/* Of the current request. */
	struct upstream_response *response;
	size_t header_bytes;
	bool too_large;
	char message[CURL_ERROR_SIZE];
};

static size_t take_body(char *data, size_t size, size_t count, void *user)
{
	struct upstream_client *client = user;
	size_t bytes = size * count;

	if (bytes > (size_t)client->settings->response_size - client->response->body.length) {
		client->too_large = true;
		return 0;
	}
	strbuf_add(&client->response->body, data, bytes);
	return bytes;
}

static size_t take_header(char *data, size_t size, size_t count, void *user)
{
	struct upstream_client *client = user;

	(void)data;
	client->header_bytes += size * count;
	client->too_large = client->header_bytes > HEADERS_MOST;
	return client->too_large ? 0 : size * count;
}

/* libcurl calls it at least once a second. */
static int check_stopped(void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct upstream_client *client = user;

	(void)a, (void)b, (void)c, (void)d;
	return atomic_load(&client->stopped);
}

static bool add_header(struct upstream_client *client, const char *name, const char *value)
{
	struct strbuf line = STRBUF_INIT;
	struct curl_slist *longer;

	strbuf_printf(&line, "%s: %s", name, value);
	longer = curl_slist_append(client->headers, line.data);
	strbuf_fini(&line);
	if (longer)
		client->headers = longer;
	return longer != NULL;
}

static bool make_headers(struct upstream_client *client)
{
	const struct upstream_settings *settings = client->settings;
	struct strbuf value = STRBUF_INIT;
	bool made;

	strbuf_str(&value, "spacecraft-flights/" VERSION);
	if (settings->contact[0] != '\0')
		strbuf_printf(&value, " (+%s)", settings->contact);
	made = add_header(client, "User-Agent", value.data) &&
	       add_header(client, "Accept", "application/json");
	strbuf_reset(&value);
	strbuf_printf(&value, "Token %s", settings->token);
	if (made && settings->token[0] != '\0')
		made = add_header(client, "Authorization", value.data);
	strbuf_fini(&value);
	return made;
}

static long milliseconds(int64_t microseconds)
{
	return microseconds < 1000 ? 1L : (long)(microseconds / 1000);
}

static long whole_seconds(int64_t microseconds)
{
	return microseconds < MICROSECONDS ? 1L : (long)(microseconds / MICROSECONDS);
}

/* The first option that libcurl does not take ends it. */
static bool set_options(struct upstream_client *client)
{
	const struct upstream_settings *settings = client->settings;
	CURL *easy = client->easy;
	CURLcode code = CURLE_OK;

#define OPTION(name, value) \
	if (code == CURLE_OK) \
	code = curl_easy_setopt(easy, CURLOPT_##name, value)
	OPTION(NOSIGNAL, 1L);
	OPTION(PROTOCOLS_STR, "http,https");
	OPTION(HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	OPTION(ACCEPT_ENCODING, "zstd, gzip");
	OPTION(HTTPHEADER, client->headers);
	OPTION(FOLLOWLOCATION, 0L);
	OPTION(CONNECTTIMEOUT_MS, milliseconds(settings->connect_timeout));
	OPTION(LOW_SPEED_LIMIT, STALL_SPEED);
	OPTION(LOW_SPEED_TIME, whole_seconds(settings->stall_timeout));
	OPTION(TIMEOUT_MS, milliseconds(settings->timeout));
	OPTION(TCP_KEEPALIVE, 1L);
	OPTION(ERRORBUFFER, client->message);
	OPTION(WRITEFUNCTION, take_body);
	OPTION(WRITEDATA, client);
	OPTION(HEADERFUNCTION, take_header);
	OPTION(HEADERDATA, client);
	OPTION(NOPROGRESS, 0L);
	OPTION(XFERINFOFUNCTION, check_stopped);
	OPTION(XFERINFODATA, client);
	if (settings->ca_file[0] != '\0')
		OPTION(CAINFO, settings->ca_file);
#undef OPTION
	return code == CURLE_OK;
}

struct upstream_client *upstream_client_new(const struct upstream_settings *settings,
                                            struct error *error)
{
	struct upstream_client *client = must(calloc(1, sizeof(*client)));

	client->settings = settings;
	client->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	client->easy = curl_easy_init();
	if (client->wake < 0 || !client->easy || !make_headers(client) || !set_options(client)) {
		error_set(error, "libcurl cannot be set up");
		upstream_client_free(client);
		return NULL;
	}
	return client;
}

void upstream_client_free(struct upstream_client *client)
{
	if (!client)
		return;
	curl_easy_cleanup(client->easy);
	curl_slist_free_all(client->headers);
	if (client->wake >= 0)
		close(client->wake);
	free(client);
}

void upstream_client_stop(struct upstream_client *client)
{
	uint64_t one = 1;
	int saved_errno = errno;

	atomic_store(&client->stopped, true);
	/* Full is as good as written. */
	if (write(client->wake, &one, sizeof(one)) < 0)
		errno = saved_errno;
}

/* Not clock_now: a fixed clock stops live values, not the time that requests take. */
static int64_t time_now(void *context)
{
	struct timespec now;

	(void)context;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * MICROSECONDS + now.tv_nsec / 1000;
}

static bool time_wait(void *context, int64_t microseconds)
{
	struct upstream_client *client = context;
	int64_t end = clock_monotonic() + microseconds;

	while (!atomic_load(&client->stopped)) {
		int64_t left = end - clock_monotonic();
		struct timespec timeout = {left / MICROSECONDS, left % MICROSECONDS * 1000};
		struct pollfd wake = {.fd = client->wake, .events = POLLIN};

		if (left <= 0)
			return true;
		if (ppoll(&wake, 1, &timeout, NULL) < 0 && errno != EINTR)
			return false;
	}
	return false;
}

static enum upstream_outcome outcome_of(const struct upstream_client *client, CURLcode code)
{
	if (client->too_large)
		return UPSTREAM_TOO_LARGE;
	switch (code) {
	case CURLE_OK:
		return UPSTREAM_COMPLETE;
	case CURLE_ABORTED_BY_CALLBACK:
		return UPSTREAM_STOPPED;
	case CURLE_OPERATION_TIMEDOUT:
		return UPSTREAM_TIMED_OUT;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
		return UPSTREAM_REJECTED;
	default:
		return UPSTREAM_BROKEN;
	}
}

static const char *header_value(struct upstream_client *client, const char *name)
{
	struct curl_header *header;

	if (curl_easy_header(client->easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
		return NULL;
	return header->value;
}

/* Seconds, or a date. */
static int64_t retry_after(const char *value, int64_t now)
{
	char *end;
	int64_t seconds;

	if (!value)
		return -1;
	errno = 0;
	seconds = strtoll(value, &end, 10);
	if (end == value || *end != '\0') {
		seconds = curl_getdate(value, NULL);
		if (seconds < 0)
			return -1;
		seconds -= now / MICROSECONDS;
	}
	if (seconds < 0)
		seconds = 0;
	return (seconds > RETRY_AFTER_MOST ? RETRY_AFTER_MOST : seconds) * MICROSECONDS;
}

static void describe_response(struct upstream_client *client, struct upstream_response *response)
{
	const char *date = header_value(client, "Date");
	const char *type = NULL, *location = NULL;
	time_t seconds = date ? curl_getdate(date, NULL) : -1;

	curl_easy_getinfo(client->easy, CURLINFO_RESPONSE_CODE, &response->status);
	curl_easy_getinfo(client->easy, CURLINFO_CONTENT_TYPE, &type);
	/* Only there for the statuses that redirect. */
	curl_easy_getinfo(client->easy, CURLINFO_REDIRECT_URL, &location);
	strbuf_str(&response->location, location ? location : "");
	response->json = type && strncasecmp(type, "application/json", 16) == 0;
	response->date = seconds >= 0 ? seconds * MICROSECONDS : time_now(client);
	response->retry_after = retry_after(header_value(client, "Retry-After"), response->date);
}

/* The time when a request could be sent is 0 where that did not come. */
static bool was_connected(struct upstream_client *client)
{
	curl_off_t sendable = 0;

	return curl_easy_getinfo(client->easy, CURLINFO_PRETRANSFER_TIME_T, &sendable) ==
	               CURLE_OK &&
	       sendable > 0;
}

static void get_response(void *context, const char *url, struct upstream_response *response)
{
	struct upstream_client *client = context;
	CURLcode code;

	strbuf_reset(&response->body);
	strbuf_reset(&response->location);
	response->status = 0;
	response->retry_after = -1;
	response->json = false;
	response->unreachable = false;
	response->text[0] = '\0';
	client->response = response;
	client->header_bytes = 0;
	client->too_large = false;
	client->message[0] = '\0';
	code = curl_easy_setopt(client->easy, CURLOPT_URL, url);
	if (code == CURLE_OK)
		code = curl_easy_perform(client->easy);
	response->outcome = outcome_of(client, code);
	response->unreachable = code != CURLE_OK && !was_connected(client);
	if (response->outcome == UPSTREAM_COMPLETE)
		describe_response(client, response);
	else if (client->header_bytes > HEADERS_MOST)
		snprintf(response->text, sizeof(response->text), "headers of more than %d bytes",
		         HEADERS_MOST);
	else if (response->outcome == UPSTREAM_TOO_LARGE)
		snprintf(response->text, sizeof(response->text),
		         "an answer of more than %lld bytes",
		         (long long)client->settings->response_size);
	else
		snprintf(response->text, sizeof(response->text), "%s",
		         client->message[0] ? client->message : curl_easy_strerror(code));
}

struct upstream_source upstream_client_source(struct upstream_client *client)
{
	return (struct upstream_source){get_response, time_now, time_wait, client};
}
