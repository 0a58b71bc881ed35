/* Looks up endpoints. */
#include "resources/endpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct endpoint *endpoint_of(const struct resource *resource)
{
	for (size_t i = 0; i < endpoint_count; i++)
		if (endpoints[i]->resource == resource && endpoints[i]->whole == NULL)
			return endpoints[i];
	return NULL;
}

const struct endpoint *endpoint_at(struct text path)
{
	for (size_t i = 0; i < endpoint_count; i++)
		if (text_is(path, endpoints[i]->path))
			return endpoints[i];
	return NULL;
}

/* --- Orderings. --- */

#define ORDERINGS_MAX 128
#define TERM_SIZE 64

/* By the endpoint's place in `endpoints`: its table of orderings and the generated ones behind them, worked
   out before main(). */
static struct {
	struct ordering ordering[ORDERINGS_MAX];
	char term[ORDERINGS_MAX + 1][TERM_SIZE];
	size_t count;
} ordered[ENDPOINTS_MAX];

static bool is_ordered(size_t endpoint, const char *term)
{
	for (size_t i = 0; i < ordered[endpoint].count; i++)
		if (strcmp(ordered[endpoint].ordering[i].term, term) == 0)
			return true;
	return strcmp(term, "id") == 0;
}

static void add_ordering(size_t endpoint, const struct ordering *ordering)
{
	if (ordered[endpoint].count == ORDERINGS_MAX || strlen(ordering->term) >= TERM_SIZE) {
		fprintf(stderr, "no room for the ordering %s\n", ordering->term);
		abort(); /* a mistake in a table */
	}
	ordered[endpoint].ordering[ordered[endpoint].count++] = *ordering;
}

/* Whether rows can be ordered by the field: it is a scalar of the row, stored or its duration, or a
   reference, which counts as the key of what it refers to. */
static bool puts_in_order(const struct field *field)
{
	return kind_has_column(field->kind) || field->kind == ELAPSED;
}

/* Those of the endpoint's row or, behind a reference, of what it refers to. */
static void add_fields(size_t endpoint, const struct resource *resource, const struct field *reference)
{
	for (size_t f = 0; f < resource->field_count; f++) {
		const struct field *field = &resource->fields[f];
		char *term = ordered[endpoint].term[ordered[endpoint].count];

		if (!puts_in_order(field) || (reference && (field->kind == ONE || field->kind == ELAPSED)))
			continue;
		snprintf(term, TERM_SIZE, "%s%s%s", reference ? reference->name : "",
		         reference ? "__" : "", field->name);
		if (!is_ordered(endpoint, term))
			add_ordering(endpoint, &(struct ordering){.term = term, .unindexed = true});
	}
}

__attribute__((constructor)) static void order_all(void)
{
	for (size_t e = 0; e < endpoint_count; e++) {
		const struct endpoint *endpoint = endpoints[e];
		const struct resource *resource = endpoint->resource;

		for (size_t i = 0; i < endpoint->ordering_count; i++)
			add_ordering(e, &endpoint->orderings[i]);
		if (!endpoint->orders_by_all_fields)
			continue;
		add_fields(e, resource, NULL);
		for (size_t f = 0; f < resource->field_count; f++)
			if (resource->fields[f].kind == ONE)
				add_fields(e, resource->fields[f].of, &resource->fields[f]);
	}
}

const struct ordering *endpoint_orderings(const struct endpoint *endpoint, size_t *count)
{
	for (size_t e = 0; e < endpoint_count; e++)
		if (endpoints[e] == endpoint) {
			*count = ordered[e].count;
			return ordered[e].ordering;
		}
	*count = endpoint->ordering_count; /* none of the API's own */
	return endpoint->orderings;
}
