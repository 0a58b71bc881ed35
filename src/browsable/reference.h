/* The OpenAPI document as people read it: HTML, to stand in a page's <main>. */
#ifndef SERIALIZER_REFERENCE_H
#define SERIALIZER_REFERENCE_H

#include "markup.h"
#include "base/strbuf.h"

/* Appends the paths, with their parameters and answers, and the objects that these are made of. */
void reference_write(struct strbuf *out);

/* The template with its slots, for a test that holds one against the other. */
extern const struct markup reference_markup;

#endif
