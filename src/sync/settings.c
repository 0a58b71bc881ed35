/* Takes sync's settings from the configuration. */
#include "sync/settings.h"

#include "base/temporal.h"
#include "upstream/pace.h"

void sync_settings_init(struct sync_settings *settings, const struct config *config)
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
}

const char *sync_conninfo(const struct config *config)
{
	return config->sync_conninfo[0] ? config->sync_conninfo : config->database_conninfo;
}
