/* The OpenAPI 3.0 document of this server. Paths, parameters and schemas of the endpoints are generated from
   their tables, so that they cannot differ from what is served; the rest is in src/serializer/openapi.json. */
#ifndef SERIALIZER_OPENAPI_H
#define SERIALIZER_OPENAPI_H

#include "base/strbuf.h"

struct json_t;

/* Where the paths begin, as seen from /2.3.0/schema/: right behind every proxy and prefix. */
#define OPENAPI_SAME_SERVER "../.."

/* The document as a value of jansson; new. `server` is where the paths begin, without a slash at the end:
   scheme://host[:port], with a path or not, or OPENAPI_SAME_SERVER. */
struct json_t *openapi_document(const char *server) __attribute__((returns_nonnull));

/* Appends its text, compact. */
void openapi_write(struct strbuf *out, const char *server);

#endif
