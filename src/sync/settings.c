/* Takes sync's settings from the configuration. */
#include "sync/settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/temporal.h"
#include "upstream/pace.h"

/* Only whole lists are read: others are parts of them. */
static bool is_read(const struct endpoint *list)
{
	return list->whole == NULL;
}

static void add_list(struct sync_settings *settings, const struct endpoint *list)
{
	for (size_t i = 0; i < settings->list_count; i++)
		if (settings->lists[i] == list)
			return;
	settings->lists[settings->list_count++] = list;
}

static bool refuse_name(const char *name, size_t length, struct error *error)
{
	struct strbuf names = STRBUF_INIT;

	for (size_t i = 0; i < endpoint_count; i++)
		if (is_read(endpoints[i]))
			strbuf_printf(&names, "%s%s", names.length > 0 ? ", " : "",
			              endpoints[i]->path);
	error_set(error, "sync.endpoints: no list \"%.*s\"; there are: %s", (int)length, name,
	          names.data);
	strbuf_fini(&names);
	return false;
}

static bool add_name(struct sync_settings *settings, const char *name, size_t length,
                     struct error *error)
{
	const struct endpoint *list = endpoint_at((struct text){name, length});

	if (!list || !is_read(list))
		return refuse_name(name, length, error);
	add_list(settings, list);
	return true;
}

static int compare_ranks(const void *a, const void *b)
{
	const struct endpoint *x = *(const struct endpoint *const *)a;
	const struct endpoint *y = *(const struct endpoint *const *)b;

	if (x->upkeep.rank != y->upkeep.rank)
		return (x->upkeep.rank > y->upkeep.rank) - (x->upkeep.rank < y->upkeep.rank);
	return strcmp(x->path, y->path);
}

bool sync_lists_choose(struct sync_settings *settings, const char *names, struct error *error)
{
	static const char space[] = ", \t";

	settings->list_count = 0;
	for (const char *at = names + strspn(names, space); *at; at += strspn(at, space)) {
		size_t length = strcspn(at, space);

		if (!add_name(settings, at, length, error))
			return false;
		at += length;
	}
	for (size_t i = 0; i < endpoint_count && names[strspn(names, space)] == '\0'; i++)
		if (is_read(endpoints[i]))
			add_list(settings, endpoints[i]);
	qsort(settings->lists, settings->list_count, sizeof(const struct endpoint *),
	      compare_ranks);
	return true;
}

bool sync_settings_init(struct sync_settings *settings, const struct config *config,
                        struct error *error)
{
	*settings = (struct sync_settings){
		.upstream =
			{
				.url = config->sync_upstream,
				.token = config->sync_token,
				.contact = config->sync_contact,
				.ca_file = config->sync_ca_file,
				.budget = config->sync_budget
	                                          ? config->sync_budget
	                                          : pace_default_budget(config->sync_upstream),
				.page_size = config->sync_page_size,
				.connect_timeout = config->sync_connect_timeout * MICROSECONDS,
				.stall_timeout = config->sync_stall_timeout * MICROSECONDS,
				.timeout = config->sync_timeout * MICROSECONDS,
				.response_size = config->sync_answer_size,
				.retries = config->sync_retries,
				.backoff = config->sync_backoff * 1000,
				.backoff_most = config->sync_backoff_most * 1000,
				.wait_most = config->sync_wait_most * MICROSECONDS,
			},
		.interval = config->sync_interval * MICROSECONDS,
		.full_interval = config->sync_full_interval * MICROSECONDS,
		.page_limit = config->sync_page_limit,
		.stale = config->sync_stale * MICROSECONDS,
		.delete_percent = config->sync_delete_percent,
	};
	return sync_lists_choose(settings, config->sync_endpoints, error);
}

const char *sync_conninfo(const struct config *config)
{
	return config->sync_conninfo[0] ? config->sync_conninfo : config->database_conninfo;
}
