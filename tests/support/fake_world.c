/* Rows, what becomes of them, and the pages that show them. */
#include "support/fake_world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/temporal.h"
#include "resources/all.h"
#include "support/cmocka.h"

#define DAY DAY_MICROSECONDS
#define LAUNCHES_WITH 300 /* flights and updates; later ones have none */

double world_chance(struct world *world)
{
	return (double)rand_r(&world->seed) / ((double)RAND_MAX + 1);
}

int64_t world_pick(struct world *world, int64_t most)
{
	return 1 + (int64_t)(world_chance(world) * (double)most);
}

const struct field *world_version_field(const struct endpoint *list)
{
	const struct resource *resource = list->resource;

	for (size_t i = 0; i < resource->field_count; i++)
		if (resource->fields[i].kind == TEXT)
			return &resource->fields[i];
	for (size_t i = 0; i < resource->field_count; i++)
		if (resource->fields[i].kind == TIME)
			return &resource->fields[i];
	fail_msg("%s has no field for a version", list->path);
	return NULL;
}

/* --- Rows. --- */

/* Flights that are to come, under way or just over; rows that are up there; those of a list that tells what changed
   when; the newest. */
static bool is_lively(const struct world *world, const struct world_list *list,
                      const struct world_row *row)
{
	const char *path = list->list->path;

	if (strcmp(path, "launches") == 0 || strcmp(path, "events") == 0)
		return true;
	if (strcmp(path, "spacecraft_flights") == 0)
		return row->at > world->now - 5 * DAY;
	if (strcmp(path, "docking_events") == 0)
		return row->left == 0;
	if (strcmp(path, "spacecraft") == 0 || strcmp(path, "astronauts") == 0)
		return row->flag;
	return false;
}

static void row_changed(struct world *world, struct world_list *list, struct world_row *row,
                        bool lively)
{
	row->updated = world->now / MICROSECONDS * MICROSECONDS;
	row->came[row->version % WORLD_VERSIONS] = world->now;
	row->lively[row->version % WORLD_VERSIONS] = lively || is_lively(world, list, row);
}

static struct key key_of(const struct world_list *list, int64_t number)
{
	uint64_t mixed = (uint64_t)number * UINT64_C(0x9e3779b97f4a7c15);

	if (!list->list->resource->uuid)
		return key_of_integer(number);
	return (struct key){mixed ^ (mixed >> 29), UINT64_C(0x8000000000000000) | (uint64_t)number};
}

static void add_row(struct world *world, struct world_list *list, int64_t at)
{
	struct world_row *row;

	if (list->count == list->room) {
		list->room = list->room ? 2 * list->room : 64;
		list->rows = realloc(list->rows, list->room * sizeof(*list->rows));
		assert_non_null(list->rows);
	}
	row = &list->rows[list->count++];
	/* An id of 0 is one, too. */
	*row = (struct world_row){.key = key_of(list, (int64_t)list->count - 1),
	                          .at = at / MICROSECONDS * MICROSECONDS,
	                          .mirrored = -1};
	row->left =
		at + 100 * DAY < world->now ? (at + 100 * DAY) / MICROSECONDS * MICROSECONDS : 0;
	row->flag = row->left == 0;
	list->there++;
	row_changed(world, list, row, false);
}

static bool has_future(const struct world_list *list)
{
	return strcmp(list->list->path, "launches") == 0 ||
	       strcmp(list->list->path, "spacecraft_flights") == 0;
}

/* New rows are the newest: they have the list's latest time. */
static void add_new_row(struct world *world, struct world_list *list)
{
	struct world_row *row;

	add_row(world, list,
	        has_future(list) ? world->now + world_pick(world, 300) * DAY : world->now);
	row = &list->rows[list->count - 1];
	row->lively[0] = list->list->upkeep.recent != RECENT_NONE;
	/* Who is new is on the ground, and seen when all are read. */
	if (list->list->upkeep.recent == RECENT_SUBSET)
		row->flag = row->lively[0] = false;
}

