/* Imports: their life, the kinds of texts they read, and when what they read was true. */
#include "sync/import.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/temporal.h"
#include "import_parts.h"
#include "page_values.h"
#include "resources/all.h"

struct import *import_new(const int64_t *as_of)
{
	struct import *import = must(calloc(1, sizeof(*import)));

	import->tables = must(calloc(resource_count, sizeof(*import->tables)));
	arena_init(&import->arena);
	arena_init(&import->scratch);
	import->as_of_given = as_of != NULL;
	import->as_of = as_of ? *as_of : clock_now();
	return import;
}

void import_free(struct import *import)
{
	if (!import)
		return;
	for (size_t i = 0; i < resource_count; i++)
		table_fini(&import->tables[i]);
	free(import->tables);
	strbuf_fini(&import->flights);
	strbuf_fini(&import->touched);
	unknown_fini(&import->unknown);
	arena_fini(&import->scratch);
	arena_fini(&import->arena);
	free(import);
}

static bool flights_read(struct reading *reading)
{
	struct reader *reader = &reading->reader;
	bool first = true;
	size_t index = 0;
	enum step step;

	if (reader_peek(reader) != READER_LIST)
		return reader_wrong(reader, reader->at, "a list of flights");
	if (!reader_enter(reader))
		return false;
	while ((step = reader_item(reader, &first)) == STEP_MORE) {
		path_index(&reading->path, index++);
		if (!flight_read(reading))
			return false;
		path_leave(&reading->path);
	}
	return step == STEP_DONE;
}

static bool count_read(struct reading *reading)
{
	int64_t count;

	if (reader_peek(&reading->reader) == READER_NULL)
		return reader_word(&reading->reader);
	return page_number_read(&reading->reader, 0, "a number of flights", &count);
}

enum page_member { RESULTS, COUNT, NEXT, PREVIOUS, OTHER };

static const struct slice page_members[] = {
	[RESULTS] = {"results", 7},
	[COUNT] = {"count", 5},
	[NEXT] = {"next", 4},
	[PREVIOUS] = {"previous", 8},
};

static enum page_member page_member_of(struct slice name)
{
	enum page_member member = RESULTS;

	while (member < OTHER && (page_members[member].length != name.length ||
	                          memcmp(page_members[member].data, name.data, name.length) != 0))
		member++;
	return member;
}

static bool page_member_read(struct reading *reading, enum page_member member)
{
	struct import *import = reading->import;
	const char *link;

	switch (member) {
	case RESULTS:
		return flights_read(reading);
	case COUNT:
		return count_read(reading);
	case NEXT:
	case PREVIOUS:
		return page_link_read(&reading->reader, &import->scratch, &link);
	default:
		unknown_add(&import->unknown, &reading->path);
		return reader_skip(&reading->reader);
	}
}

static bool page_read(struct reading *reading)
{
	unsigned seen = 0;
	bool first = true;
	struct slice name;
	enum step step;

	if (!reader_enter(&reading->reader))
		return false;
	while ((step = reader_key(&reading->reader, &first, &name)) == STEP_MORE) {
		enum page_member member = page_member_of(name);

		/* What has escapes in it is dropped after each flight, so that a name that must
		   last is our own. */
		path_name(&reading->path, member == OTHER ? name : page_members[member]);
		if (member != OTHER && seen >> member & 1)
			return name_repeated(&reading->reader, name);
		seen |= 1U << member;
		reading->path.flight = 0;
		if (!page_member_read(reading, member))
			return false;
		path_leave(&reading->path);
	}
	return step == STEP_DONE;
}

/* Whether the object that begins here has `results`. Looks ahead only; what is wrong in between is
   found again when it is read. */
static bool is_page(const struct reading *reading)
{
	struct reader ahead = reading->reader;
	struct slice name;
	bool first = true;

	if (!reader_enter(&ahead))
		return false;
	while (reader_key(&ahead, &first, &name) == STEP_MORE) {
		if (page_member_of(name) == RESULTS)
			return true;
		if (!reader_skip(&ahead))
			return false;
	}
	return false;
}

