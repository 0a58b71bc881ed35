/* Makes up truths, each with all its fields, and documents of them. */
#include "support/random_flight.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resources/all.h"
#include "support/cmocka.h"
#include "support/expect.h"
#include "support/random.h"

#define LONG_TEXT 100000

/* A field's value: scalars as JSON, but moments, dates and durations as numbers; a truth; or a list. */
struct detail {
	json_t *scalar;
	struct truth **items; /* ONE: one or none */
	size_t count;
	bool is_null;
	bool told; /* by some document */
};

struct truth {
	const struct resource *resource;
	json_t *id;
	struct detail *facts; /* by field */
	unsigned told_as;     /* views that documents showed it in, as bits */
	bool given;           /* a docking: to the flight that it is of */
};

struct pool {
	struct truth **truths;
	size_t count, capacity;
	size_t most; /* of a kind, so that they are shared */
};

struct world {
	struct random random;
	struct world_options options;
	struct pool pools[RESOURCE_COUNT];
	struct pool rows;  /* truths without ids */
	size_t long_texts; /* still to be written */
};

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	if (memory == NULL)
		abort();
	return memory;
}

/* --- Truths --- */

static json_t *new_id(struct world *world, const struct resource *resource)
{
	char text[40];

	if (!resource->uuid)
		return json_integer(random_id(&world->random));
	snprintf(text, sizeof(text), "%08llx-%04llx-%04llx-%04llx-%012llx",
	         (unsigned long long)random_bits(&world->random) >> 32,
	         (unsigned long long)random_bits(&world->random) >> 48,
	         (unsigned long long)random_bits(&world->random) >> 48,
	         (unsigned long long)random_bits(&world->random) >> 48,
	         (unsigned long long)random_bits(&world->random) >> 16);
	return json_string(text);
}

static bool is_used(const struct pool *pool, const json_t *id)
{
	for (size_t i = 0; i < pool->count; i++)
		if (json_equal(pool->truths[i]->id, id))
			return true;
	return false;
}

/* A truth that knows its id, but nothing yet. */
static struct truth *add_truth(struct world *world, struct pool *pool,
                               const struct resource *resource)
{
	struct truth *truth = allocate(1, sizeof(*truth));

	truth->resource = resource;
	truth->facts = allocate(resource->field_count, sizeof(*truth->facts));
	while (!resource->keyless && (truth->id == NULL || is_used(pool, truth->id))) {
		json_decref(truth->id);
		truth->id = new_id(world, resource);
	}
	if (pool->count == pool->capacity) {
		pool->capacity = pool->capacity ? 2 * pool->capacity : 16;
		pool->truths = realloc(pool->truths, pool->capacity * sizeof(struct truth *));
		if (pool->truths == NULL)
			abort();
	}
	pool->truths[pool->count++] = truth;
	return truth;
}

static void learn(struct world *world, struct truth *truth);

/* One that there is, or a new one. Flights are all there from the start. */
static struct truth *find_truth(struct world *world, const struct resource *resource)
{
	struct pool *pool = resource->keyless ? &world->rows : &world->pools[resource->index];
	struct truth *truth;

	if (!resource->keyless && pool->count > 0 &&
	    (pool->count >= pool->most || random_percent(&world->random, 50)))
		return pool->truths[random_below(&world->random, pool->count)];
	truth = add_truth(world, pool, resource);
	learn(world, truth);
	return truth;
}

/* Very long ones only where few documents share them, or a page would weigh too much. */
static bool may_be_long(const struct resource *resource)
{
	return resource == &resource_spacecraft_flight || resource == &resource_launch ||
	       resource == &resource_mission || resource == &resource_vid_url;
}

static json_t *make_text(struct world *world, const struct resource *resource)
{
	struct strbuf text = STRBUF_INIT;
	json_t *value;

	if (world->long_texts > 0 && may_be_long(resource) && random_percent(&world->random, 5)) {
		world->long_texts--;
		random_long_text(&world->random, LONG_TEXT, &text);
	} else {
		random_text(&world->random, &text);
	}
	value = json_stringn(text.data ? text.data : "", text.length);
	if (value == NULL)
		abort();
	strbuf_fini(&text);
	return value;
}

