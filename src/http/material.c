/* Finds out which flights are asked for and gathers their documents. */
#include "material.h"

#include <stdlib.h>
#include <string.h>

#include "repository/graph.h"
#include "repository/search.h"
#include "repository/session.h"
#include "repository/snapshot.h"
#include "resources/all.h"
#include "serializer/document.h"
#include "serializer/template.h"

/* How often a snapshot is begun anew, at most. */
#define SNAPSHOTS_MOST 3

void material_fini(struct material *material)
{
	for (size_t i = 0; i < material->id_count; i++)
		cache_entry_unref(material->documents[i]);
	catalog_unref(material->catalog);
}

/* --- Which flights. --- */

static enum level decision_level(const struct decision *decision)
{
	return decision->route == ROUTE_FLIGHT || decision->query.detailed ? DETAILED : NORMAL;
}

static const int64_t *decision_spacecraft(const struct decision *decision)
{
	return decision->query.filter == QUERY_FILTER_ONE ? &decision->query.spacecraft : NULL;
}

/* Whether the catalog knows which flights are asked for, or the database must find or order them. */
static bool catalog_suffices(const struct query *query, enum route route)
{
	if (query->term_count > 0)
		return false;
	return route == ROUTE_FLIGHT ||
	       (query->order[0].column == QUERY_BY_ID && !query->order[0].descending);
}

/* What the catalog says against a decision that is not final; false where it refuses. */
static bool choose_kind(const struct decision *decision, struct material *material)
{
	material->kind = decision->kind;
	if (decision->needs_spacecraft &&
	    !catalog_has_spacecraft(material->catalog, decision->query.spacecraft))
		material->kind = DECISION_BAD_SPACECRAFT;
	return material->kind == DECISION_SERVED;
}

static void choose_by_catalog(const struct decision *decision, struct material *material)
{
	const int64_t *spacecraft = decision_spacecraft(decision);
	if (decision->route == ROUTE_FLIGHT) {
		material->id_count = material->count =
			catalog_has_flight(material->catalog, decision->flight_id, spacecraft);
		material->ids[0] = decision->flight_id;
	} else {
		material->id_count = catalog_page(
			material->catalog, spacecraft, decision->query.offset,
			(size_t)decision->query.limit, material->ids, &material->count);
	}
}

_Static_assert((int)QUERY_BY_SPACECRAFT_NAME == (int)SEARCH_BY_SPACECRAFT_NAME &&
                       (int)QUERY_BY_LANDING_SUCCESS == (int)SEARCH_BY_LANDING_SUCCESS &&
                       (int)QUERY_COLUMN_COUNT == (int)SEARCH_COLUMNS,
               "queries name the columns in the order that searches do");

static bool choose_by_search(struct session *session, const struct decision *decision,
                             struct material *material, struct error *error)
{
	const struct query *query = &decision->query;
	struct search_order order[QUERY_COLUMN_COUNT];
	struct search_term terms[SEARCH_TERMS_MAX];
	struct search search = {
		.spacecraft = decision_spacecraft(decision),
		.flight = decision->route == ROUTE_FLIGHT ? &decision->flight_id : NULL,
		.order = order,
		.order_count = query->order_count,
		.terms = terms,
		.term_count =
			query->term_count < SEARCH_TERMS_MAX ? query->term_count : SEARCH_TERMS_MAX,
		.offset = decision->route == ROUTE_FLIGHT ? 0 : query->offset,
		.limit = (size_t)query->limit,
	};
	if (search.term_count == 0)
		(void)catalog_page(material->catalog, search.spacecraft, 0, 0, NULL,
		                   &material->count);
	for (size_t i = 0; i < query->order_count; i++)
		order[i] = (struct search_order){(enum search_column)query->order[i].column,
		                                 query->order[i].descending};
	for (size_t i = 0; i < search.term_count; i++)
		terms[i] = (struct search_term){query->terms[i].data, query->terms[i].length};
	return search_flights(session, &search, material->ids, &material->id_count,
	                      &material->count, error);
}

/* --- Their documents. --- */

/* What documents are kept under. */
struct document_key {
	int64_t id;
	int64_t level;
};

static void free_template(void *template)
{
	template_free(template);
}

