/* JSON as the browsable page shows it: indented by four spaces, coloured, its objects and arrays to be
   folded, and with the addresses in it as links. */
#ifndef HTTP_PAGE_JSON_H
#define HTTP_PAGE_JSON_H

#include "base/strbuf.h"
#include "base/text.h"

/* Appends compact JSON text as HTML. Without its tags, and with &quot; and the like read, that is the
   JSON with an indent of 4 as Python's json.dumps writes it.

   Elements are short, since a page may have a hundred thousand of them: <b> is a key, <i> a number,
   <u> one of true, false and null; strings and brackets stand bare. An object or array within another
   is a <details open>, whose <summary> is its first line. */
void page_json_write(struct strbuf *out, struct text json);

/* Appends text as HTML in which web addresses are links: words that begin with http:// or https:// or
   www., or are names such as nasa.gov. Punctuation around them is no part of the link. `escapes`: the
   text is inside a JSON string, where a backslash and what belongs to it ends a word. */
void page_links_write(struct strbuf *out, struct text text, bool escapes);

#endif