void world_init(struct world *world, int64_t now, int64_t (*rows)(const char *path))
{
	*world = (struct world){.now = now, .seed = 20260101};
	for (size_t i = 0; i < endpoint_count; i++) {
		struct world_list *list = &world->lists[world->count];
		int64_t count = rows(endpoints[i]->path);

		if (endpoints[i]->whole)
			continue;
		list->list = endpoints[i];
		/* Over ten years. */
		for (int64_t k = 0; k < count; k++)
			add_row(world, list,
			        now - 3650 * DAY +
			                k * (has_future(list) ? 3680 : 3650) * DAY / count);
		world->count++;
	}
}

void world_fini(struct world *world)
{
	for (size_t i = 0; i < world->count; i++)
		free(world->lists[i].rows);
}

static void change_row(struct world *world, struct world_list *list, struct world_row *row)
{
	bool lively = is_lively(world, list, row);

	row->version++;
	/* Leaves, or comes down; seen by those who saw it there. */
	if (row->left == 0 && world_chance(world) < 0.35) {
		row->left = world->now / MICROSECONDS * MICROSECONDS;
		row->flag = false;
	}
	row_changed(world, list, row, lively);
}

void world_edit(struct world *world, struct world_list *list)
{
	/* Lists grow as the original's do: updates most. */
	double new = list->list->resource == &resource_update ? 0.04 : 0.01;
	double what = world_chance(world);
	size_t recent = list->count > 40 && world_chance(world) < 0.5 ? 40 : list->count;
	struct world_row *row =
		&list->rows[list->count - (size_t)world_pick(world, (int64_t)recent)];

	if (row->gone)
		return;
	world->changes++;
	if (what < new) {
		add_new_row(world, list);
	} else if (what < new + 0.01 && list->there > 3) {
		row->gone = world->now;
		list->there--;
		world->deletions++;
	} else {
		change_row(world, list, row);
	}
}

/* --- Documents. --- */

static int64_t time_of(const struct world_list *list, const struct world_row *row,
                       const char *field)
{
	if (strcmp(field, "last_updated") == 0)
		return row->updated;
	if (strcmp(field, "departure") == 0)
		return row->left;
	if (strcmp(field, world_version_field(list->list)->name) == 0)
		return row->at + row->version * MICROSECONDS;
	return row->at;
}

static void write_time(struct strbuf *out, int64_t moment)
{
	char text[TEMPORAL_TEXT_SIZE];

	moment_format(moment, text);
	strbuf_printf(out, moment ? "\"%s\"" : "null", text);
}

static bool is_shown(const struct endpoint *list, const struct field *field, const char *mode,
                     size_t mode_length)
{
	enum view_id view = list->one;

	for (size_t i = 0; mode && i < MODES_MAX && list->modes[i].name; i++)
		if (strlen(list->modes[i].name) == mode_length &&
		    strncmp(list->modes[i].name, mode, mode_length) == 0)
			view = list->modes[i].view;
	return field_shown(list->resource, field, view) != ABSENT;
}

/* What of a row changes; its other fields are left out, as in documents of other versions. */
static void write_field(struct strbuf *out, const struct world_list *list,
                        const struct world_row *row, const struct field *field)
{
	if (field->kind == TEXT && field == world_version_field(list->list))
		strbuf_printf(out, ",\"%s\":\"%08" PRIu64 VERSION_MARK "%d\"", field->name,
		              row->key.low & 0xffffffff, row->version);
	if (field->kind == TIME && strcmp(field->name, "mission_end") != 0) {
		strbuf_printf(out, ",\"%s\":", field->name);
		write_time(out, time_of(list, row, field->name));
	}
	if (strcmp(field->name, "in_space") == 0)
		strbuf_printf(out, ",\"in_space\":%s", row->flag ? "true" : "false");
}

static const struct world_list *list_of(const struct world *world, const struct resource *resource)
{
	for (size_t i = 0; i < world->count; i++)
		if (world->lists[i].list->resource == resource)
			return &world->lists[i];
	fail_msg("no list of %s", resource->name);
	return NULL;
}

const struct world_row *world_launch_of(const struct world *world, const struct world_row *row)
{
	const struct world_list *launches = list_of(world, &resource_launch);
	const struct world_row *launch = &launches->rows[row->key.low % LAUNCHES_WITH];

	return launch->gone ? NULL : launch;
}

