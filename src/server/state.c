/* Builds and ends what all requests share. */
#include "state.h"

#include "base/metrics.h"
#include "base/temporal.h"
#include "job_queue.h"
#include "jobs.h"
#include "own_routes.h"

/* Memory for the logs of clients: some 10,000 of them at 15 requests an hour. */
#define THROTTLE_MEMORY ((size_t)16 << 20)

/* Bytes of answers that are being sent and not cached, at least, before no more are made. */
#define SENT_LEAST (INT64_C(64) << 20)

static bool start_throttle(struct server_state *state, struct error *error)
{
	struct rate rate = state->config->throttle_rate;
	if (rate.requests == 0)
		return true;
	struct throttle_rate limit = {rate.requests, rate.seconds * MICROSECONDS};
	state->throttle = throttle_new(&limit, THROTTLE_MEMORY);
	return state->throttle != NULL || error_set(error, "the throttle cannot be set up");
}

static void set_rules(struct server_state *state)
{
	const struct config *config = state->config;
	state->rules = (struct decision_rules){
		.allowed_hosts = config->server_allowed_hosts,
		.public_url = config->server_public_url,
		.upstream = config->http_redirect_upstream ? config->sync_upstream : NULL,
	};
}

/* One thread renders, so that the others have their cores for what is cached. */
static bool start_threads(struct server_state *state, struct error *error)
{
	const struct config *config = state->config;
	state->feed = change_feed_start(config->database_conninfo, error);
	if (state->feed == NULL)
		return false;
	content_source_init(&state->content, state->documents, state->responses, state->feed);
	state->loaders = jobs_start(config, "threads that read the database",
	                            (size_t)config->server_workers, error);
	if (state->loaders != NULL)
		state->renderers = jobs_start(config, "threads that render", 1, error);
	return state->renderers != NULL;
}

bool state_init(struct server_state *state, const struct config *config, struct error *error)
{
	*state = (struct server_state){.config = config};
	set_rules(state);
	state->documents = cache_new((size_t)config->cache_size / 2);
	state->responses = cache_new((size_t)config->cache_size / 2);
	state->own_routes = own_routes_new(config->cache_max_age, config->server_public_url);
	if (start_throttle(state, error) && start_threads(state, error))
		return true;
	if (state_end_jobs(state))
		state_fini(state);
	return false;
}

bool state_end_jobs(struct server_state *state)
{
	bool ended = job_queue_stop(state->loaders);
	return job_queue_stop(state->renderers) && ended;
}

void state_fini(struct server_state *state)
{
	job_queue_free(state->loaders);
	job_queue_free(state->renderers);
	if (state->feed != NULL)
		content_source_fini(&state->content);
	change_feed_stop(state->feed);
	cache_free(state->documents);
	cache_free(state->responses);
	own_routes_free(state->own_routes);
	throttle_free(state->throttle);
}

bool state_has_room(const struct server_state *state)
{
	int64_t cached = state->config->cache_size / 2;
	int64_t sent = cached > SENT_LEAST ? cached : SENT_LEAST;
	return metric_value(METRIC_http_answer_bytes) < cached + sent;
}