static bool document_read(struct reading *reading)
{
	switch (reader_peek(&reading->reader)) {
	case READER_LIST:
		return flights_read(reading) && reader_finish(&reading->reader);
	case READER_OBJECT:
		return (is_page(reading) ? page_read(reading) : flight_read(reading)) &&
		       reader_finish(&reading->reader);
	default:
		return reader_wrong(&reading->reader, reading->reader.at,
		                    "a flight, a list of flights or a page with results");
	}
}

static const struct import_value *known_value(const struct import_row *row, const char *name)
{
	size_t i = shape_slot(row->shape, name);

	return row->known >> i & 1 && !row->values[i].null ? &row->values[i] : NULL;
}

#define MOMENT_FIRST (INT64_C(-62135596800) * MICROSECONDS) /* the year 1 */
#define MOMENT_END (INT64_C(253402300800) * MICROSECONDS)   /* the year 10000 */

/* A flight under way goes on from its launch to the moment of the answer. */
static void flight_tell_moment(struct flight *flight)
{
	const struct import_value *launch = known_value(flight->row, "launch");
	const struct import_value *duration = known_value(flight->row, "duration");
	const struct import_value *net = launch ? known_value(launch->row, "net") : NULL;

	if (!duration || !net || known_value(flight->row, "mission_end"))
		return;
	flight->moment = net->integer + duration->integer;
	flight->tells_moment = flight->moment >= MOMENT_FIRST && flight->moment < MOMENT_END;
}

/* Settles when the flights from `first` on were true, which are those of one text. */
static void moments_settle(struct import *import, size_t first)
{
	bool told = false;
	int64_t latest = import->as_of;

	for (size_t i = first; i < flight_count(import) && !import->as_of_given; i++) {
		struct flight *flight = flight_at(import, i);

		flight_tell_moment(flight);
		if (flight->tells_moment && (!told || flight->moment > latest))
			latest = flight->moment;
		told = told || flight->tells_moment;
	}
	for (size_t i = first; i < flight_count(import); i++)
		if (!flight_at(import, i)->tells_moment)
			flight_at(import, i)->moment = latest;
}

/* Rows whose live durations were told by a flight of the text were true when that was. */
static void rows_settle(struct import *import, const struct table *table, size_t first)
{
	for (struct import_row *row = table->first; row; row = row->next)
		if (row->live_by > first)
			row->as_of = flight_at(import, row->live_by - 1)->moment;
}

bool import_read(struct import *import, const char *name, const char *text, size_t length,
                 struct error *error)
{
	struct reading reading = {.import = import};
	size_t first = flight_count(import);
	char path[PATH_TEXT_SIZE];

	if (length > IMPORT_TEXT_MAX)
		return error_set(error, "%s: longer than %zu bytes", name, IMPORT_TEXT_MAX);
	reader_init(&reading.reader, text, length, &import->scratch);
	if (!document_read(&reading)) {
		path_text(&reading.path, path);
		reader_explain(&reading.reader, name, path, error);
		return false;
	}
	arena_fini(&import->scratch);
	moments_settle(import, first);
	for (size_t i = 0; i < resource_count; i++)
		if (resources[i]->as_of)
			rows_settle(import, &import->tables[i], first);
	return true;
}

bool import_unknown(const struct import *import, struct strbuf *out)
{
	return unknown_line(&import->unknown, out);
}

void import_unknown_merge(const struct import *import, struct unknown *unknown)
{
	unknown_merge(unknown, &import->unknown);
}

void import_counts_format(const struct import_counts *counts, char text[static IMPORT_COUNTS_SIZE])
{
	snprintf(text, IMPORT_COUNTS_SIZE, "%zu flights: %zu new, %zu changed, %zu unchanged",
	         counts->flights, counts->created, counts->changed, counts->unchanged);
}
