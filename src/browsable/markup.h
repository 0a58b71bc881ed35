/* Renders HTML templates. A template is text with tags of three kinds:

       {{name}}                     a value
       {{#name}} ... {{/name}}      a section: rendered once per item of a list, or once if a text is
                                    not empty or a flag is set
       {{^name}} ... {{/name}}      a section that is rendered if the text is empty or the flag not set

   A table of slots says what each name stands for. Within a section over a JSON value, names that have no
   slot stand for its members: `{{launch.pad.name}}`. There a section is rendered once per item of an array, or
   once if the value is an object, true, a number or a text that is not empty; `.` is the value itself. The name
   of a format may follow, which says how the value is read by people: `{{launch.net|moment}}`; see format.h. A
   section with one is rendered once, over the same values, if the format says something: `{{#crew|any}}`.

   Texts are escaped for element content and quoted attributes, unless the template is in another language; slots
   that write HTML do that themselves. */
#ifndef MARKUP_H
#define MARKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "format.h"

/* Exactly one member beside the name is set. `context` is the argument of markup_write. */
struct markup_slot {
	const char *name;
	size_t text; /* a struct text in the context, as MARKUP_TEXT gives it: a value or a condition */
	size_t flag; /* a bool in the context, as MARKUP_FLAG gives it: a condition */
	void (*html)(struct strbuf *out, const void *context); /* a value: appends HTML */
	/* Likewise, made of the JSON value that the section around the tag is over. */
	void (*html_of)(struct strbuf *out, const void *context, struct text value);
	/* Whether the list has an item of that index (called with 0, 1, ...); if so, makes it the current
	   item of the context. */
	bool (*each)(void *context, size_t index);
	size_t json; /* a struct text in the context with compact JSON, as MARKUP_JSON gives it: a section */
};

/* A slot that is called as the member of the context's type is that it stands for. */
#define MARKUP_TEXT(type, member) \
	{ \
#member, .text = MARKUP_OFFSET(type, member, struct text) \
	}
#define MARKUP_FLAG(type, member) \
	{ \
#member, .flag = MARKUP_OFFSET(type, member, bool) \
	}
#define MARKUP_JSON(type, member) \
	{ \
#member, .json = MARKUP_OFFSET(type, member, struct text) \
	}

/* The member's offset, which must be of that type, plus one: 0 means no member. */
#define MARKUP_OFFSET(type, member, of) \
	(offsetof(type, member) + \
	 sizeof(char[__builtin_types_compatible_p(__typeof__(((type *)0)->member), of) ? 1 : -1]))

struct markup {
	const char *template, *end; /* the symbols of EMBED */
	const struct markup_slot *slots;
	size_t slot_count;
	/* Appends a value's bytes as the language of the template takes them; NULL: markup_escape. */
	void (*escape)(struct strbuf *out, const char *data, size_t length);
};

/* MARKUP(symbol of EMBED, its slots): a template in HTML; MARKUP_IN: in another language. */
#define MARKUP_IN(symbol, slots_, escape_) \
	{ \
		.template = symbol, .end = symbol##_end, .slots = (slots_), \
		.slot_count = sizeof(slots_) / sizeof((slots_)[0]), .escape = (escape_) \
	}
#define MARKUP(symbol, slots_) MARKUP_IN(symbol, slots_, NULL)

/* Appends the rendered template. Tags without a slot of their kind, or a member, produce nothing. Formats read
   the clock, and shorten how long the text is good for; NULL: the template has none that do. Any thread. */
void markup_write(const struct markup *markup, void *context, struct format_clock *clock,
                  struct strbuf *out);

/* Appends the bytes with & < > " ' as entities. */
void markup_escape(struct strbuf *out, const char *data, size_t length);

#endif
