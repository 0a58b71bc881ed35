/* Makes and keeps the answers that never change. */
#include "constant.h"

#include <stdlib.h>

#include "base/memory.h"
#include "http/page.h"
#include "serializer/openapi.h"

struct constants {
	struct response *schema[ENCODING_COUNT], *docs[ENCODING_COUNT];
};

static struct response *make_schema(int64_t max_age, enum encoding encoding)
{
	struct answer answer = {.status = 200,
	                        .content_type = "application/json",
	                        .has_etag = true,
	                        .max_age = max_age};
	openapi_write(&answer.body);
	return response_new(&answer, encoding);
}

static struct response *make_docs(int64_t max_age, enum encoding encoding)
{
	struct answer answer = {.status = 200,
	                        .content_type = "text/html; charset=utf-8",
	                        .has_etag = true,
	                        .max_age = max_age,
	                        .policy = page_policy};
	page_write_docs(&answer.body);
	return response_new(&answer, encoding);
}

struct constants *constants_new(int64_t max_age)
{
	struct constants *constants = must(malloc(sizeof(*constants)));
	for (int i = 0; i < ENCODING_COUNT; i++) {
		constants->schema[i] = make_schema(max_age, (enum encoding)i);
		constants->docs[i] = make_docs(max_age, (enum encoding)i);
	}
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
