/* Builds and ends what all requests share. */
#include "state.h"

#include "access_log.h"
#include "base/memory.h"
#include "base/temporal.h"
#include "job_queue.h"
#include "jobs.h"

/* Memory for the logs of clients: some 10,000 of them at 15 requests an hour. */
#define THROTTLE_MEMORY ((size_t)16 << 20)

/* Bytes of answers that are being sent and not cached, at least, before no more large ones are made. */
#define UNSENT_LEAST (INT64_C(64) << 20)

/* Before requests can see that there is a rate. */
static void set_rate(struct server_state *state, const struct config *config)
{
	struct rate rate = config->throttle_rate;
	struct throttle_rate limit = {rate.requests, rate.seconds * MICROSECONDS};
	if (rate.requests == 0)
		return;
	if (state->throttle == NULL)
		state->throttle = must(throttle_new(&limit, THROTTLE_MEMORY));
	else
		throttle_set_rate(state->throttle, &limit);
}

/* One thread renders large bodies and one the others, so that the rest have their cores for what is cached. */
static bool start_threads(struct server_state *state, struct error *error)
{
	const struct config *config = state->config;
	state->feed = change_feed_start(config->database_conninfo, error);
	if (state->feed == NULL)
		return false;
	content_source_init(&state->content, state->documents, state->responses, state->feed);
	state->loaders = jobs_start(config, "threads that read the database",
	                            (size_t)config->server_workers, false, error);
	if (state->loaders != NULL)
		state->renderers = jobs_start(config, "threads that render", 1, false, error);
	if (state->renderers != NULL)
		state->large_renderers =
			jobs_start(config, "threads that render what is large", 1, true, error);
	return state->large_renderers != NULL;
}

bool state_init(struct server_state *state, struct config_snapshot *snapshot, struct error *error)
{
	const struct config *config = &snapshot->config;
	*state = (struct server_state){.snapshot = config_snapshot_ref(snapshot), .config = config};
	pthread_mutex_init(&state->settings_lock, NULL);
	state->settings = settings_new(snapshot, NULL);
	set_rate(state, config);
	state->search_share =
		search_share_new((size_t)config->server_workers, config->server_search_percent);
	state->documents = cache_new((size_t)config->cache_size / 2);
	state->responses = cache_new((size_t)config->cache_size / 2);
	state->unsent_most =
		config->cache_size / 2 > UNSENT_LEAST ? config->cache_size / 2 : UNSENT_LEAST;
	state->send_budget = send_budget_new(2 * state->unsent_most, config->server_send_buffer);
	if (start_threads(state, error))
		return true;
	if (state_end_jobs(state))
		state_fini(state);
	return false;
}

struct settings *state_settings(struct server_state *state)
{
	pthread_mutex_lock(&state->settings_lock);
	struct settings *settings = settings_ref(state->settings);
	pthread_mutex_unlock(&state->settings_lock);
	return settings;
}

void state_reload(struct server_state *state, struct config_snapshot *snapshot)
{
	struct settings *before = state->settings; /* no other thread changes it */
	struct settings *settings = settings_new(snapshot, before);
	set_rate(state, &snapshot->config);
	pthread_mutex_lock(&state->settings_lock);
	state->settings = settings;
	pthread_mutex_unlock(&state->settings_lock);
	settings_unref(before);
}

bool state_end_jobs(struct server_state *state)
{
	bool loaders = job_queue_stop(state->loaders);
	bool renderers = job_queue_stop(state->renderers);
	return job_queue_stop(state->large_renderers) && renderers && loaders;
}

void state_fini(struct server_state *state)
{
	job_queue_free(state->loaders);
	job_queue_free(state->renderers);
	job_queue_free(state->large_renderers);
	if (state->feed != NULL)
		content_source_fini(&state->content);
	change_feed_stop(state->feed);
	cache_free(state->documents);
	cache_free(state->responses);
	send_budget_free(state->send_budget);
	access_log_stop(atomic_load(&state->access_log));
	access_log_free(atomic_load(&state->access_log));
	settings_unref(state->settings);
	pthread_mutex_destroy(&state->settings_lock);
	throttle_free(state->throttle);
	search_share_free(state->search_share);
	config_snapshot_unref(state->snapshot);
}
