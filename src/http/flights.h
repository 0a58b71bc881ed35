/* Answers about flights: which documents one is made of, and how it is put together. */
#ifndef FLIGHTS_H
#define FLIGHTS_H

#include "http/response.h"
#include "service.h"

struct session;

/* What an answer is made of. */
struct material {
	enum decision_kind kind; /* the decision's, or what the data makes of it */
	uint64_t stamp;          /* of the data; 0: not to be kept */
	struct catalog *catalog;
	int64_t ids[QUERY_LIMIT_MOST];
	size_t id_count;
	size_t count; /* of all pages */
	struct cache_entry *documents[QUERY_LIMIT_MOST]; /* templates, in the order of the ids */
};

void material_fini(struct material *material);

/* Gathers all from memory; false where the database must be asked. Never waits. */
bool flights_gather_cached(struct service *service, const struct decision *decision,
			   struct material *material);

/* Gathers all, reading what is not in memory in one snapshot. Waits for the database. */
bool flights_gather(struct service *service, struct session *session, const struct decision *decision,
		    struct material *material, struct error *error) MUST_CHECK;

/* Puts the answer together; takes nothing. Returns for how many microseconds it stays true while the data
   does not change; INT64_MAX: that long. */
int64_t flights_answer(struct service *service, const struct decision *decision,
		       const struct material *material, struct answer *answer);

/* The answer to a decision that needs no data. */
void decision_answer(const struct decision *decision, enum decision_kind kind, int64_t wait,
		     struct answer *answer);

#endif
