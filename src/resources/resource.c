/* Fields of resources: look-ups, paths, and how each view shows them. */
#include "resources/resource.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct field *resource_field(const struct resource *resource, const char *name)
{
	for (size_t i = 0; i < resource->field_count; i++)
		if (strcmp(resource->fields[i].name, name) == 0)
			return &resource->fields[i];
	return NULL;
}

/* How each view shows each field, by the resource's index, the view's number - 1 and the field's place:
   worked out from the tables before main(), since documents are made by it. */
static unsigned char shown[RESOURCES_MAX][VIEWS_MAX][RESOURCE_FIELDS_MAX];

static void show_field(const struct resource *resource, size_t view, const char *name,
                       enum view_id as)
{
	const struct field *field = resource_field(resource, name);

	if (field == NULL) {
		fprintf(stderr, "%s has no field %s\n", resource->name, name);
		abort(); /* a mistake in a table */
	}
	shown[resource->index][view][field - resource->fields] = (unsigned char)as;
}

/* Of the steps from which a field is shown, that of the view is the last one that is not behind it. */
static enum view_id shown_from(const struct field *field, enum view_id base)
{
	enum view_id view = ABSENT;

	for (size_t i = 0; i < SHOWN_MAX && field->shown[i].from != ABSENT; i++)
		if (field->shown[i].from <= base)
			view = field->shown[i].view;
	return view;
}

static void show_view(const struct resource *resource, size_t view)
{
	const struct view *shows = &resource->views[view];
	enum view_id base = view < BASE_VIEWS ? (enum view_id)(view + 1) : shows->base;

	for (size_t f = 0; f < resource->field_count; f++)
		shown[resource->index][view][f] = (unsigned char)shown_from(&resource->fields[f], base);
	for (size_t i = 0; i < VIEW_CHANGES_MAX && shows->without[i] != NULL; i++)
		show_field(resource, view, shows->without[i], ABSENT);
	for (size_t i = 0; i < VIEW_CHANGES_MAX && shows->with[i].field != NULL; i++)
		show_field(resource, view, shows->with[i].field, shows->with[i].view);
}

__attribute__((constructor)) static void show_all(void)
{
	for (size_t r = 0; r < resource_count; r++)
		for (size_t view = 0; view < VIEWS_MAX; view++)
			if (view < BASE_VIEWS || resources[r]->views[view].schema != NULL)
				show_view(resources[r], view);
}

enum view_id field_shown(const struct resource *resource, const struct field *field,
                         enum view_id view)
{
	return (enum view_id)shown[resource->index][view - 1][field - resource->fields];
}

bool field_in_documents(const struct resource *resource, const struct field *field)
{
	for (enum view_id view = MINI; view <= VIEWS_MAX; view++)
		if (resource_view(resource, view)->schema != NULL &&
		    field_shown(resource, field, view) != ABSENT)
			return true;
	return false;
}

static void wrong_path(const char *names)
{
	fprintf(stderr, "no path of fields: %s\n", names);
	abort(); /* a mistake in a table */
}

struct field_path field_path_of(const struct resource *resource, const char *names)
{
	struct field_path path = {.count = 0};

	for (const char *at = names; at != NULL;) {
		const char *end = strstr(at, "__");
		char name[64];

		snprintf(name, sizeof(name), "%.*s", (int)(end ? end - at : (long)strlen(at)), at);
		if (resource == NULL || path.count == FIELD_PATH_MAX)
			wrong_path(names);
		path.step[path.count] = resource_field(resource, name);
		if (path.step[path.count] == NULL)
			wrong_path(names);
		resource = path.step[path.count++]->of;
		at = end ? end + 2 : NULL;
	}
	return path;
}

static const char *const sql_types[FIELD_KINDS] = {
	[TEXT] = "text",
	[INTEGER] = "integer",
	[BOOLEAN] = "boolean",
	[DOUBLE] = "double precision",
	[TIME] = "timestamp with time zone",
	[DATE] = "date",
	[DURATION] = "interval",
	[CLOCK_DURATION] = "interval",
	[LIVE_DURATION] = "interval",
};

static const char *key_sql_type(const struct resource *resource)
{
	return resource->uuid ? "uuid" : "bigint";
}

const char *field_sql_type(const struct resource *resource, const struct field *field)
{
	switch (field->kind) {
	case KEY:
		return key_sql_type(resource);
	case ONE:
		return key_sql_type(field->of);
	default:
		return sql_types[field->kind];
	}
}

bool kind_has_column(enum kind kind)
{
	return kind == KEY || kind == ONE || sql_types[kind] != NULL;
}
