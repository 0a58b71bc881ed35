/* Selects the rows that a decision is about and collects their documents. */
#include "query/content.h"

#include <string.h>

#include "base/clock.h"
#include "base/temporal.h"
#include "protocol/negotiation.h"
#include "protocol/query.h"
#include "repository/execute.h"
#include "repository/graph.h"
#include "repository/page_data.h"
#include "repository/selection.h"
#include "serializer/document.h"
#include "serializer/template.h"

/* How often a snapshot is begun anew, at most. */
#define SNAPSHOTS_MOST 3

void content_source_init(struct content_source *source, struct cache *documents,
                         struct cache *texts, struct change_feed *feed)
{
	*source = (struct content_source){.documents = documents, .texts = texts, .feed = feed};
	pthread_mutex_init(&source->lock, NULL);
}

static void drop_catalogs(struct content_source *source)
{
	for (size_t i = 0; i < RESOURCE_COUNT; i++) {
		catalog_unref(source->catalogs[i]);
		source->catalogs[i] = NULL;
	}
}

void content_source_fini(struct content_source *source)
{
	drop_catalogs(source);
	pthread_mutex_destroy(&source->lock);
}

bool content_source_is_warm(struct content_source *source)
{
	bool warm = false;
	pthread_mutex_lock(&source->lock);
	for (size_t i = 0; i < RESOURCE_COUNT; i++)
		warm = warm || source->catalogs[i] != NULL;
	pthread_mutex_unlock(&source->lock);
	return warm;
}

void content_fini(struct content *content)
{
	for (size_t i = 0; i < content->key_count; i++)
		cache_entry_unref(content->documents[i]);
	for (size_t i = 0; i < RESOURCE_COUNT; i++)
		catalog_unref(content->catalogs[i]);
	strbuf_fini(&content->page_data);
}

/* --- Catalogs. --- */

const struct catalog *content_catalog(const struct content *content,
                                      const struct resource *resource)
{
	return content->catalogs[resource->index];
}

/* The index of the resource that a filter chooses from. */
static size_t choices_of(const struct endpoint *endpoint, const struct filter *filter)
{
	struct field_path path = field_path_of(endpoint->resource, filter->path);
	return field_path_end(&path)->of->index;
}

/* What the decision's filters choose from, all filters where the page for browsers offers their choices. */
static void want_catalogs(const struct decision *decision, struct content *content)
{
	const struct endpoint *endpoint = decision->endpoint;
	const struct query *query = &decision->query;
	bool form =
		decision->route == ROUTE_LIST && decision->negotiation.renderer == RENDERER_HTML;
	content->wanted[endpoint->resource->index] = true;
	for (size_t i = 0; i < query->condition_count; i++)
		if (match_chooses(query->conditions[i].filter->match))
			content->wanted[choices_of(endpoint, query->conditions[i].filter)] = true;
	for (size_t i = 0; form && i < endpoint->filter_count; i++)
		if (match_chooses(endpoint->filters[i].match))
			content->wanted[choices_of(endpoint, &endpoint->filters[i])] = true;
}

/* Takes the catalogs that there are of the content's generation; false: some are missing. */
static bool find_catalogs(struct content_source *source, struct content *content)
{
	bool all = true;
	pthread_mutex_lock(&source->lock);
	bool current = content->generation != 0 && source->generation == content->generation;
	for (size_t i = 0; i < RESOURCE_COUNT; i++) {
		if (!content->wanted[i] || content->catalogs[i] != NULL)
			continue;
		if (current && source->catalogs[i] != NULL)
			content->catalogs[i] = catalog_ref(source->catalogs[i]);
		all = all && content->catalogs[i] != NULL;
	}
	pthread_mutex_unlock(&source->lock);
	return all;
}

/* Lets later requests have the content's catalogs; those of an older generation go. */
static void publish_catalogs(struct content_source *source, const struct content *content)
{
	pthread_mutex_lock(&source->lock);
	if (content->generation > source->generation) {
		drop_catalogs(source);
		source->generation = content->generation;
	}
	for (size_t i = 0; source->generation == content->generation && i < RESOURCE_COUNT; i++)
		if (content->catalogs[i] != NULL && source->catalogs[i] == NULL)
			source->catalogs[i] = catalog_ref(content->catalogs[i]);
	pthread_mutex_unlock(&source->lock);
}

