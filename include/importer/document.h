/* What a document says of itself: its url tells which resource it is of. */
#ifndef IMPORTER_DOCUMENT_H
#define IMPORTER_DOCUMENT_H

#include <jansson.h>

#include "base/error.h"
#include "resources/resource.h"

/* The resource that a document (an object) is of: by its url, which must be that of an endpoint of ours, or
   of `expected` where that is not NULL. A document without an url is of `expected`; where that is NULL, it is
   known by the fields that make it one. NULL with the error set, which begins with `name` and the `path` of the
   document: it is of another endpoint, or cannot be known. */
const struct resource *document_kind(const char *name, const char *path, const json_t *document,
                                     const struct resource *expected,
                                     struct error *error) MUST_CHECK;

#endif