/* What says whether a flight is over; of its launch the time alone. */
static void write_flight(struct strbuf *out, const struct world *world, const struct world_row *row)
{
	const struct world_row *launch = world_launch_of(world, row);
	char key[KEY_TEXT_SIZE];

	strbuf_str(out, ",\"mission_end\":");
	write_time(out, row->at > world->now - 5 * DAY ? 0 : row->at + DAY);
	strbuf_str(out, ",\"spacecraft\":null,\"launch\":");
	if (!launch) {
		strbuf_str(out, "null");
		return;
	}
	key_format(true, launch->key, key);
	strbuf_printf(out, "{\"id\":\"%s\",\"net\":", key);
	write_time(out, row->at);
	strbuf_str(out, "}");
}

static void write_document(struct strbuf *out, const struct world *world,
                           const struct world_list *list, const struct world_row *row,
                           const char *mode, size_t mode_length);

/* A launch has its updates whole. */
static void write_updates(struct strbuf *out, const struct world *world,
                          const struct world_row *launch)
{
	const struct world_list *updates = list_of(world, &resource_update);
	const char *comma = "";

	strbuf_str(out, ",\"updates\":[");
	for (size_t i = 0; i < updates->count; i++) {
		const struct world_row *row = &updates->rows[i];

		if (row->gone || world_launch_of(world, row) != launch)
			continue;
		strbuf_str(out, comma);
		write_document(out, world, updates, row, NULL, 0);
		comma = ",";
	}
	strbuf_str(out, "]");
}

static void write_document(struct strbuf *out, const struct world *world,
                           const struct world_list *list, const struct world_row *row,
                           const char *mode, size_t mode_length)
{
	const struct resource *resource = list->list->resource;
	char key[KEY_TEXT_SIZE];

	key_format(resource->uuid, row->key, key);
	strbuf_printf(out, resource->uuid ? "{\"id\":\"%s\"" : "{\"id\":%s", key);
	if (resource_field(resource, "url"))
		strbuf_printf(out, ",\"url\":\"" WORLD_ORIGIN VERSION_PATH "%s/%s/\"",
		              list->list->path, key);
	for (size_t i = 0; i < resource->field_count; i++)
		if (is_shown(list->list, &resource->fields[i], mode, mode_length))
			write_field(out, list, row, &resource->fields[i]);
	if (strcmp(list->list->path, "spacecraft_flights") == 0)
		write_flight(out, world, row);
	if (resource == &resource_launch)
		write_updates(out, world, row);
	strbuf_str(out, "}");
}

/* --- Requests. --- */

static const char *query_value(const char *url, const char *name, size_t *length)
{
	size_t name_length = strlen(name);

	for (const char *at = strpbrk(url, "?&"); at; at = strpbrk(at + 1, "?&"))
		if (strncmp(at + 1, name, name_length) == 0 && at[name_length + 1] == '=') {
			*length = strcspn(at + name_length + 2, "&");
			return at + name_length + 2;
		}
	*length = 0;
	return NULL;
}

int64_t world_parameter(const char *url, const char *name, int64_t otherwise)
{
	size_t length;
	const char *value = query_value(url, name, &length);

	return value ? strtoll(value, NULL, 10) : otherwise;
}

/* The list of an address and what is behind its path. */
static struct world_list *find_list(struct world *world, const char *url, const char **rest)
{
	const char *path = url + strlen(WORLD_ORIGIN VERSION_PATH);

	assert_int_equal(strncmp(url, WORLD_ORIGIN VERSION_PATH, strlen(WORLD_ORIGIN VERSION_PATH)),
	                 0);
	for (size_t i = 0; i < world->count; i++) {
		size_t length = strlen(world->lists[i].list->path);

		if (strncmp(path, world->lists[i].list->path, length) == 0 && path[length] == '/') {
			*rest = path + length + 1;
			return &world->lists[i];
		}
	}
	return NULL;
}

struct world_list *world_list_of(struct world *world, const char *url)
{
	const char *rest;

	return find_list(world, url, &rest);
}

struct order {
	const struct world_list *list;
	char field[64];
	bool descending, shuffled;
	unsigned seed;
};

