/* What an answer about flights is made of: which flights, and their documents. */
#ifndef MATERIAL_H
#define MATERIAL_H

#include "service.h"

struct session;

struct material {
	enum decision_kind kind; /* the decision's, or what the data makes of it */
	uint64_t stamp;          /* of the data; 0: not to be kept */
	struct catalog *catalog;
	int64_t ids[QUERY_LIMIT_MOST];
	size_t id_count;
	size_t count;                                    /* of all pages */
	struct cache_entry *documents[QUERY_LIMIT_MOST]; /* templates, in the order of the ids */
};

void material_fini(struct material *material);

/* Gathers all from memory; false where the database must be asked. Never waits. */
bool material_gather_cached(struct service *service, const struct decision *decision,
                            struct material *material);

/* Gathers all, reading what is not in memory in one snapshot. Waits for the database. */
bool material_gather(struct service *service, struct session *session,
                     const struct decision *decision, struct material *material,
                     struct error *error) MUST_CHECK;

#endif