static json_t *make_scalar(struct world *world, const struct resource *resource, enum kind kind)
{
	struct random *random = &world->random;

	switch (kind) {
	case TEXT:
		return make_text(world, resource);
	case INTEGER:
		return json_integer(random_integer(random));
	case BOOLEAN:
		return json_boolean(random_percent(random, 50));
	case DOUBLE:
		return json_real(random_double(random));
	case TIME:
		return json_integer(random_moment(random));
	case DATE:
		return json_integer(random_date(random));
	case DURATION:
	case CLOCK_DURATION:
	case LIVE_DURATION:
		return json_integer(random_duration(random));
	default:
		return NULL; /* follows from other fields */
	}
}

static size_t list_length(struct world *world)
{
	uint64_t dice = random_below(&world->random, 1000);

	if (world->options.simple)
		return 1 + dice % 2;
	return dice < 500 ? 0 : dice < 830 ? 1 : dice < 960 ? 2 : dice < 997 ? 3 : 4 + dice % 40;
}

static bool make_null(struct world *world, const struct field *field)
{
	if (world->options.simple || !field->nullable || field->kind == ELAPSED)
		return false;
	return random_percent(&world->random, field->kind == ONE ? 25 : 15);
}

static void learn_field(struct world *world, const struct resource *resource,
                        const struct field *field, struct detail *fact)
{
	fact->is_null = make_null(world, field);
	if (fact->is_null || !field_in_documents(resource, field))
		return;
	if (field->kind != ONE && field->kind != MANY) {
		fact->scalar = make_scalar(world, resource, field->kind);
		return;
	}
	fact->count = field->kind == ONE ? 1 : list_length(world);
	fact->items = allocate(fact->count, sizeof(struct truth *));
	for (size_t i = 0; i < fact->count; i++)
		fact->items[i] = find_truth(world, field->of);
}

/* What a truth refers to may refer to its kind again; the pools' bounds end that. */
static void learn(struct world *world, struct truth *truth)
{
	for (size_t f = 0; f < truth->resource->field_count; f++)
		learn_field(world, truth->resource, &truth->resource->fields[f], &truth->facts[f]);
}

static void free_pool(struct pool *pool)
{
	for (size_t i = 0; i < pool->count; i++) {
		struct truth *truth = pool->truths[i];

		for (size_t f = 0; f < truth->resource->field_count; f++) {
			json_decref(truth->facts[f].scalar);
			free(truth->facts[f].items);
		}
		json_decref(truth->id);
		free(truth->facts);
		free(truth);
	}
	free(pool->truths);
}

static int compare_ids(const void *a, const void *b)
{
	const struct truth *one = *(struct truth *const *)a, *other = *(struct truth *const *)b;
	int64_t x = truth_id(one), y = truth_id(other);

	if (one->resource->uuid)
		return strcmp(json_string_value(one->id), json_string_value(other->id));
	return (x > y) - (x < y);
}

/* --- What is true of a world of all lists. --- */

static struct detail *fact_to_change(struct truth *truth, const char *name)
{
	const struct field *field = resource_field(truth->resource, name);

	return &truth->facts[field - truth->resource->fields];
}

/* No two launches have the same rocket. */
static void give_rockets(struct world *world)
{
	const struct pool *launches = &world->pools[INDEX_launch];
	const struct pool *rockets = &world->pools[INDEX_rocket];

	for (size_t i = 0; i < launches->count; i++) {
		struct detail *rocket = fact_to_change(launches->truths[i], "rocket");

		rocket->is_null = rocket->is_null || i >= rockets->count;
		if (!rocket->is_null)
			rocket->items[0] = rockets->truths[i];
	}
}

/* A docking is of the flight that tells of it, and of no other one. */
static void give_dockings(struct world *world)
{
	const struct pool *flights = &world->pools[INDEX_spacecraft_flight];

	for (size_t i = 0; i < flights->count; i++) {
		struct detail *events = fact_to_change(flights->truths[i], "docking_events");
		size_t left = 0;

		for (size_t e = 0; e < events->count; e++) {
			struct detail *chaser =
				fact_to_change(events->items[e], "flight_vehicle_chaser");

			if (events->items[e]->given)
				continue;
			events->items[e]->given = true;
			chaser->is_null = false;
			free(chaser->items);
			chaser->items = allocate(1, sizeof(struct truth *));
			chaser->items[0] = flights->truths[i];
			chaser->count = 1;
			events->items[left++] = events->items[e];
		}
		events->count = left;
	}
}

