/* What the tables of fields and endpoints share. */
#ifndef FIELDS_H
#define FIELDS_H

#include "resources/all.h"

/* clang-format off */

/* In which views of its resource a scalar is. */
#define ALL_VIEWS {LIST, NORMAL, DETAILED}
#define FROM_NORMAL {ABSENT, NORMAL, DETAILED}
#define FROM_DETAILED {ABSENT, ABSENT, DETAILED}

#define RESPONSE_MODE {.name = "response_mode", .kind = MODE, .at = ALL_VIEWS}
#define ID {.name = "id", .kind = KEY, .column = "id", .at = ALL_VIEWS}
#define OWN_URL {.name = "url", .kind = URL, .at = ALL_VIEWS}

/* SCALAR(name, kind, views, attributes...): the column is named as the field. */
#define SCALAR(field, kind_, views, ...) \
	{.name = #field, .kind = (kind_), .column = #field, .at = views, __VA_ARGS__}
#define COMPUTED(field, kind_, ...) \
	{.name = #field, .kind = (kind_), .at = ALL_VIEWS, __VA_ARGS__}
#define NULLABLE .nullable = true

/* REFERENCE(name, column, resource, its view in the list, normal and detailed view of this one, attributes...) */
#define REFERENCE(field, column_, resource, in_list, in_normal, in_detailed, ...) \
	{.name = #field, .kind = ONE, .column = #column_, .of = &resource_##resource, \
	 .at = {in_list, in_normal, in_detailed}, .nullable = true, __VA_ARGS__}

/* LIST_OF(name, table, resource, its views as above, attributes...). Its owner's row has a flag whether a
   document has told of it, and a nullable list one more, which tells null from empty. */
#define LIST_OF(field, table, resource, in_list, in_normal, in_detailed, ...) \
	{.name = #field, .kind = MANY, .column = #table, .of = &resource_##resource, \
	 .at = {in_list, in_normal, in_detailed}, .known_column = #field "_known", __VA_ARGS__}
#define NULLABLE_LIST_OF(field, table, resource, in_list, in_normal, in_detailed, ...) \
	{.name = #field, .kind = MANY, .column = #table, .of = &resource_##resource, \
	 .at = {in_list, in_normal, in_detailed}, .null_column = #field "_is_null", \
	 .known_column = #field "_known", .nullable = true, __VA_ARGS__}

/* REVERSE_OF(name, resource, its column that refers to this one, attributes...): in views that say so. */
#define REVERSE_OF(field, resource, column_, ...) \
	{.name = #field, .kind = REVERSE, .column = #column_, .of = &resource_##resource, __VA_ARGS__}

/* NAMED_IN(name, resource, the text column that has its name): for paths alone. */
#define NAMED_IN(field, resource, column_) \
	{.name = #field, .kind = BY_NAME, .column = #column_, .of = &resource_##resource}

#define NAMED(resource) .name = #resource, .index = INDEX_##resource
/* VIEW(view, its schema, response_mode or NULL): a base view. */
#define VIEW(view, schema_, mode_) .views[(view) - 1] = {.schema = (schema_), .mode = (mode_)}
/* OTHER_VIEW(view, schema, response_mode or NULL, base view, how it differs: WITH, WITHOUT) */
#define OTHER_VIEW(view, schema_, mode_, base_, ...) \
	.views[(view) - 1] = {.schema = (schema_), .mode = (mode_), .base = (base_), __VA_ARGS__}
#define WITHOUT(...) .without = {__VA_ARGS__}
#define WITH(field, view) .with = {{field, view}}
#define FIELDS(array) .fields = (array), .field_count = sizeof(array) / sizeof((array)[0])

/* A filter that the original does not have. */
#define OURS .own = true

/* FILTER(how it matches, parameter, label, attributes...): the parameter is the path of its field. */
#define FILTER(match_, parameter, label_, ...) \
	{.name = #parameter, .path = #parameter, .label = (label_), .match = (match_), __VA_ARGS__}

/* FILTER_BY(how it matches, path, lookup, label, attributes...): the parameter is the path and the lookup's name. */
#define FILTER_BY(match_, path_, lookup_, label_, ...) \
	{.name = #path_ SUFFIX_##lookup_, .path = #path_, .label = (label_), .match = (match_), \
	 .lookup = LOOKUP_##lookup_, __VA_ARGS__}
#define SUFFIX_CONTAINS "__contains"
#define SUFFIX_ICONTAINS "__icontains"
#define SUFFIX_GT "__gt"
#define SUFFIX_GTE "__gte"
#define SUFFIX_LT "__lt"
#define SUFFIX_LTE "__lte"
#define SUFFIX_DAY "__day"
#define SUFFIX_MONTH "__month"
#define SUFFIX_YEAR "__year"

/* FILTER_AT(how it matches, parameter, path, label, attributes...): the parameter has a name of its own; a lookup
   other than LOOKUP_EXACT is among the attributes. */
#define FILTER_AT(match_, parameter, path_, label_, ...) \
	{.name = #parameter, .path = #path_, .label = (label_), .match = (match_), __VA_ARGS__}

/* The four comparisons of a date or a moment, and of a number; the second of each behind the exact match. */
#define FILTERS_RANGE(match_, path, label_, ...) \
	FILTER_BY(match_, path, GT, label_ " after", __VA_ARGS__), \
	FILTER_BY(match_, path, GTE, label_ " from", __VA_ARGS__), \
	FILTER_BY(match_, path, LT, label_ " before", __VA_ARGS__), \
	FILTER_BY(match_, path, LTE, label_ " until", __VA_ARGS__)
#define FILTERS_COMPARE(match_, path, label_, ...) \
	FILTER(match_, path, label_, __VA_ARGS__), FILTERS_RANGE(match_, path, label_, __VA_ARGS__)
#define NUMBER_RANGE(path, label_, ...) \
	FILTER_BY(MATCH_NUMBER, path, GT, label_ " above", __VA_ARGS__), \
	FILTER_BY(MATCH_NUMBER, path, GTE, label_ " at least", __VA_ARGS__), \
	FILTER_BY(MATCH_NUMBER, path, LT, label_ " below", __VA_ARGS__), \
	FILTER_BY(MATCH_NUMBER, path, LTE, label_ " at most", __VA_ARGS__)
#define NUMBER_COMPARE(path, label_, ...) \
	FILTER(MATCH_NUMBER, path, label_, __VA_ARGS__), NUMBER_RANGE(path, label_, __VA_ARGS__)

/* ORDERING_AT(term, path, label, ...): the field is not at the path that the term says. */
#define ORDERING_AT(term_, path_, label_, ascending_, descending_, ...) \
	{.term = #term_, .path = #path_, .label = (label_), .ascending = (ascending_), \
	 .descending = (descending_), __VA_ARGS__}

/* ORDERING(term, label, what the ascending and the descending order are called, attributes...) */
#define ORDERING(term_, label_, ascending_, descending_, ...) \
	{.term = #term_, .label = (label_), .ascending = (ascending_), \
	 .descending = (descending_), __VA_ARGS__}

/* The tables of an endpoint. */
#define FILTERS(array) .filters = (array), .filter_count = sizeof(array) / sizeof((array)[0])
#define ORDERINGS(array) .orderings = (array), .ordering_count = sizeof(array) / sizeof((array)[0])
#define SEARCH(array) .search = (array), .search_count = sizeof(array) / sizeof((array)[0])
#define FACTS(array) .facts = (array), .fact_count = sizeof(array) / sizeof((array)[0])

/* clang-format on */

#endif
