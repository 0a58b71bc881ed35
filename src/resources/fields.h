/* What the tables of fields share. */
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

/* REFERENCE(name, column, resource, its view in the list, normal and detailed view of this one) */
#define REFERENCE(field, column_, resource, ...) \
	{.name = #field, .kind = ONE, .column = #column_, .of = &resource_##resource, \
	 .at = {__VA_ARGS__}, .nullable = true}

/* LIST_OF(name, table, resource, its views as above). A nullable list has a flag in its owner's row,
   which tells null from empty. */
#define LIST_OF(field, table, resource, ...) \
	{.name = #field, .kind = MANY, .column = #table, .of = &resource_##resource, \
	 .at = {__VA_ARGS__}}
#define NULLABLE_LIST_OF(field, table, resource, ...) \
	{.name = #field, .kind = MANY, .column = #table, .of = &resource_##resource, \
	 .at = {__VA_ARGS__}, .null_column = #field "_is_null", .nullable = true}

#define NAMED(resource) .name = #resource, .index = INDEX_##resource
/* VIEW(level, schema of the contract, response_mode or NULL) */
#define VIEW(level, schema, mode) .views[(level) - LIST] = {schema, mode}
#define FIELDS(array) .fields = (array), .field_count = sizeof(array) / sizeof((array)[0])

/* clang-format on */

#endif
