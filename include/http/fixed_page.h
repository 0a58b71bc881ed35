/* The pages that answer where no resource does: byte for byte the original's, whatever a client
   accepts. */
#ifndef HTTP_FIXED_PAGE_H
#define HTTP_FIXED_PAGE_H

#include <stddef.h>

struct fixed_page {
	int status;
	const char *body;
	size_t length;
};

#define FIXED_PAGE_CONTENT_TYPE "text/html"

/* The page of 404 or 400. */
const struct fixed_page *fixed_page_of(int status);

#endif
