/* A page of flights cut into its documents, before anything of it is understood or stored, so that
   what the page says of itself can be checked. */
#ifndef SYNC_PAGE_H
#define SYNC_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

struct sync_document {
	int64_t id;
	const char *text; /* of the page's text */
	size_t length;
};

struct sync_page {
	struct arena arena;
	int64_t count;    /* flights altogether, as the page says */
	const char *next; /* NULL: none */
	struct sync_document *documents;
	size_t document_count;
};

/* Reads a page; the documents' text is borrowed from `text`. Accepts only well-formed JSON with count,
   next and results, each result an object with an id above 0. `name` is for the error. After either
   result sync_page_fini is due. */
bool sync_page_read(struct sync_page *page, const char *name, const char *text, size_t length,
                    struct error *error) MUST_CHECK;
void sync_page_fini(struct sync_page *page);

/* What is known of the list before a page of it is read. */
struct sync_place {
	int64_t offset;
	int64_t limit;   /* that was asked for */
	int64_t last_id; /* of the page before */
	const char *upstream;
};

/* Whether the page is the one that is due: ids ascending and beyond last_id, as many as its count has
   place for, and a `next` that goes on behind them, on the upstream itself. */
bool sync_page_check(const struct sync_page *page, const struct sync_place *place,
                     struct error *error) MUST_CHECK;

#endif
