/* Makes the answers of the server's own routes. */
#include "own_routes.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "browsable/pages.h"
#include "protocol/router.h"
#include "monitoring.h"
#include "representation.h"
#include "serializer/openapi.h"
#include "server_internal.h"

struct own_routes {
	struct response *schema[ENCODING_COUNT], *docs[ENCODING_COUNT];
};

/* --- Responses that change with the settings alone. --- */

/* One response for each coding of the same body. */
static void encode_all(struct response *responses[static ENCODING_COUNT],
                       const struct answer *plain)
{
	for (int i = 0; i < ENCODING_COUNT; i++) {
		struct answer answer = *plain;
		answer.body = (struct strbuf)STRBUF_INIT;
		strbuf_add(&answer.body, plain->body.data, plain->body.length);
		responses[i] = response_new(&answer, (enum encoding)i);
	}
}

struct own_routes *own_routes_new(int64_t max_age, const char *public_url)
{
	struct own_routes *routes = must(malloc(sizeof(*routes)));
	struct answer schema = {.status = 200,
	                        .route = ROUTE_SCHEMA,
	                        .content_type = "application/json",
	                        .has_etag = true,
	                        .max_age = max_age};
	struct answer docs = {.status = 200,
	                      .route = ROUTE_DOCS,
	                      .content_type = "text/html; charset=utf-8",
	                      .has_etag = true,
	                      .max_age = max_age,
	                      .policy = page_policy};
	openapi_write(&schema.body, public_url[0] != '\0' ? public_url : OPENAPI_SAME_SERVER);
	page_write_docs(&docs.body);
	encode_all(routes->schema, &schema);
	encode_all(routes->docs, &docs);
	strbuf_fini(&schema.body);
	strbuf_fini(&docs.body);
	return routes;
}

void own_routes_free(struct own_routes *routes)
{
	if (routes == NULL)
		return;
	for (int i = 0; i < ENCODING_COUNT; i++) {
		response_free(routes->schema[i]);
		response_free(routes->docs[i]);
	}
	free(routes);
}

struct response *own_routes_find(const struct own_routes *routes, const struct decision *decision)
{
	if (decision->route == ROUTE_SCHEMA)
		return routes->schema[decision->encoding];
	return decision->route == ROUTE_DOCS ? routes->docs[decision->encoding] : NULL;
}

/* --- Answers of their moment. --- */

/* The limit that is reported where there is none: more than any client reaches. */
#define NO_LIMIT 1000000

static void write_throttle(struct server_state *state, const struct settings *settings,
                           const struct decision *decision, struct strbuf *body)
{
	/* Clients take a limit of 0 for one that is used up. */
	struct throttle_status status = {.requests = NO_LIMIT, .period_seconds = 3600};
	char ident[IP_TEXT_SIZE];
	if (settings->config->throttle_rate.requests > 0)
		throttle_status_of(state->throttle, &decision->client.address, clock_monotonic(),
		                   &status);
	ip_format(&decision->client.address, ident);
	strbuf_printf(
		body,
		"{\"your_request_limit\":%lld,\"limit_frequency_secs\":%lld,\"current_use\":%lld,"
		"\"next_use_secs\":%lld,\"ident\":\"%s\"}",
		(long long)status.requests, (long long)status.period_seconds,
		(long long)status.used, (long long)status.wait, ident);
}

/* The lists by their paths, as Django REST framework's root view has them. */
static void write_root(const struct decision *decision, struct strbuf *body)
{
	const struct text base = decision->link.base;
	const char *suffix = query_url_suffix(&decision->query);
	for (size_t i = 0; i < endpoint_count; i++)
		strbuf_printf(body, "%s\"%s\":\"%.*s" VERSION_PATH "%s/%s\"", i == 0 ? "{" : ",",
		              endpoints[i]->path, (int)base.length, base.data, endpoints[i]->path,
		              suffix);
	strbuf_char(body, '}');
}

void own_route_answer(struct server_state *state, const struct settings *settings,
                      const struct decision *decision, struct answer *answer)
{
	*answer = (struct answer){.status = 200};
	switch (decision->route) {
	case ROUTE_THROTTLE:
		write_throttle(state, settings, decision, &answer->body);
		(void)represent(decision, NULL, answer);
		break;
	case ROUTE_ROOT:
		write_root(decision, &answer->body);
		(void)represent(decision, NULL, answer);
		break;
	case ROUTE_FAVICON:
		answer->content_type = "image/svg+xml";
		strbuf_str(&answer->body, page_icon);
		break;
	case ROUTE_ROBOTS:
		answer->content_type = "text/plain";
		strbuf_printf(&answer->body, "User-agent: *\nDisallow: %.*s" VERSION_PATH "\n",
		              (int)decision->link.prefix.length, decision->link.prefix.data);
		break;
	case ROUTE_HEALTH:
	case ROUTE_LIVE:
	case ROUTE_READY:
	case ROUTE_METRICS:
		monitoring_answer(state, decision->route, false, answer);
		break;
	default:
		abort(); /* a route of another kind: a mistake of the caller */
	}
}
