/* What the tables of fields and endpoints share. */
#ifndef FIELDS_H
#define FIELDS_H

#include "resources/all.h"

/* clang-format off */

/* In which base views of its resource a scalar is. */
#define ALL_VIEWS FROM(MINI, NORMAL)
#define FROM_LIST FROM(LIST, NORMAL)
#define FROM_NORMAL FROM(NORMAL, NORMAL)
#define FROM_DETAILED FROM(DETAILED, NORMAL)
#define FROM_FULL FROM(FULL, NORMAL)
/* In none; other views may have it. */
#define NEVER

/* Which view of what it refers to a field shows: in all base views, or from one on; these may follow each other. */
#define AS(view) FROM(MINI, view)
#define FROM(base, view) {base, view},

#define RESPONSE_MODE(views) {.name = "response_mode", .kind = MODE, .shown = {views}}
#define ID {.name = "id", .kind = KEY, .column = "id", .shown = {ALL_VIEWS}}
#define OWN_URL {.name = "url", .kind = URL, .shown = {ALL_VIEWS}}

/* SCALAR(name, kind, views, attributes...): the column is named as the field. */
#define SCALAR(field, kind_, views, ...) \
	{.name = #field, .kind = (kind_), .column = #field, .shown = {views}, __VA_ARGS__}
#define COMPUTED(field, kind_, views, ...) \
	{.name = #field, .kind = (kind_), .shown = {views}, __VA_ARGS__}
#define NULLABLE .nullable = true

/* REFERENCE(name, resource, as which view, attributes...): the column is the name and _id; or REFERENCE_BY with
   that behind the name. */
#define REFERENCE(field, resource, views, ...) \
	{.name = #field, .kind = ONE, .column = #field "_id", .of = &resource_##resource, \
	 .shown = {views}, .nullable = true, __VA_ARGS__}
#define REFERENCE_BY(field, column_, resource, views, ...) \
	{.name = #field, .kind = ONE, .column = #column_, .of = &resource_##resource, \
	 .shown = {views}, .nullable = true, __VA_ARGS__}

/* LIST_OF(name, table, resource, as which view, attributes...). Its owner's row has a flag whether a document has
   told of it, and a nullable list one more, which tells null from empty. */
#define LIST_OF(field, table, resource, views, ...) \
	{.name = #field, .kind = MANY, .column = #table, .of = &resource_##resource, \
	 .shown = {views}, .known_column = #field "_known", __VA_ARGS__}
#define NULLABLE_LIST_OF(field, table, resource, views, ...) \
	{.name = #field, .kind = MANY, .column = #table, .of = &resource_##resource, \
	 .shown = {views}, .known_column = #field "_known", .null_column = #field "_is_null", \
	 .nullable = true, __VA_ARGS__}

/* ROWS_OF(name, resource, way back to this one, as which view, attributes...); ROW_OF: the last of them, or null. */
#define ROWS_OF(field, resource, back_, views, ...) \
	{.name = #field, .kind = REVERSE, .of = &resource_##resource, .shown = {views}, \
	 .back = #back_, __VA_ARGS__}
#define ROW_OF(field, resource, back_, views, ...) \
	{.name = #field, .kind = REVERSE_ONE, .of = &resource_##resource, .shown = {views}, \
	 .back = #back_, .nullable = true, __VA_ARGS__}

/* Which of these rows: dockings that have not ended, expeditions under way. */
#define DOCKED_NOW .where = "t.departure IS NULL"
#define UNDER_WAY .from = "start", .until = "end"

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
#define WITH(...) .with = {__VA_ARGS__}
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FIELDS(array) .fields = (array), .field_count = COUNT(array)

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

/* Orderings by kind of field: BY_TIME(term, label, attributes...), ...; BY_TIME_AT(term, path, label). */
#define BY(term_, path_, label_, ...) \
	{.term = #term_, .path = (path_), .label = (label_), __VA_ARGS__}
#define EARLIEST \
	.ascending = "earliest first", .descending = "latest first", .descending_first = true
#define LOWEST \
	.ascending = "lowest first", .descending = "highest first", .descending_first = true
#define SHORTEST \
	.ascending = "shortest first", .descending = "longest first", .descending_first = true
#define FALSE_FIRST .ascending = "no first", .descending = "yes first", .descending_first = true
#define A_TO_Z .ascending = "A to Z", .descending = "Z to A"
#define BY_TIME(term, label, ...) BY(term, NULL, label, EARLIEST, __VA_ARGS__)
#define BY_TIME_AT(term, path, label) BY(term, #path, label, EARLIEST)
#define BY_NUMBER(term, label, ...) BY(term, NULL, label, LOWEST, __VA_ARGS__)
#define BY_DURATION(term, label, ...) BY(term, NULL, label, SHORTEST, __VA_ARGS__)
#define BY_TRUTH(term, label, ...) BY(term, NULL, label, FALSE_FIRST, __VA_ARGS__)
#define BY_TEXT(term, label, ...) BY(term, NULL, label, A_TO_Z, __VA_ARGS__)

/* The tables of an endpoint. */
#define FILTERS(array) .filters = (array), .filter_count = COUNT(array)
#define ORDERINGS(array) .orderings = (array), .ordering_count = COUNT(array)
#define SEARCH(array) .search = (array), .search_count = COUNT(array)
#define FACTS(array) .facts = (array), .fact_count = COUNT(array)

/* FACT(label, path, attributes...) */
#define FACT(label_, path_, ...) {.label = (label_), .path = #path_, __VA_ARGS__}
#define NUMBER FACT("Number", id)
#define FACT_DAY(label, path) FACT(label, path, .format = "day")
#define FACT_MOMENT(label, path) FACT(label, path, .format = "moment")
#define FACT_DURATION(label, path) FACT(label, path, .format = "duration")
#define FACT_TRUTH(label, path) FACT(label, path, .format = "truth")
#define FACT_LINK(label, path) FACT(label, path, .format = "web")
#define FACT_OF_EACH(label, path, item_) FACT(label, path, .item = #item_)

/* CONFIG(resource, path below config/, model, title, titles, noun, nouns, facts...): a list without filters and
   modes. */
#define CONFIG(of, path_, model_, title_, titles_, noun_, nouns_, ...) \
	static const struct fact of##_facts[] = {__VA_ARGS__}; \
	const struct endpoint endpoint_##of = { \
		.resource = &resource_##of, .path = "config/" path_, .model = (model_), \
		.title = (title_), .titles = (titles_), .noun = (noun_), .nouns = (nouns_), \
		.one = NORMAL, .orders_by_id = true, .orders_by_all_fields = true, \
		.upkeep = {.rank = FILLED_WITH_LOOKUPS}, \
		FACTS(of##_facts), \
	}

/* clang-format on */

#endif
