/* Makes responses about flights, or tells why there is none. */
#include "making.h"

#include <stdatomic.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/temporal.h"
#include "database.h"
#include "flights.h"
#include "site.h"

bool making_is_plain(const struct exchange *exchange)
{
	const struct negotiation *shown = &exchange->decision->negotiation;
	return exchange->encoding == ENCODING_IDENTITY && shown->renderer == RENDERER_JSON &&
	       shown->indent == 0;
}

/* --- Where there is none. --- */

/* What keeps one request from its answer does so to all: one line a second tells as much as thousands. */
static void log_unavailable(const struct exchange *exchange, const char *why)
{
	static _Atomic int64_t next;
	int64_t now = clock_monotonic(), due = atomic_load(&next);
	if (now < due || !atomic_compare_exchange_strong(&next, &due, now + MICROSECONDS))
		return;
	log_warning("%.*s: %s", (int)exchange->target.length, exchange->target.data, why);
}

static struct cache_entry *make_unavailable(struct exchange *exchange, const char *told,
                                            const char *why)
{
	struct answer answer;
	log_unavailable(exchange, why);
	unavailable_answer(exchange->decision, told, &answer);
	struct response *response = response_new(&answer, ENCODING_IDENTITY);
	return cache_entry_new(response, response->size, response_free);
}

struct cache_entry *making_busy(struct exchange *exchange, const char *why)
{
	return make_unavailable(exchange, "The server is busy.", why);
}

/* --- Where there is one. --- */

struct cache_entry *making_response(struct exchange *exchange, const struct material *material,
                                    bool cheap)
{
	struct service *service = exchange->service;
	struct answer answer;
	int64_t now = clock_monotonic();
	if (!service_has_room(service))
		return making_busy(exchange, "too many large answers are being sent");
	int64_t good_for = flights_answer(service, exchange->decision, material,
	                                  !making_is_plain(exchange), &answer);
	bool keep = answer.status == 200 && material->stamp != 0 && exchange->key_length > 0;
	metric_add(METRIC_http_responses_made_total, 1);
	struct response *response = response_new(&answer, exchange->encoding);
	struct cache_entry *entry = cache_entry_new(response, response->size, response_free);
	if (keep && cheap)
		keep = cache_asked_before(service->responses, exchange->key, exchange->key_length,
		                          response->size);
	if (keep)
		cache_put(service->responses, exchange->key, exchange->key_length, material->stamp,
		          good_for < INT64_MAX ? now + good_for : CACHE_GOOD_FOR_EVER, entry);
	return entry;
}

/* --- Jobs. --- */

static struct cache_entry *make_late(struct exchange *exchange)
{
	return making_busy(exchange, "its turn came too late");
}

void *making_render(void *context, struct worker *worker)
{
	struct exchange *exchange = context;
	if (worker_is_late(worker))
		return make_late(exchange);
	return making_response(exchange, exchange->material, false);
}

/* NULL with the error set: the database failed. */
static struct cache_entry *load(struct exchange *exchange, struct worker *worker,
                                struct error *error)
{
	struct service *service = exchange->service;
	struct material material = {0};
	struct cache_entry *entry = NULL;
	struct session *session =
		database_session(worker, service->config->database_conninfo, error);
	if (session == NULL)
		return NULL;
	if (material_gather(service, session, exchange->decision, &material, error))
		entry = making_response(exchange, &material, false);
	material_fini(&material);
	database_drop_lost(worker);
	return entry;
}

/* Tried twice, while there is time: the database may have been restarted since the connection was last used,
   or a standby have cancelled what was in its way. */
void *making_load(void *context, struct worker *worker)
{
	struct exchange *exchange = context;
	struct error first = {""}, second = {""};
	if (worker_is_late(worker))
		return make_late(exchange);
	struct cache_entry *entry = load(exchange, worker, &first);
	if (entry == NULL && !worker_is_late(worker))
		entry = load(exchange, worker, &second);
	if (entry != NULL)
		return entry;
	return make_unavailable(exchange, "The database cannot be reached at the moment.",
	                        error_is_set(&second) ? second.text : first.text);
}