/* Rows of every list. */
static void fill_lists(struct world *world)
{
	for (size_t e = 0; e < endpoint_count; e++) {
		const struct resource *resource = endpoints[e]->resource;
		struct pool *pool = &world->pools[resource->index];

		while (pool->count < world->options.rows)
			learn(world, add_truth(world, pool, resource));
	}
	give_rockets(world);
	give_dockings(world);
	for (size_t r = 0; r < RESOURCE_COUNT; r++)
		if (!resources[r]->keyless && world->pools[r].count > 0)
			qsort(world->pools[r].truths, world->pools[r].count, sizeof(struct truth *),
			      compare_ids);
}

struct world *world_new(uint64_t seed, const struct world_options *options)
{
	struct world *world = allocate(1, sizeof(*world));
	struct pool *flights = &world->pools[INDEX_spacecraft_flight];

	world->options = *options;
	world->long_texts = options->simple ? 0 : 1 + options->flights / 200;
	random_init(&world->random, seed);
	for (size_t r = 0; r < RESOURCE_COUNT; r++)
		world->pools[r].most = options->rows > 0 ? options->rows : 4 + options->flights / 3;
	for (size_t i = 0; i < options->flights; i++)
		add_truth(world, flights, &resource_spacecraft_flight);
	for (size_t i = 0; i < options->flights; i++)
		learn(world, flights->truths[i]);
	if (options->rows > 0)
		fill_lists(world);
	else
		qsort(flights->truths, flights->count, sizeof(struct truth *), compare_ids);
	return world;
}

void world_free(struct world *world)
{
	for (size_t r = 0; r < RESOURCE_COUNT; r++)
		free_pool(&world->pools[r]);
	free_pool(&world->rows);
	free(world);
}

size_t world_flight_count(const struct world *world)
{
	return world->pools[INDEX_spacecraft_flight].count;
}

const struct truth *world_flight(const struct world *world, size_t number)
{
	return world->pools[INDEX_spacecraft_flight].truths[number];
}

size_t world_count(const struct world *world, const struct resource *resource)
{
	return world->pools[resource->index].count;
}

const struct truth *world_truth(const struct world *world, const struct resource *resource,
                                size_t number)
{
	return world->pools[resource->index].truths[number];
}

void truth_id_text(const struct truth *truth, char text[40])
{
	if (json_is_string(truth->id))
		snprintf(text, 40, "%s", json_string_value(truth->id));
	else
		snprintf(text, 40, "%" JSON_INTEGER_FORMAT, json_integer_value(truth->id));
}

int64_t truth_id(const struct truth *truth)
{
	return json_integer_value(truth->id);
}

/* --- Documents --- */

static const struct detail *fact_of(const struct truth *truth, const char *name)
{
	const struct field *field = resource_field(truth->resource, name);

	return &truth->facts[field - truth->resource->fields];
}

bool truth_moment(const struct truth *truth, const char *field, int64_t *moment)
{
	const struct detail *fact = fact_of(truth, field);

	*moment = json_integer_value(fact->scalar);
	return !fact->is_null;
}

/* Whether the fact is known in the scene, and not null. */
static bool is_known(const struct detail *fact, const struct scene *scene)
{
	return !fact->is_null && (fact->told || !scene->told);
}

static const struct truth *reference(const struct truth *truth, const char *name)
{
	const struct detail *fact = fact_of(truth, name);

	return fact->count > 0 ? fact->items[0] : NULL;
}

const struct truth *truth_spacecraft(const struct truth *flight)
{
	return reference(flight, "spacecraft");
}

/* Whether a flight of the spacecraft has docked and not left. */
static bool is_docked(const struct world *world, const struct truth *spacecraft,
                      const struct scene *scene)
{
	for (size_t i = 0; i < world_flight_count(world); i++) {
		const struct truth *flight = world_flight(world, i);
		const struct detail *events = fact_of(flight, "docking_events");

		if (truth_spacecraft(flight) != spacecraft ||
		    !is_known(fact_of(flight, "spacecraft"), scene) || !is_known(events, scene))
			continue;
		for (size_t e = 0; e < events->count; e++)
			if (!is_known(fact_of(events->items[e], "departure"), scene))
				return true;
	}
	return false;
}

static json_t *duration_text(int64_t duration)
{
	char text[EXPECT_TEXT_SIZE];

	expect_duration(duration, text);
	return json_string(text);
}

