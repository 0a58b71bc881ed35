/* Makes of settings what requests need. */
#include "settings.h"

#include <stdlib.h>

#include "base/memory.h"
#include "own_routes.h"

struct settings *settings_new(struct config_snapshot *snapshot, uint32_t version)
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
	settings->own_routes = own_routes_new(config->cache_max_age, config->server_public_url);
	settings->version = version;
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
	own_routes_free(settings->own_routes);
	config_snapshot_unref(settings->snapshot);
	free(settings);
}
