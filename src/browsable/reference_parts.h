/* Pieces of the reference: how a schema's type and a text of the OpenAPI document look in HTML. */
#ifndef REFERENCE_PARTS_H
#define REFERENCE_PARTS_H

#include <jansson.h>

#include "base/strbuf.h"

/* Appends what a value is: "string (date-time) or null", a link to an object, "array of" one. */
void reference_write_type(struct strbuf *out, const json_t *schema);

/* Appends a text with its `code` and its [links](url), within one paragraph. */
void reference_write_line(struct strbuf *out, const char *text);

/* The same for a text of several paragraphs, and lines that are headings after `####`. */
void reference_write_paragraphs(struct strbuf *out, const char *text);

#endif
