/* Fills in templates of HTML. A template is text with two kinds of marks:

       {{name}}                     a value
       {{#name}} ... {{/name}}      the text between, once for each round: a list, or a condition

   What a mark stands for is said by a table of slots in C. Values are escaped, so that they show as
   text inside elements and quoted attributes whatever is in them, unless the slot says that it writes
   HTML itself. */
#ifndef BASE_MARKUP_H
#define BASE_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/strbuf.h"

struct markup_slot {
	const char *name;
	/* One of the three; `context` is what markup_write was given. */
	void (*text)(struct strbuf *out, void *context);
	void (*html)(struct strbuf *out, void *context);
	/* Whether there is a round of that number (from 0); puts into the context what it is about. */
	bool (*round)(void *context, size_t number);
};

struct markup {
	const char *template, *end; /* as EMBED gives them */
	const struct markup_slot *slots;
	size_t slot_count;
};

/* Appends the template, filled in. A mark that markup_check complains of gives nothing. Any thread. */
void markup_write(const struct markup *markup, void *context, struct strbuf *out);

/* Whether each mark has a slot of its kind and each slot a mark, and sections nest. For tests. */
bool markup_check(const struct markup *markup, struct error *error) MUST_CHECK;

/* Appends bytes with & < > " ' as &amp; &lt; &gt; &quot; &#x27;, the rest as they are. */
void markup_escape(struct strbuf *out, const char *data, size_t length);

#endif
