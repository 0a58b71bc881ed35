/* Finds outdated answers, and says how old they are. */
#include "outdated.h"

#include "base/clock.h"
#include "base/metrics.h"
#include "base/temporal.h"

/* Seconds since it was known that nothing newer than the generation is there; `otherwise`: where nobody remembers. */
static int64_t age_of(struct server_state *state, uint64_t generation, int64_t otherwise)
{
	int64_t good_until = change_feed_good_until(state->feed, generation);
	int64_t age = clock_monotonic() - (good_until > 0 ? good_until : otherwise);
	return age > 0 ? age / MICROSECONDS : 0;
}

static bool is_allowed(const struct settings *settings, int64_t age)
{
	int64_t most = settings->config->cache_stale_if_error;
	return most > 0 && age <= most;
}

struct response *outdated_response(struct exchange *exchange)
{
	struct server_state *state = exchange->state;
	struct response *response = NULL;
	struct cache_entry *entry = NULL;
	uint64_t generation;
	int64_t put_at;
	if (change_feed_away(state->feed) && exchange->key_length > 0)
		entry = cache_get_outdated(state->responses, exchange->key, exchange->key_length,
		                           &generation, &put_at);
	if (entry != NULL) {
		int64_t age = age_of(exchange->state, generation, put_at);
		if (is_allowed(exchange->settings, age)) {
			response = response_new_outdated(entry, age);
			metric_add(METRIC_http_outdated_responses_total, 1);
		}
	}
	cache_entry_unref(entry);
	return response;
}

/* Catalogs that are older than what is remembered are too old. */
bool outdated_allows(const struct exchange *exchange, struct content *content)
{
	if (!change_feed_away(exchange->state->feed))
		return true;
	content->outdated = true;
	content->age = age_of(exchange->state, content->generation, 0);
	return is_allowed(exchange->settings, content->age);
}

bool outdated_would_do(struct server_state *state, const struct settings *settings)
{
	uint64_t newest = change_feed_generation(state->feed);
	return state->config->cache_size > 0 && content_source_is_warm(&state->content) &&
	       is_allowed(settings, age_of(state, newest, 0));
}