/* Grows while in space (time_docked: and docked), by whole seconds where it has none but those. */
static json_t *live_value(const struct world *world, const struct truth *truth,
                          const struct field *field, int64_t stored, const struct scene *scene)
{
	int64_t more = scene->now - scene->as_of;

	if (!json_is_true(fact_of(truth, "in_space")->scalar))
		more = 0;
	if (strcmp(field->name, "time_docked") == 0 && !is_docked(world, truth, scene))
		more = 0;
	if (stored % 1000000 == 0)
		more -= ((more % 1000000) + 1000000) % 1000000;
	return duration_text(stored + more);
}

/* A flight's duration: from the launch to its end, or to now while it has not ended. */
static json_t *elapsed_value(const struct truth *flight, const struct scene *scene)
{
	const struct truth *launch = reference(flight, "launch");
	const struct detail *end = fact_of(flight, "mission_end");
	int64_t begin;

	if (launch == NULL || !is_known(fact_of(launch, "net"), scene))
		return json_null();
	begin = json_integer_value(fact_of(launch, "net")->scalar);
	if (is_known(end, scene) && json_integer_value(end->scalar) <= scene->now)
		return duration_text(json_integer_value(end->scalar) - begin);
	return scene->now < begin ? json_null() : duration_text(scene->now - begin);
}

static json_t *url_value(const struct truth *truth, const struct scene *scene)
{
	char id[40];
	json_t *url;

	truth_id_text(truth, id);
	url = json_sprintf("%s/2.3.0/%s/%s/%s", scene->base, truth->resource->path, id,
	                   scene->suffix);
	return url;
}

static json_t *scalar_value(const struct world *world, const struct truth *truth,
                            const struct field *field, const struct detail *fact,
                            const struct scene *scene)
{
	int64_t number = json_integer_value(fact->scalar);
	char text[EXPECT_TEXT_SIZE];

	switch (field->kind) {
	case TIME:
		expect_moment(number, text);
		break;
	case DATE:
		expect_date(number, text);
		break;
	case DURATION:
		return duration_text(number);
	case CLOCK_DURATION:
		expect_clock_duration(number, text);
		break;
	case LIVE_DURATION:
		return live_value(world, truth, field, number, scene);
	default:
		return json_incref(fact->scalar);
	}
	return json_string(text);
}

static json_t *list_value(const struct world *world, const struct detail *fact, enum view_id view,
                          const struct scene *scene)
{
	json_t *list = json_array();

	for (size_t i = 0; i < fact->count; i++)
		json_array_append_new(list, world_document(world, fact->items[i], view, scene));
	return list;
}

/* --- Rows that point back. --- */

static bool leads_to(const struct world *world, const struct truth *from,
                     const struct field_path *path, size_t step, const struct truth *to,
                     const struct scene *scene);

/* Whether the row is in the list of its owner. */
static bool points_back(const struct world *world, const struct truth *row,
                        const struct field *field, const struct truth *owner,
                        const struct scene *scene)
{
	struct field_path path = field_path_of(field->of, field->back);
	int64_t start, end;

	if (!leads_to(world, row, &path, 0, owner, scene))
		return false;
	if (strcmp(field->name, "active_docking_events") == 0 ||
	    strcmp(field->name, "currently_docked") == 0)
		return !is_known(fact_of(row, "departure"), scene);
	if (strcmp(field->name, "active_expeditions") == 0)
		return is_known(fact_of(row, "start"), scene) &&
		       truth_moment(row, "start", &start) && start <= scene->now &&
		       (!is_known(fact_of(row, "end"), scene) ||
		        (truth_moment(row, "end", &end) && end > scene->now));
	assert_null(field->where);
	return true;
}

static bool leads_to(const struct world *world, const struct truth *from,
                     const struct field_path *path, size_t step, const struct truth *to,
                     const struct scene *scene)
{
	const struct field *field = path->step[step];
	const struct pool *pool = &world->pools[field->of->index];
	const struct detail *fact = fact_of(from, field->name);
	bool stored = field->kind == ONE || field->kind == MANY;

	for (size_t i = 0; i < (stored ? fact->count : pool->count); i++) {
		const struct truth *next = stored ? fact->items[i] : pool->truths[i];

		if ((stored ? is_known(fact, scene)
		            : points_back(world, next, field, from, scene)) &&
		    (step + 1 == path->count ? next == to
		                             : leads_to(world, next, path, step + 1, to, scene)))
			return true;
	}
	return false;
}

