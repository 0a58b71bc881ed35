/* Turns web addresses in text into links. */
#ifndef LINKIFY_H
#define LINKIFY_H

#include "base/strbuf.h"
#include "base/text.h"

/* Appends the text as HTML in which web addresses are links: words that begin with http://, https:// or
   www., and names such as nasa.gov. Punctuation around an address is no part of it. `escapes`: the text
   is the inside of a JSON string, where a backslash ends a word. */
void linkify(struct strbuf *out, struct text text, bool escapes);

#endif
