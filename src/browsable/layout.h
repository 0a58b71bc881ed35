/* What all pages have around what they are about: head, bar, breadcrumb and foot. */
#ifndef PAGE_FRAME_H
#define PAGE_FRAME_H

#include <stddef.h>

#include "markup.h"
#include "base/strbuf.h"

#define CRUMBS_MOST 2

struct page_crumb {
	const char *name;
	const char *url;
};

struct page_frame {
	const char *title;
	struct page_crumb crumbs[CRUMBS_MOST]; /* the last is the page itself */
	size_t crumb_count;
	const char *skip; /* the id of what a reader wants to come to */
	void (*write_main)(struct strbuf *out, void *context); /* as HTML */
	void *context;
};

void page_frame_write(const struct page_frame *frame, struct strbuf *out);

extern const struct markup page_frame_markup;

#endif