static bool find_documents(struct service *service, enum level level, struct material *material)
{
	bool all = true;
	for (size_t i = 0; i < material->id_count; i++) {
		struct document_key key = {material->ids[i], level};
		if (material->documents[i] == NULL)
			material->documents[i] =
				cache_get(service->documents, &key, sizeof(key), material->stamp);
		all = all && material->documents[i] != NULL;
	}
	return all;
}

static void keep_document(struct service *service, enum level level, struct material *material,
                          size_t i, struct template *template)
{
	struct document_key key = {material->ids[i], level};
	material->documents[i] = cache_entry_new(template, template_size(template), free_template);
	if (material->stamp != 0)
		cache_put(service->documents, &key, sizeof(key), material->stamp,
		          CACHE_GOOD_FOR_EVER, material->documents[i]);
}

/* Makes the documents that are not there; `rows` are those of the same places. */
static void make_documents(struct service *service, const struct graph *graph,
                           struct row *const *rows, enum level level, struct material *material)
{
	struct document_maker values;
	struct template_maker texts;
	document_maker_init(&values, graph);
	template_maker_init(&texts);
	for (size_t i = 0; i < material->id_count; i++)
		if (material->documents[i] == NULL)
			document_value(&values, rows[i], level);
	for (size_t i = 0; i < material->id_count; i++)
		if (material->documents[i] == NULL)
			keep_document(service, level, material, i,
			              template_new(&texts, &resource_spacecraft_flight, level,
			                           document_value(&values, rows[i], level)));
	template_maker_fini(&texts);
	document_maker_fini(&values);
}

static bool load_documents(struct service *service, struct session *session, enum level level,
                           struct material *material, struct error *error)
{
	struct row *rows[QUERY_LIMIT_MOST];
	if (find_documents(service, level, material))
		return true;
	struct graph *graph = graph_new();
	for (size_t i = 0; i < material->id_count; i++)
		if (material->documents[i] == NULL)
			rows[i] = graph_want(graph, &resource_spacecraft_flight,
			                     (struct key){0, (uint64_t)material->ids[i]}, level);
	bool loaded = graph_load(graph, session, error);
	if (loaded)
		make_documents(service, graph, rows, level, material);
	graph_free(graph);
	return loaded;
}

/* --- Both together. --- */

bool material_gather_cached(struct service *service, const struct decision *decision,
                            struct material *material)
{
	*material = (struct material){.stamp = news_stamp(service->news)};
	material->catalog = service_catalog(service, material->stamp);
	if (material->catalog == NULL)
		return false;
	if (!choose_kind(decision, material))
		return true;
	if (!catalog_suffices(&decision->query, decision->route))
		return false;
	choose_by_catalog(decision, material);
	return find_documents(service, decision_level(decision), material);
}

static bool gather_in_snapshot(struct service *service, struct session *session, int64_t version,
                               const struct decision *decision, struct material *material,
                               struct error *error)
{
	material->catalog = service_catalog(service, material->stamp);
	if (material->catalog == NULL) {
		material->catalog = catalog_read(session, version, error);
		if (material->catalog == NULL)
			return false;
		if (material->stamp != 0)
			service_set_catalog(service, material->catalog, material->stamp);
	}
	if (!choose_kind(decision, material))
		return true;
	if (catalog_suffices(&decision->query, decision->route))
		choose_by_catalog(decision, material);
	else if (!choose_by_search(session, decision, material, error))
		return false;
	return load_documents(service, session, decision_level(decision), material, error);
}

/* Begins a snapshot and tells of its version. Where the news got a new connection meanwhile, others may have
   been told of it only after they saw a newer state: begins anew then. */
static bool begin_snapshot(struct service *service, struct session *session, int64_t *version,
                           uint64_t *stamp, struct error *error)
{
	for (int i = 0; i < SNAPSHOTS_MOST; i++) {
		uint64_t before = news_stamp(service->news);
		if (i > 0 && !snapshot_end(session, error))
			return false;
		if (!snapshot_begin(session, version, error))
			return false;
		*stamp = news_tell(service->news, before, *version);
		if (*stamp != 0 || news_stamp(service->news) == 0)
			break;
	}
	return true;
}

bool material_gather(struct service *service, struct session *session,
                     const struct decision *decision, struct material *material,
                     struct error *error)
{
	int64_t version = 0;
	*material = (struct material){.stamp = 0};
	if (!begin_snapshot(service, session, &version, &material->stamp, error))
		return false;
	return gather_in_snapshot(service, session, version, decision, material, error) &&
	       snapshot_end(session, error);
}
