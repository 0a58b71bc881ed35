/* Formats pieces of the OpenAPI document as HTML. */
#ifndef DOCS_FORMAT_H
#define DOCS_FORMAT_H

#include <jansson.h>

#include "base/strbuf.h"

/* Where the server's paths begin, as seen from the documentation page: its links are relative, so that one page
   is right below every prefix. */
#define DOCS_ROOT "../.."

/* Appends the type of a schema: "string (date-time) or null", a link to an object, "array of" one. */
void docs_write_type(struct strbuf *out, const json_t *schema);

/* Appends one paragraph of a description: Markdown with `code` and [links](url) only; urls that begin with a
   slash are paths of the server. */
void docs_write_inline(struct strbuf *out, const char *text);

/* Appends a description of several paragraphs and `####` headings. */
void docs_write_description(struct strbuf *out, const char *text);

#endif
