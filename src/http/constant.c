/* Makes and keeps the answers that never change. */
#include "constant.h"

#include <stdlib.h>

#include "base/memory.h"
#include "http/page.h"
#include "serializer/openapi.h"

struct constants {
	struct response *schema[ENCODING_COUNT], *docs[ENCODING_COUNT];
};

/* One response for each coding of the same body. */
static void make_codings(struct response *responses[static ENCODING_COUNT],
                         const struct answer *plain)
{
	for (int i = 0; i < ENCODING_COUNT; i++) {
		struct answer answer = *plain;
		answer.body = (struct strbuf)STRBUF_INIT;
		strbuf_add(&answer.body, plain->body.data, plain->body.length);
		responses[i] = response_new(&answer, (enum encoding)i);
	}
}

struct constants *constants_new(int64_t max_age)
{
	struct constants *constants = must(malloc(sizeof(*constants)));
	struct answer schema = {.status = 200,
	                        .content_type = "application/json",
	                        .has_etag = true,
	                        .max_age = max_age};
	struct answer docs = {.status = 200,
	                      .content_type = "text/html; charset=utf-8",
	                      .has_etag = true,
	                      .max_age = max_age,
	                      .policy = page_policy};
	openapi_write(&schema.body);
	page_write_docs(&docs.body);
	make_codings(constants->schema, &schema);
	make_codings(constants->docs, &docs);
	strbuf_fini(&schema.body);
	strbuf_fini(&docs.body);
	return constants;
}

void constants_free(struct constants *constants)
{
	if (constants == NULL)
		return;
	for (int i = 0; i < ENCODING_COUNT; i++) {
		response_free(constants->schema[i]);
		response_free(constants->docs[i]);
	}
	free(constants);
}

const struct response *constants_find(const struct constants *constants, enum route route,
                                      enum encoding encoding)
{
	if (route == ROUTE_SCHEMA)
		return constants->schema[encoding];
	return route == ROUTE_DOCS ? constants->docs[encoding] : NULL;
}
