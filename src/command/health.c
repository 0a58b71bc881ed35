/* The command health: asks the running server over the first place that the settings have it listen at, as a
   container's or a supervisor's check does. */
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/strbuf.h"
#include "command/run.h"

#define HEALTH_SECONDS 5L
#define ANSWER_MAX 65536

/* Where to ask, and as what. */
struct target {
	char url[512];
	const char *socket; /* of a unix socket; NULL: over TCP */
	char host[300];     /* the header; empty: that of the url */
};

/* An address that stands for all is asked at the loopback's. */
static const char *address_of(const struct place *place)
{
	if (strncmp(place->text, "0.0.0.0:", 8) == 0 || strncmp(place->text, "[::]:", 5) == 0)
		return place->text[0] == '[' ? "[::1]" : "127.0.0.1";
	return NULL;
}

static void target_init(struct target *target, const struct config *config,
                        const struct places *places, const char *path)
{
	const struct place *place = &places->items[0];
	const char *address = address_of(place);
	const char *hosts = config->server_allowed_hosts;

	*target = (struct target){.socket = place->kind == PLACE_UNIX ? place->path : NULL};
	if (target->socket)
		snprintf(target->url, sizeof(target->url), "http://localhost%s", path);
	else if (address)
		snprintf(target->url, sizeof(target->url), "http://%s%s%s", address,
		         strrchr(place->text, ':'), path);
	else
		snprintf(target->url, sizeof(target->url), "http://%s%s", place->text, path);
	if (hosts[0] != '*' && hosts[0] != '\0')
		snprintf(target->host, sizeof(target->host), "Host: %.*s",
		         (int)strcspn(hosts + (hosts[0] == '.'), ", "), hosts + (hosts[0] == '.'));
}

static size_t take_body(char *data, size_t size, size_t count, void *user)
{
	struct strbuf *body = user;

	if (body->length + size * count > ANSWER_MAX)
		return 0;
	strbuf_add(body, data, size * count);
	return size * count;
}

/* Whatever the environment says of proxies, the server is asked itself. */
static bool request(CURL *curl, const struct target *target, struct strbuf *body, long *status,
                    struct error *error)
{
	char why[CURL_ERROR_SIZE] = "";
	struct curl_slist *headers =
		target->host[0] ? must(curl_slist_append(NULL, target->host)) : NULL;
	CURLcode code;

	curl_easy_setopt(curl, CURLOPT_URL, target->url);
	curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, target->socket);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, HEALTH_SECONDS);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
	code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
	curl_slist_free_all(headers);
	return code == CURLE_OK ||
	       error_set(error, "%s: %s", target->socket ? target->socket : target->url,
	                 why[0] ? why : curl_easy_strerror(code));
}

enum exit_status run_health(struct call *call)
{
	const struct config *config = call->config;
	bool ready = call->line->values[FLAG_READY] != NULL;
	const char *path = ready ? "/ready" : "/health";
	const struct places *places = ready && config->admin_listen.count > 0
	                                      ? &config->admin_listen
	                                      : &config->server_listen;
	CURL *curl = must(curl_easy_init());
	struct strbuf body = STRBUF_INIT;
	struct target target;
	long status = 0;

	target_init(&target, config, places, path);
	strbuf_str(&body, "");
	if (request(curl, &target, &body, &status, call->error)) {
		printf("%s%s", body.data,
		       body.length > 0 && body.data[body.length - 1] == '\n' ? "" : "\n");
		if (status != 200)
			error_set(call->error, "%s answers with %ld", path, status);
	}
	curl_easy_cleanup(curl);
	strbuf_fini(&body);
	return error_is_set(call->error) ? FAILED : DONE;
}
