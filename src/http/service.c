/* Builds and ends what all requests share. */
#include "service.h"

#include "base/metrics.h"
#include "base/temporal.h"
#include "constant.h"
#include "database.h"
#include "pool.h"

/* Memory for the logs of clients: some 10,000 of them at 15 requests an hour. */
#define THROTTLE_MEMORY ((size_t)16 << 20)

/* Bytes of answers that are not kept but being sent, at least, before no more are made. */
#define SENT_LEAST (INT64_C(64) << 20)

static void *share_response(void *result)
{
	return cache_entry_ref(result);
}

static bool start_throttle(struct service *service, struct error *error)
{
	struct rate rate = service->config->throttle_rate;
	if (rate.requests == 0)
		return true;
	struct throttle_rate limit = {rate.requests, rate.seconds * MICROSECONDS};
	service->throttle = throttle_new(&limit, THROTTLE_MEMORY);
	return service->throttle != NULL || error_set(error, "the throttle cannot be set up");
}

static void set_rules(struct service *service)
{
	const struct config *config = service->config;
	service->rules = (struct decide_rules){
		.allowed_hosts = config->server_allowed_hosts,
		.public_url = config->server_public_url,
		.upstream = config->http_redirect_upstream ? config->sync_upstream : NULL,
		.trusted_proxies = config->server_trusted_proxies,
	};
}

static struct pool *start_pool(const struct config *config, const char *name, int64_t threads,
                               struct error *error)
{
	struct pool_settings settings = {
		.name = name,
		.count = (size_t)threads,
		.job_time = config->database_timeout * MICROSECONDS,
		.share = share_response,
		.drop = database_drop,
	};
	return pool_start(&settings, error);
}

/* One thread renders, so that the others have their cores for what is kept. */
static bool start_threads(struct service *service, struct error *error)
{
	const struct config *config = service->config;
	service->news = news_start(config->database_conninfo, error);
	if (service->news != NULL)
		service->loaders = start_pool(config, "threads that ask the database",
		                              config->server_workers, error);
	if (service->loaders != NULL)
		service->renderers = start_pool(config, "threads that make pages", 1, error);
	return service->renderers != NULL;
}

bool service_init(struct service *service, const struct config *config, struct error *error)
{
	*service = (struct service){.config = config};
	pthread_mutex_init(&service->lock, NULL);
	set_rules(service);
	service->documents = cache_new((size_t)config->cache_size / 2);
	service->responses = cache_new((size_t)config->cache_size / 2);
	service->constants = constants_new(config->cache_max_age);
	if (start_throttle(service, error) && start_threads(service, error))
		return true;
	if (service_end_jobs(service))
		service_fini(service);
	return false;
}

bool service_end_jobs(struct service *service)
{
	bool ended = pool_stop(service->loaders);
	return pool_stop(service->renderers) && ended;
}

void service_fini(struct service *service)
{
	pool_free(service->loaders);
	pool_free(service->renderers);
	news_stop(service->news);
	catalog_unref(service->catalog);
	cache_free(service->documents);
	cache_free(service->responses);
	constants_free(service->constants);
	throttle_free(service->throttle);
	pthread_mutex_destroy(&service->lock);
}

bool service_has_room(const struct service *service)
{
	int64_t kept = service->config->cache_size / 2;
	int64_t sent = kept > SENT_LEAST ? kept : SENT_LEAST;
	return metric_value(METRIC_http_answer_bytes) < kept + sent;
}

struct catalog *service_catalog(struct service *service, uint64_t stamp)
{
	struct catalog *catalog = NULL;
	pthread_mutex_lock(&service->lock);
	if (service->catalog != NULL && service->catalog_stamp == stamp && stamp != 0)
		catalog = catalog_ref(service->catalog);
	pthread_mutex_unlock(&service->lock);
	return catalog;
}

void service_set_catalog(struct service *service, struct catalog *catalog, uint64_t stamp)
{
	struct catalog *old = NULL;
	pthread_mutex_lock(&service->lock);
	if (stamp > service->catalog_stamp) {
		old = service->catalog;
		service->catalog = catalog_ref(catalog);
		service->catalog_stamp = stamp;
	}
	pthread_mutex_unlock(&service->lock);
	catalog_unref(old);
}
