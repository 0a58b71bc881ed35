/* The frame that all pages share: head, header with breadcrumb, footer. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <stddef.h>

#include "base/strbuf.h"
#include "markup.h"

#define LAYOUT_CRUMBS_MAX 2

struct layout_crumb {
	const char *name;
	const char *url;
};

struct layout {
	const char *title;
	struct text prefix;                            /* of the paths that the frame links to */
	struct layout_crumb crumbs[LAYOUT_CRUMBS_MAX]; /* the last is the page itself */
	size_t crumb_count;
	const char *skip_to; /* the id that the skip link leads to */
	const struct markup *main;
	void *main_context;
};

/* Appends the whole page. Everything is borrowed. */
void layout_write(const struct layout *layout, struct strbuf *out);

#endif
