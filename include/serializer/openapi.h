/* The OpenAPI 3.0 document of this server. Paths, parameters and schemas of the endpoints are generated from
   their tables, so that they cannot differ from what is served; the rest is in src/serializer/openapi.json. */
#ifndef SERIALIZER_OPENAPI_H
#define SERIALIZER_OPENAPI_H

#include "base/strbuf.h"

struct json_t;

/* The document as a value of jansson; new. */
struct json_t *openapi_document(void) __attribute__((returns_nonnull));

/* Appends its text, compact. */
void openapi_write(struct strbuf *out);

#endif
