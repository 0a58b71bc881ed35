/* JSON text with holes for what differs from response to response: the host and format in urls, durations that grow
   with time, and items of lists that come and go with it. Rendered once a change of the data, filled in for each
   response. Immutable. */
#ifndef SERIALIZER_TEMPLATE_H
#define SERIALIZER_TEMPLATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

struct text_template;

/* What is filled in. Both texts must need no escapes in JSON. */
struct rendering {
	const char *base; /* scheme://host[:port] */
	size_t base_length;
	const char *suffix; /* `?format=json` and the like, or empty */
	size_t suffix_length;
	int64_t now; /* the moment of the response */
};

void template_free(struct text_template *template); /* NULL is fine */

/* Appends the text, filled in. Any thread. */
void template_fill(const struct text_template *template, const struct rendering *rendering,
                   struct strbuf *out);

/* An upper bound of the bytes that template_fill appends; exact but for durations and such
   items. */
size_t template_filled_size(const struct text_template *template,
                            const struct rendering *rendering);

/* For how many microseconds a text filled in at `now` stays true, to the second; INT64_MAX: for ever. */
int64_t template_good_for(const struct text_template *template, int64_t now);

/* The template's bytes in memory, for a cache's budget. */
size_t template_size(const struct text_template *template);

#endif
