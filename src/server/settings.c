/* Makes of settings what requests need: the rules of decisions, and the pages that say what can be requested. */
#include "settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "browsable/pages.h"
#include "representation.h"
#include "serializer/openapi.h"

/* --- Pages that change with the settings alone. --- */

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

static void make_pages(struct settings *settings)
{
	const struct config *config = settings->config;
	const char *public_url = config->server_public_url;
	struct answer schema = {.status = 200,
	                        .route = ROUTE_SCHEMA,
	                        .content_type = "application/json",
	                        .has_etag = true,
	                        .max_age = config->cache_max_age};
	struct answer docs = {.status = 200,
	                      .route = ROUTE_DOCS,
	                      .content_type = "text/html; charset=utf-8",
	                      .has_etag = true,
	                      .max_age = config->cache_max_age,
	                      .policy = page_policy};
	openapi_write(&schema.body, public_url[0] != '\0' ? public_url : OPENAPI_SAME_SERVER);
	page_write_docs(&docs.body);
	encode_all(settings->schema, &schema);
	encode_all(settings->docs, &docs);
	strbuf_fini(&schema.body);
	strbuf_fini(&docs.body);
}

struct response *settings_page(const struct settings *settings, const struct decision *decision)
{
	if (decision->route == ROUTE_SCHEMA)
		return settings->schema[decision->encoding];
	return decision->route == ROUTE_DOCS ? settings->docs[decision->encoding] : NULL;
}

/* --- The settings. --- */

/* Whether the same answers are given under both, and to the same requests. */
static bool answers_stay(const struct config *before, const struct config *config)
{
	return before->cache_max_age == config->cache_max_age &&
	       before->http_redirect_upstream == config->http_redirect_upstream &&
	       strcmp(before->server_public_url, config->server_public_url) == 0 &&
	       strcmp(before->server_allowed_hosts, config->server_allowed_hosts) == 0 &&
	       strcmp(before->sync_upstream, config->sync_upstream) == 0;
}

static uint32_t version_after(const struct settings *before, const struct config *config)
{
	if (before == NULL)
		return 1;
	return before->version + (answers_stay(before->config, config) ? 0 : 1);
}

struct settings *settings_new(struct config_snapshot *snapshot, const struct settings *before)
{
	const struct config *config = &snapshot->config;
	struct settings *settings = must(calloc(1, sizeof(*settings)));

	settings->snapshot = config_snapshot_ref(snapshot);
	settings->config = config;
	settings->rules = (struct decision_rules){
		.allowed_hosts = config->server_allowed_hosts,
		.public_url = config->server_public_url,
		.upstream = config->http_redirect_upstream ? config->sync_upstream : NULL,
		.admin_apart = config->admin_listen.count > 0,
	};
	make_pages(settings);
	settings->version = version_after(before, config);
	atomic_init(&settings->references, 1);
	return settings;
}

struct settings *settings_ref(struct settings *settings)
{
	atomic_fetch_add_explicit(&settings->references, 1, memory_order_relaxed);
	return settings;
}

void settings_unref(struct settings *settings)
{
	if (settings == NULL ||
	    atomic_fetch_sub_explicit(&settings->references, 1, memory_order_acq_rel) > 1)
		return;
	for (int i = 0; i < ENCODING_COUNT; i++) {
		response_free(settings->schema[i]);
		response_free(settings->docs[i]);
	}
	config_snapshot_unref(settings->snapshot);
	free(settings);
}
