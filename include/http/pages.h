/* Which pages of a list the browsable page links to, as Django REST framework's LimitOffsetPagination
   works them out, also where an offset lies between two pages or behind the last. */
#ifndef HTTP_PAGES_H
#define HTTP_PAGES_H

#include <stdbool.h>
#include <stdint.h>

#define PAGES_MOST 7 /* links, with the gaps between them */

struct page_link {
	bool gap; /* an ellipsis: pages are left out here */
	bool current;
	int64_t number; /* of the page, from 1 */
	int64_t offset; /* where it begins; 0: the url has no offset, as on page 1 */
};

/* Fills in the links in their order and returns how many there are: at least one. `limit` is at least 1,
   `offset` and `count` at least 0. */
int pages_list(int64_t count, int64_t limit, int64_t offset, struct page_link links[PAGES_MOST]);

#endif