static uint64_t shuffled_place(const struct world_row *row)
{
	uint64_t x = (row->key.low ^ row->key.high) * UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	return x ^ (x >> 31);
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_rows(const void *x, const void *y, void *context)
{
	const struct order *order = context;
	const struct world_row *a = *(const struct world_row *const *)x;
	const struct world_row *b = *(const struct world_row *const *)y;
	bool uuid = order->list->list->resource->uuid;
	const struct field *field = resource_field(order->list->list->resource, order->field);
	int found = 0;

	if (order->shuffled)
		return compare_numbers(shuffled_place(a), shuffled_place(b));
	if (field && field->kind == TIME) {
		int64_t s = time_of(order->list, a, order->field);
		int64_t t = time_of(order->list, b, order->field);

		/* Nulls last, first where it descends. */
		found = compare_numbers(s ? (uint64_t)s : UINT64_MAX, t ? (uint64_t)t : UINT64_MAX);
	}
	if (found == 0)
		found = key_compare(uuid, a->key, b->key);
	return order->descending ? -found : found;
}

static struct order read_order(const struct world *world, const struct world_list *list,
                               const char *url)
{
	struct order order = {.list = list, .shuffled = world->ignores};
	size_t length;
	const char *text = query_value(url, "ordering", &length);

	/* Lists without one are in none. */
	if (!text)
		order.shuffled = true;
	order.descending = text && text[0] == '-';
	if (text)
		snprintf(order.field, sizeof(order.field), "%.*s", (int)length - order.descending,
		         text + order.descending);
	return order;
}

/* Whether a row passes the filters that are sent. */
static bool passes(const struct world *world, const struct world_row *row, const char *url)
{
	char text[TEMPORAL_TEXT_SIZE];
	size_t length;
	const char *since = query_value(url, "last_updated__gte", &length);
	int64_t moment;

	if (row->gone)
		return false;
	if (world->ignores)
		return true;
	if (since) {
		snprintf(text, sizeof(text), "%.*s", (int)length, since);
		assert_true(moment_parse(text, &moment));
		if (row->updated < moment)
			return false;
	}
	return !strstr(url, "in_space=true") || row->flag;
}

static void write_page(struct world *world, const struct world_list *list, const char *url,
                       struct strbuf *out)
{
	const struct world_row **rows = calloc(list->count + 1, sizeof(const struct world_row *));
	int64_t limit = world_parameter(url, "limit", 10);
	int64_t offset = world_parameter(url, "offset", 0), total = 0;
	struct order order = read_order(world, list, url);
	size_t mode_length;
	const char *mode = query_value(url, "mode", &mode_length);

	assert_non_null(rows);
	for (size_t i = 0; i < list->count; i++)
		if (passes(world, &list->rows[i], url))
			rows[total++] = &list->rows[i];
	qsort_r(rows, (size_t)total, sizeof(const struct world_row *), compare_rows, &order);
	strbuf_printf(out, "{\"count\":%" PRId64 ",\"next\":", total);
	if (offset + limit < total) {
		size_t length;
		const char *ordering = query_value(url, "ordering", &length);

		strbuf_printf(out,
		              "\"" WORLD_ORIGIN VERSION_PATH "%s/?limit=%" PRId64
		              "&mode=%.*s&offset=%" PRId64 "&ordering=%.*s\"",
		              list->list->path, limit, (int)mode_length, mode ? mode : "",
		              offset + limit, (int)length, ordering ? ordering : "");
	} else {
		strbuf_str(out, "null");
	}
	strbuf_str(out, ",\"previous\":null,\"results\":[");
	for (int64_t i = offset; i < offset + limit && i < total; i++) {
		strbuf_str(out, i > offset ? "," : "");
		write_document(out, world, list, rows[i], mode, mode_length);
	}
	strbuf_str(out, "]}");
	free(rows);
}

static bool write_row(struct world *world, const struct world_list *list, const char *rest,
                      struct strbuf *out)
{
	for (size_t i = 0; i < list->count; i++) {
		char key[KEY_TEXT_SIZE];
		size_t length = key_format(list->list->resource->uuid, list->rows[i].key, key);

		if (strncmp(rest, key, length) == 0 && rest[length] == '/' && !list->rows[i].gone) {
			write_document(out, world, list, &list->rows[i], NULL, 0);
			return true;
		}
	}
	return false;
}

bool world_answer(struct world *world, const char *url, struct strbuf *body)
{
	const char *rest;
	struct world_list *list = find_list(world, url, &rest);

	if (!list)
		return false;
	list->served++;
	if (rest[0] != '?')
		return write_row(world, list, rest, body);
	write_page(world, list, url, body);
	return true;
}
