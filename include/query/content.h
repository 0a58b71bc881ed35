/* The content of answers: from a decision to the rows that it selects and their rendered documents, through
   the caches where they have them, else by the database. */
#ifndef QUERY_CONTENT_H
#define QUERY_CONTENT_H

#include <pthread.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "cache/cache.h"
#include "protocol/decision.h"
#include "repository/catalog.h"
#include "repository/change_feed.h"
#include "resources/all.h"

struct session;

/* What all requests share. */
struct content_source {
	struct cache *documents;  /* templates, by resource, view and key; borrowed */
	struct cache *texts;      /* documents' texts, by host and format as well; borrowed */
	struct change_feed *feed; /* borrowed */
	pthread_mutex_t lock;     /* guards all below */
	struct catalog *catalogs[RESOURCE_COUNT]; /* of one generation; NULL: not read yet */
	uint64_t generation;                      /* theirs */
};

void content_source_init(struct content_source *source, struct cache *documents,
                         struct cache *texts, struct change_feed *feed);
void content_source_fini(struct content_source *source);

/* Whether something can be answered from memory while the database is away. */
bool content_source_is_warm(struct content_source *source);

/* The content of one answer. */
struct content {
	uint64_t generation; /* of the data; 0: not to be cached */
	bool outdated;       /* the data may have changed since: for now, and not to be cached */
	int64_t age;         /* of an outdated one: seconds since it was known to be true */
	/* Of the endpoint's resource and of what its filters choose from. */
	struct catalog *catalogs[RESOURCE_COUNT];
	bool wanted[RESOURCE_COUNT];
	size_t count;                      /* rows of all pages */
	struct key keys[QUERY_LIMIT_MOST]; /* the rows of this page */
	size_t key_count;
	int64_t rows_until; /* the last moment at which these are the rows while the data does not change */
	struct cache_entry *documents[QUERY_LIMIT_MOST]; /* templates, in the order of the keys */
	struct strbuf page_data; /* what a page for browsers shows beside the documents, as JSON */
};

/* Releases what the content holds. */
void content_fini(struct content *content);

/* Collects the content of a decision that needs data, from memory alone; false where the database must be
   read. Never waits. The decision is final afterwards: it may refuse the request, the content has no documents
   then. *content is initialized in either case. */
bool content_collect(struct content_source *source, struct decision *decision,
                     struct content *content);

/* Likewise from the state of the data that the last catalogs were read in, which may be an older one than others that
   were shown since: for while the database is away. */
bool content_collect_outdated(struct content_source *source, struct decision *decision,
                              struct content *content);

/* Likewise, reading what is not in memory in one snapshot. Waits for the database. False, with the error set
   and the decision as it was: the database failed. */
bool content_load(struct content_source *source, struct session *session, struct decision *decision,
                  struct content *content, struct error *error) MUST_CHECK;

/* The catalog of a resource; NULL: the content has none. */
const struct catalog *content_catalog(const struct content *content,
                                      const struct resource *resource);

#endif
