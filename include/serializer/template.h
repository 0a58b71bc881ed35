/* A document's text with places left open for what depends on the request: the urls' host and format,
   and durations that grow. Made once a change of data, filled in for each answer. */
#ifndef SERIALIZER_TEMPLATE_H
#define SERIALIZER_TEMPLATE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "resources/resource.h"

struct fragment;
struct template_hole;

struct template
{
	char *text; /* without what goes into the holes */
	size_t length;
	struct template_hole *holes; /* in the order of the text */
	size_t hole_count;
	size_t url_count;
	bool live; /* has durations that grow: what is filled in is true for its moment alone */
};

/* What is filled in. Both texts must need no escapes in JSON. */
struct rendering {
	const char *base; /* scheme://host[:port] */
	size_t base_length;
	const char *suffix; /* `?format=json` and the like, or empty */
	size_t suffix_length;
	int64_t now; /* the moment of the answer */
};

/* Makes the templates of documents that share values, such as a page's: what several have is written
   once and copied. All values must have been made before the first template, and live as long. */
struct template_maker {
	struct fragment **fragments; /* by the value that they are of: open addressing */
	size_t place_count, used;
};
void template_maker_init(struct template_maker *maker);
void template_maker_fini(struct template_maker *maker);

/* The text of a value that document_value made of that resource in that view. */
struct template *template_new(struct template_maker *maker, const struct resource *resource,
                              enum view_id view, const json_t *value)
	__attribute__((returns_nonnull));
void template_free(struct template *template); /* NULL is fine */

/* Appends the text, filled in. Any thread. */
void template_fill(const struct template *template, const struct rendering *rendering,
                   struct strbuf *out);

/* The bytes that it will be at most: exact but for durations. */
size_t template_filled_size(const struct template *template, const struct rendering *rendering);

/* For how many microseconds what was filled in at that moment stays true to the second; INT64_MAX: for good. */
int64_t template_good_for(const struct template *template, int64_t now);

/* The template's bytes in memory, for a cache's budget. */
size_t template_size(const struct template *template);

#endif
