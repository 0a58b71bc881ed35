/* The pages of a list, as Django REST framework's LimitOffsetPagination works them out: urls of the next and
   previous page, and which pages the browsable page links to. */
#ifndef PROTOCOL_PAGINATION_H
#define PROTOCOL_PAGINATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "protocol/link.h"
#include "protocol/query.h"

/* Append the whole url of the next or previous page of `count` rows to *out; false, with nothing
   appended, where there is none. */
bool pagination_write_next(struct strbuf *out, const struct link *link, const struct query *query,
                           int64_t count);
bool pagination_write_previous(struct strbuf *out, const struct link *link,
                               const struct query *query);

#define PAGES_MOST 7 /* links, with the gaps between them */

struct page_link {
	bool gap; /* an ellipsis: pages are left out here */
	bool current;
	int64_t number; /* of the page, from 1 */
	int64_t offset; /* where it begins; 0: the url has no offset, as on page 1 */
};

/* Fills in the links in their order and returns how many there are: at least one. `limit` is at least 1,
   `offset` and `count` at least 0; an offset may lie between two pages or behind the last. */
int pagination_list(int64_t count, int64_t limit, int64_t offset,
                    struct page_link links[PAGES_MOST]);

#endif
