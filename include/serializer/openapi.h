/* The OpenAPI 3.0 document of what this server answers. Its schemas of resources are generated from the
   tables of fields, so that they cannot say anything else than what is served; paths, parameters and
   errors stand in src/serializer/openapi.json. */
#ifndef SERIALIZER_OPENAPI_H
#define SERIALIZER_OPENAPI_H

#include "base/strbuf.h"

struct json_t;

/* The whole document, as a value of jansson; new. */
struct json_t *openapi_document(void) __attribute__((returns_nonnull));

/* Appends its text, compact. */
void openapi_write(struct strbuf *out);

#endif
