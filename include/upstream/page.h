/* A page of one of the upstream's lists: what it says of itself is checked before any document of it is
   imported. */
#ifndef UPSTREAM_PAGE_H
#define UPSTREAM_PAGE_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "resources/key.h"

struct upstream_document {
	struct key key;
	const json_t *json; /* the page's */
};

struct upstream_page {
	struct arena arena; /* owns all below */
	int64_t count;      /* documents of the list, as the page says */
	const char *next;   /* NULL: none */
	struct upstream_document *documents;
	size_t document_count;
};

struct resource;

/* Parses a page of the resource's documents: an object with count, next and results, each result an object with
   a key. `name` is for the error. After either result upstream_page_fini is due. */
bool upstream_page_read(struct upstream_page *page, const char *name,
                        const struct resource *resource, const char *text, size_t length,
                        struct error *error) MUST_CHECK;
void upstream_page_fini(struct upstream_page *page); /* of all zeros too */

/* What is known of the list before a page of it is read. */
struct page_position {
	const char *upstream, *path;     /* the list's address */
	const struct resource *resource; /* of its documents */
	int64_t offset;
	int64_t limit; /* that was requested */
};

/* Whether the page is the one at that position: no document of another endpoint, none twice, no more than the
   limit and the count allow, and a `next` on the same list that goes on right behind them, which becomes an
   address of the upstream itself. */
bool upstream_page_check(struct upstream_page *page, const struct page_position *position,
                         struct error *error) MUST_CHECK;

/* Whether its keys ascend, from beyond that of the page before on (NULL: there was none). */
bool upstream_page_ascends(const struct upstream_page *page, const struct resource *resource,
                           const struct key *before, struct error *error) MUST_CHECK;

/* The key in a document; false where there is none. */
bool document_key(const struct resource *resource, const json_t *document, struct key *key);

#endif
