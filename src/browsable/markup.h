/* Renders HTML templates. A template is text with two kinds of tags:

       {{name}}                     a value
       {{#name}} ... {{/name}}      a section: rendered if a condition holds, or once per item of a list

   A table of slots says what each name stands for. Values are escaped for element content and quoted
   attributes, except those of slots that write HTML themselves. */
#ifndef MARKUP_H
#define MARKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "base/text.h"

/* Exactly one member beside the name is set. `context` is the argument of markup_write. */
struct markup_slot {
	const char *name;
	/* Values. */
	size_t member; /* a struct text in the context, as MARKUP_MEMBER gives it */
	void (*text)(struct strbuf *out,
	             const void *context); /* appends text, which is then escaped */
	void (*html)(struct strbuf *out, const void *context); /* appends HTML */
	/* Sections. */
	bool (*when)(const void *context); /* whether the section is rendered */
	/* Whether the list has an item of that index (called with 0, 1, ...); if so, makes it the current
	   item of the context. */
	bool (*each)(void *context, size_t index);
};

/* The offset of a struct text in the context's type, plus one: 0 means no member. */
#define MARKUP_MEMBER(type, name) \
	(offsetof(type, name) + \
	 sizeof(char[__builtin_types_compatible_p(__typeof__(((type *)0)->name), struct text) \
	                     ? 1 \
	                     : -1]))

struct markup {
	const char *template, *end; /* the symbols of EMBED */
	const struct markup_slot *slots;
	size_t slot_count;
};

/* Appends the rendered template. Tags that markup_check rejects produce nothing. Any thread. */
void markup_write(const struct markup *markup, void *context, struct strbuf *out);

/* Whether every tag has a slot of its kind, every slot is used, and sections are closed. For tests. */
bool markup_check(const struct markup *markup, struct error *error) MUST_CHECK;

/* Appends the bytes with & < > " ' as entities. */
void markup_escape(struct strbuf *out, const char *data, size_t length);

#endif
