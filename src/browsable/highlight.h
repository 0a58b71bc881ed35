/* JSON with syntax highlighting and folding. */
#ifndef HIGHLIGHT_H
#define HIGHLIGHT_H

#include "base/strbuf.h"
#include "base/text.h"

/* Appends compact JSON as HTML. Its text content is the same JSON indented by four spaces, as Python's
   json.dumps writes it; numbers and strings keep their bytes. Web addresses in strings are links.

   Elements have short names, since a page may have a hundred thousand of them: <b> is a key, <i> a
   number, <u> one of true, false and null; strings and brackets have none. An object or array inside
   another is a <details open>, whose <summary> is its first line. */
void highlight_write(struct strbuf *out, struct text json);

#endif