static bool load_catalogs(struct content_source *source, struct session *session,
                          struct content *content, struct error *error)
{
	const struct resource *missing[RESOURCE_COUNT];
	struct catalog *read[RESOURCE_COUNT];
	size_t count = 0;
	if (find_catalogs(source, content))
		return true;
	for (size_t i = 0; i < RESOURCE_COUNT; i++)
		if (content->wanted[i] && content->catalogs[i] == NULL)
			missing[count++] = resources[i];
	if (!catalog_read(session, missing, count, read, error))
		return false;
	for (size_t i = 0; i < count; i++)
		content->catalogs[missing[i]->index] = read[i];
	if (content->generation != 0)
		publish_catalogs(source, content);
	return true;
}

/* --- Which rows. --- */

/* Which of the condition's choices, counted from 1, is no row's key; 0: none. */
static size_t unknown_choice(const struct condition *condition, const struct catalog *catalog)
{
	if (condition->filter->match == MATCH_CHOICE)
		return !catalog_has(catalog, condition->key);
	for (size_t i = 0; i < condition->count; i++)
		if (!catalog_has(catalog, condition->keys[i]))
			return i + 1;
	return 0;
}

/* Makes the decision final but for a row that is missing; false where it refuses. */
static bool check_choices(struct decision *decision, const struct content *content)
{
	const struct query *query = &decision->query;
	size_t unknown[CONDITIONS_MOST] = {0};
	struct findings findings = {.unknown_choice = unknown};
	for (size_t i = 0; i < query->condition_count; i++) {
		const struct condition *condition = &query->conditions[i];
		if (match_chooses(condition->filter->match))
			unknown[i] = unknown_choice(
				condition, content->catalogs[choices_of(decision->endpoint,
			                                                condition->filter)]);
	}
	decision_conclude(decision, &findings);
	return decision->kind == DECISION_SERVED;
}

/* Whether the catalog knows which rows meet all conditions: of a list, it can have one. */
static bool catalog_knows_conditions(const struct decision *decision)
{
	const struct query *query = &decision->query;
	for (size_t i = 0; i < query->condition_count; i++)
		if (!query->conditions[i].filter->indexed)
			return false;
	return decision->route == ROUTE_ROW || query->condition_count <= 1;
}

/* Whether the rows are wanted in the list's own order. */
static bool is_in_own_order(const struct decision *decision)
{
	const struct endpoint *endpoint = decision->endpoint;
	const struct sort *sorts = decision->query.sorts;
	if (endpoint->order == NULL)
		return sorts[0].ordering == NULL && !sorts[0].descending;
	return sorts[0].ordering != NULL &&
	       strcmp(ordering_path(sorts[0].ordering), endpoint->order) == 0 &&
	       sorts[0].descending == endpoint->latest_first && sorts[1].ordering == NULL &&
	       sorts[1].descending == endpoint->latest_first;
}

/* Whether the catalog knows which rows are selected, or the database must find or order them. */
static bool catalog_suffices(const struct decision *decision)
{
	return decision->query.term_count == 0 && catalog_knows_conditions(decision) &&
	       (decision->route == ROUTE_ROW || is_in_own_order(decision));
}

static bool row_meets(const struct catalog *catalog, const struct decision *decision, int64_t now)
{
	const struct query *query = &decision->query;
	for (size_t i = 0; i < query->condition_count; i++)
		if (!catalog_meets(catalog, decision->key, &query->conditions[i]))
			return false;
	return catalog_lists(catalog, decision->endpoint, decision->key, now);
}

static struct catalog_range range_of(const struct decision *decision, int64_t now)
{
	const struct query *query = &decision->query;
	return (struct catalog_range){
		.list = decision->endpoint,
		.condition = query->condition_count > 0 ? query->conditions : NULL,
		.now = now,
		.offset = query->offset,
		.limit = (size_t)query->limit,
	};
}

static void select_by_catalog(const struct decision *decision, struct content *content, int64_t now)
{
	const struct catalog *catalog = content_catalog(content, decision->endpoint->resource);
	struct catalog_range range = range_of(decision, now);
	if (decision->route == ROUTE_ROW) {
		content->key_count = content->count = row_meets(catalog, decision, now);
		content->keys[0] = decision->key;
		return;
	}
	content->key_count = catalog_page(catalog, &range, content->keys, &content->count);
}