/* In the order of their ids; of a REVERSE_ONE the last. */
static json_t *rows_value(const struct world *world, const struct truth *owner,
                          const struct field *field, enum view_id view, const struct scene *scene)
{
	const struct pool *pool = &world->pools[field->of->index];
	const struct truth *last = NULL;
	json_t *list = json_array();

	for (size_t i = 0; i < pool->count; i++) {
		if (!points_back(world, pool->truths[i], field, owner, scene))
			continue;
		last = pool->truths[i];
		if (field->kind == REVERSE)
			json_array_append_new(list, world_document(world, last, view, scene));
	}
	if (field->kind == REVERSE)
		return list;
	json_decref(list);
	return last ? world_document(world, last, view, scene) : json_null();
}

static json_t *field_value(const struct world *world, const struct truth *truth, size_t f,
                           enum view_id view, const struct scene *scene)
{
	const struct field *field = &truth->resource->fields[f];
	const struct detail *fact = &truth->facts[f];

	switch (field->kind) {
	case MODE:
		return json_string(resource_view(truth->resource, view)->mode);
	case KEY:
		return json_incref(truth->id);
	case URL:
		return url_value(truth, scene);
	case ELAPSED:
		return elapsed_value(truth, scene);
	case REVERSE:
	case REVERSE_ONE:
		return rows_value(world, truth, field, field_shown(truth->resource, field, view),
		                  scene);
	default:
		break;
	}
	if (fact->is_null)
		return json_null();
	if (field->kind == ONE)
		return world_document(world, fact->items[0],
		                      field_shown(truth->resource, field, view), scene);
	if (field->kind == MANY)
		return list_value(world, fact, field_shown(truth->resource, field, view), scene);
	return scalar_value(world, truth, field, fact, scene);
}

json_t *world_document(const struct world *world, const struct truth *truth, enum view_id view,
                       const struct scene *scene)
{
	const struct resource *resource = truth->resource;
	json_t *document = json_object();

	for (size_t f = 0; f < resource->field_count; f++)
		if (field_shown(resource, &resource->fields[f], view) != ABSENT)
			json_object_set_new(document, resource->fields[f].name,
			                    field_value(world, truth, f, view, scene));
	return document;
}

/* --- What documents tell. --- */

static void tell(struct world *world, struct truth *truth, enum view_id view,
                 const struct scene *scene);

/* An item of a list refers back to what has it there, though its document may not say so. */
static void tell_item(struct world *world, const struct field *field, struct truth *item,
                      enum view_id view, const struct scene *scene)
{
	tell(world, item, view, scene);
	if (field->back) {
		struct field_path path = field_path_of(field->of, field->back);

		if (path.step[0]->kind == ONE)
			fact_to_change(item, path.step[0]->name)->told = true;
	}
}

/* The rows that the document shows in the list; of a REVERSE_ONE the last. */
static void tell_rows(struct world *world, const struct truth *owner, const struct field *field,
                      enum view_id view, const struct scene *scene)
{
	const struct pool *pool = &world->pools[field->of->index];
	struct truth *last = NULL;

	for (size_t i = 0; i < pool->count; i++) {
		if (!points_back(world, pool->truths[i], field, owner, scene))
			continue;
		last = pool->truths[i];
		if (field->kind == REVERSE)
			tell_item(world, field, last, view, scene);
	}
	if (field->kind == REVERSE_ONE && last)
		tell_item(world, field, last, view, scene);
}

static void tell(struct world *world, struct truth *truth, enum view_id view,
                 const struct scene *scene)
{
	const struct resource *resource = truth->resource;

	if (truth->told_as >> view & 1)
		return;
	truth->told_as |= 1U << view;
	for (size_t f = 0; f < resource->field_count; f++) {
		const struct field *field = &resource->fields[f];
		struct detail *fact = &truth->facts[f];
		enum view_id shown = field_shown(resource, field, view);

		if (shown == ABSENT)
			continue;
		fact->told = true;
		if (field->kind == REVERSE || field->kind == REVERSE_ONE)
			tell_rows(world, truth, field, shown, scene);
		for (size_t i = 0; i < fact->count && !fact->is_null; i++)
			tell_item(world, field, fact->items[i], shown, scene);
	}
}

void world_tell(struct world *world, const struct resource *resource, size_t number,
                enum view_id view, const struct scene *scene)
{
	tell(world, world->pools[resource->index].truths[number], view, scene);
}