static bool select_by_database(struct session *session, const struct decision *decision,
                               struct content *content, int64_t now, struct error *error)
{
	const struct query *query = &decision->query;
	bool row = decision->route == ROUTE_ROW;
	bool known = query->term_count == 0 && catalog_knows_conditions(decision);
	struct selection selection = {
		.endpoint = decision->endpoint,
		.conditions = query->conditions,
		.condition_count = query->condition_count,
		.sorts = query->sorts,
		.sort_count = query->sort_count,
		.terms = query->terms,
		.term_count = query->term_count,
		.key = row ? &decision->key : NULL,
		.counted = !known,
		.now = now,
		.offset = row ? 0 : query->offset,
		.limit = row ? 1 : (size_t)query->limit,
	};
	struct catalog_range all = range_of(decision, now);
	all.limit = 0;
	if (known)
		(void)catalog_page(content_catalog(content, decision->endpoint->resource), &all,
		                   NULL, &content->count);
	return selection_read(session, &selection, content->keys, &content->key_count,
	                      &content->count, error);
}

/* --- For how long. --- */

/* How often a moment that no catalog has is looked at again. */
#define PAST_UNKNOWN_FOR MICROSECONDS

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The last moment at which the same rows meet a condition. */
static int64_t condition_until(const struct decision *decision, const struct catalog *catalog,
                               const struct filter *filter, int64_t now)
{
	const char *order = decision->endpoint->order;
	if (filter->match != MATCH_BOOLEAN || filter->lookup != LOOKUP_PAST)
		return INT64_MAX;
	if (order != NULL && strcmp(filter->path, order) == 0)
		return catalog_moment_from(catalog, now);
	return now + PAST_UNKNOWN_FOR;
}

static int64_t rows_until(const struct decision *decision, const struct content *content,
                          int64_t now)
{
	const struct catalog *catalog = content_catalog(content, decision->endpoint->resource);
	const struct query *query = &decision->query;
	int64_t until = catalog_list_until(catalog, decision->endpoint, now);
	for (size_t i = 0; i < query->condition_count; i++)
		until = earlier(until, condition_until(decision, catalog,
		                                       query->conditions[i].filter, now));
	return until;
}

/* --- Their documents. --- */

/* What documents are cached under: bytes without padding. */
struct document_key {
	uint64_t resource, view;
	struct key key;
};

static struct document_key document_key_of(const struct decision *decision, struct key key)
{
	return (struct document_key){decision->endpoint->resource->index, decision_view(decision),
	                             key};
}

static void free_template(void *template)
{
	template_free(template);
}

static bool find_documents(struct content_source *source, const struct decision *decision,
                           struct content *content)
{
	bool all = true;
	for (size_t i = 0; i < content->key_count; i++) {
		struct document_key key = document_key_of(decision, content->keys[i]);
		if (content->documents[i] == NULL)
			content->documents[i] = cache_get(source->documents, &key, sizeof(key),
			                                  content->generation);
		all = all && content->documents[i] != NULL;
	}
	return all;
}

static void add_document(struct content_source *source, const struct decision *decision,
                         struct content *content, size_t i, struct text_template *template)
{
	struct document_key key = document_key_of(decision, content->keys[i]);
	content->documents[i] = cache_entry_new(template, template_size(template), free_template);
	if (content->generation != 0)
		cache_put(source->documents, &key, sizeof(key), content->generation,
		          CACHE_NEVER_EXPIRES, content->documents[i]);
}

/* Renders the documents that are missing; `rows` are those of the same places. */
static void render_documents(struct content_source *source, const struct decision *decision,
                             const struct graph *graph, struct row *const *rows,
                             struct content *content)
{
	enum view_id view = decision_view(decision);
	struct document_maker *maker = document_maker_new(graph);
	for (size_t i = 0; i < content->key_count; i++)
		if (content->documents[i] == NULL)
			document_announce(maker, rows[i], view);
	for (size_t i = 0; i < content->key_count; i++)
		if (content->documents[i] == NULL)
			add_document(source, decision, content, i,
			             document_render(maker, rows[i], view));
	document_maker_free(maker);
}

static bool load_documents(struct content_source *source, struct session *session,
                           const struct decision *decision, struct content *content,
                           struct error *error)
{
	struct row *rows[QUERY_LIMIT_MOST];
	if (find_documents(source, decision, content))
		return true;
	struct graph *graph = graph_new();
	for (size_t i = 0; i < content->key_count; i++)
		if (content->documents[i] == NULL)
			rows[i] = graph_want(graph, decision->endpoint->resource, content->keys[i],
			                     decision_view(decision));
	bool loaded = graph_load(graph, session, error);
	if (loaded)
		render_documents(source, decision, graph, rows, content);
	graph_free(graph);
	return loaded;
}

/* --- What pages for browsers show beside them. --- */

static enum page_data page_data_of(const struct decision *decision)
{
	switch (decision->route) {
	case ROUTE_SPACE:
		return PAGE_DATA_SPACE;
	case ROUTE_CALENDAR:
		return PAGE_DATA_CALENDAR;
	case ROUTE_FEED:
		return PAGE_DATA_FEED;
	case ROUTE_ROW:
		return decision->endpoint == FLIGHT_ENDPOINT &&
		                       decision->negotiation.renderer == RENDERER_HTML
		               ? PAGE_DATA_FLIGHTS_OF_SPACECRAFT
		               : PAGE_DATA_NONE;
	default:
		return PAGE_DATA_NONE;
	}
}

static bool load_page_data(struct session *session, const struct decision *decision,
                           struct content *content, int64_t now, struct error *error)
{
	return page_data_read(session, page_data_of(decision), (int64_t)decision->key.low, now,
	                      &content->page_data, error);
}

/* --- All together. --- */

static void conclude(struct decision *decision, const struct content *content)
{
	struct findings findings = {.row_missing = decision->route == ROUTE_ROW &&
	                                           content->key_count == 0};
	decision_conclude(decision, &findings);
}

static bool collect(struct content_source *source, struct decision *decision,
                    struct content *content, uint64_t generation)
{
	int64_t now = clock_now();
	memset(content, 0, sizeof(*content));
	content->generation = generation;
	if (route_is_of_page_data(decision->route))
		return false;
	want_catalogs(decision, content);
	if (!find_catalogs(source, content))
		return false;
	if (!check_choices(decision, content))
		return true;
	if (!catalog_suffices(decision) || page_data_of(decision) != PAGE_DATA_NONE)
		return false;
	content->rows_until = rows_until(decision, content, now);
	select_by_catalog(decision, content, now);
	conclude(decision, content);
	return find_documents(source, decision, content);
}

bool content_collect(struct content_source *source, struct decision *decision,
                     struct content *content)
{
	return collect(source, decision, content, change_feed_generation(source->feed));
}

bool content_collect_outdated(struct content_source *source, struct decision *decision,
                              struct content *content)
{
	pthread_mutex_lock(&source->lock);
	uint64_t generation = source->generation;
	pthread_mutex_unlock(&source->lock);
	return collect(source, decision, content, generation);
}

/* Of answers that are made of it; of a calendar, the station has to exist. */
static bool load_page_data_alone(struct content_source *source, struct session *session,
                                 struct decision *decision, struct content *content,
                                 struct error *error)
{
	bool of_station = decision->key.low != 0;
	content->wanted[INDEX_space_station] = of_station;
	if (!load_catalogs(source, session, content, error))
		return false;
	struct findings findings = {
		.row_missing = of_station &&
	                       !catalog_has(content->catalogs[INDEX_space_station], decision->key)};
	decision_conclude(decision, &findings);
	return decision->kind != DECISION_SERVED ||
	       load_page_data(session, decision, content, clock_now(), error);
}

static bool load_in_snapshot(struct content_source *source, struct session *session,
                             struct decision *decision, struct content *content,
                             struct error *error)
{
	int64_t now = clock_now();
	if (route_is_of_page_data(decision->route))
		return load_page_data_alone(source, session, decision, content, error);
	want_catalogs(decision, content);
	if (!load_catalogs(source, session, content, error))
		return false;
	if (!check_choices(decision, content))
		return true;
	content->rows_until = rows_until(decision, content, now);
	if (catalog_suffices(decision))
		select_by_catalog(decision, content, now);
	else if (!select_by_database(session, decision, content, now, error))
		return false;
	if (!load_documents(source, session, decision, content, error))
		return false;
	if (content->key_count > 0 && !load_page_data(session, decision, content, now, error))
		return false;
	conclude(decision, content);
	return true;
}

/* Begins a snapshot and reports its version. Where the feed got a new connection meanwhile, others may have
   heard of the version only after they saw a newer state: begins anew then. */
static bool begin_snapshot(struct content_source *source, struct session *session,
                           uint64_t *generation, struct error *error)
{
	for (int i = 0; i < SNAPSHOTS_MOST; i++) {
		int64_t version;
		uint64_t before = change_feed_generation(source->feed);
		if (i > 0 && !snapshot_end(session, error))
			return false;
		if (!snapshot_begin(session, &version, error))
			return false;
		*generation = change_feed_observe(source->feed, before, version);
		if (*generation != 0 || change_feed_generation(source->feed) == 0)
			break;
	}
	return true;
}

bool content_load(struct content_source *source, struct session *session, struct decision *decision,
                  struct content *content, struct error *error)
{
	memset(content, 0, sizeof(*content));
	return begin_snapshot(source, session, &content->generation, error) &&
	       load_in_snapshot(source, session, decision, content, error) &&
	       snapshot_end(session, error);
}
