/* Writes rows of all resources. */
#include "support/many_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "support/postgres.h"

#define OTHERS \
	50 /* look-ups, what has no number of its own below, and the least of all that have */

static size_t launches, flights;
static int text_digits;

/* Beside so many launches. */
#define LAUNCHES 100000
static const struct {
	const struct resource *resource;
	size_t count;
} numbers[] = {
	{&resource_launch, LAUNCHES},
	{&resource_rocket, LAUNCHES},
	{&resource_mission, LAUNCHES},
	{&resource_landing, LAUNCHES / 2},
	{&resource_first_stage, LAUNCHES / 2},
	{&resource_update, LAUNCHES / 2},
	{&resource_spacecraft, LAUNCHES / 5},
	{&resource_payload, LAUNCHES / 5},
	{&resource_payload_flight, LAUNCHES / 5},
	{&resource_docking_event, LAUNCHES / 5},
	{&resource_event, LAUNCHES / 5},
	{&resource_image, LAUNCHES / 10},
	{&resource_astronaut_flight, LAUNCHES / 20},
	{&resource_astronaut, LAUNCHES / 50},
	{&resource_agency, LAUNCHES / 50},
	{&resource_launcher, LAUNCHES / 50},
	{&resource_spacewalk, LAUNCHES / 50},
	{&resource_expedition, LAUNCHES / 100},
	{&resource_launcher_configuration, LAUNCHES / 100},
	{&resource_spacecraft_configuration, LAUNCHES / 100},
	{&resource_pad, LAUNCHES / 100},
	{&resource_mission_patch, LAUNCHES / 100},
	{&resource_program, LAUNCHES / 200},
	{&resource_location, LAUNCHES / 200},
};

size_t many_rows_of(const struct resource *resource)
{
	size_t count = resource == &resource_spacecraft_flight ? flights : 0;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i].resource == resource)
			count = numbers[i].count * launches / LAUNCHES;
	return count > OTHERS ? count : OTHERS;
}

/* The key of row number `number`, an SQL expression from 1 on. */
static void write_key(struct strbuf *sql, const struct resource *resource, const char *number)
{
	strbuf_printf(sql, resource->uuid ? "lpad((%s)::text, 32, '0')::uuid" : "(%s)::bigint",
	              number);
}

/* Scattered, so that rows that lie together do not refer to rows that do. */
static void write_reference(struct strbuf *sql, const struct resource *of, size_t salt)
{
	char number[96];

	snprintf(number, sizeof(number), "(i::bigint * 7919 + %zu) %% %zu + 1", salt,
	         many_rows_of(of));
	strbuf_printf(sql, "CASE WHEN i %% 50 > 0 THEN ");
	write_key(sql, of, number);
	strbuf_str(sql, " END");
}

static void write_value(struct strbuf *sql, const struct field *field, size_t place)
{
	static const char *const values[FIELD_KINDS] = {
		[INTEGER] = "CASE WHEN i % 20 > 0 THEN i * 31 % 1000 END",
		[BOOLEAN] = "CASE WHEN i % 10 > 0 THEN i % 3 = 0 END",
		[DOUBLE] = "CASE WHEN i % 20 > 0 THEN (i * 31 % 18000) / 100.0 - 90 END",
		[TIME] = ("CASE WHEN i % 20 > 0 THEN timestamptz '1960-01-01Z'"
	                  " + i * 7919 % 100000 * interval '6 hours' END"),
		[DATE] = "CASE WHEN i % 20 > 0 THEN date '1930-01-01' + i * 7919 % 30000 END",
		[DURATION] = "CASE WHEN i % 8 > 0 THEN i * 7919 % 100000 * interval '1 minute' END",
		[CLOCK_DURATION] = "i * interval '1 minute'",
		[LIVE_DURATION] = "CASE WHEN i % 8 > 0 THEN i * interval '1 hour' END",
	};

	if (field->kind == ONE)
		write_reference(sql, field->of, place);
	else if (field->kind == TEXT)
		strbuf_printf(sql,
		              "CASE WHEN i %% 30 > 0 THEN '%s ' || i || ' ' || left(md5((i + "
		              "%zu)::text), %d) END",
		              field->name, place, text_digits);
	else
		strbuf_str(sql, values[field->kind]);
}

/* `INSERT INTO table (first, fields...) SELECT values FROM generate_series(1, count) i` */
static void write_rows(struct strbuf *sql, const char *table, const char *first,
                       const char *first_value, const struct resource *resource, size_t count)
{
	struct strbuf values = STRBUF_INIT;

	strbuf_str(&values, first_value);
	strbuf_printf(sql, "INSERT INTO %s (%s", table, first);
	for (size_t i = 0; i < resource->field_count; i++) {
		const struct field *field = &resource->fields[i];

		if (!kind_has_column(field->kind) || field->kind == KEY)
			continue;
		strbuf_printf(sql, ", \"%s\"", field->column);
		strbuf_str(&values, ", ");
		write_value(&values, field, i);
	}
	if (resource->as_of) {
		strbuf_str(sql, ", as_of");
		strbuf_str(&values, ", timestamptz '2025-01-01Z'");
	}
	strbuf_printf(sql, ") SELECT %s FROM generate_series(1, %zu) i;\n", values.data, count);
	strbuf_fini(&values);
}

/* One item for each row, two for every third. */
static void write_list(struct strbuf *sql, const struct resource *owner, const struct field *list)
{
	struct strbuf first = STRBUF_INIT, values = STRBUF_INIT;

	for (int position = 0; position < 2; position++) {
		strbuf_reset(&first);
		strbuf_reset(&values);
		strbuf_printf(&first, "%s_id, position", owner->name);
		write_key(&values, owner, position == 0 ? "i" : "i * 3");
		strbuf_printf(&values, ", %d", position);
		if (!list->of->keyless) {
			strbuf_printf(&first, ", %s_id", list->of->name);
			strbuf_printf(&values, ", ");
			/* NULLs of references are not for links. */
			char number[96];
			snprintf(number, sizeof(number), "(i::bigint * 104729 + %d) %% %zu + 1",
			         position, many_rows_of(list->of));
			write_key(&values, list->of, number);
		}
		if (list->of->keyless)
			write_rows(sql, list->column, first.data, values.data, list->of,
			           many_rows_of(owner) / (position == 0 ? 1 : 3));
		else
			strbuf_printf(
				sql,
				"INSERT INTO %s (%s) SELECT %s FROM generate_series(1, %zu) i;\n",
				list->column, first.data, values.data,
				many_rows_of(owner) / (position == 0 ? 1 : 3));
	}
	strbuf_fini(&first);
	strbuf_fini(&values);
}

/* As literals, so that PostgreSQL looks for each key in a hash table, as when a transaction has changed the rows. */
static void write_search_texts(struct strbuf *sql)
{
	strbuf_str(sql, "DO $$ BEGIN\n");
	for (size_t e = 0; e < endpoint_count; e++)
		if (endpoints[e]->search_table != NULL && endpoints[e]->whole == NULL)
			strbuf_printf(sql,
			              "EXECUTE format('INSERT INTO %s SELECT * FROM %s_texts(%%L)',"
			              " ARRAY(SELECT id FROM %s));\n",
			              endpoints[e]->search_table, endpoints[e]->search_table,
			              endpoints[e]->resource->name);
	strbuf_str(sql, "END $$;\n");
}

void search_texts_store(const char *conninfo)
{
	struct strbuf sql = STRBUF_INIT;

	write_search_texts(&sql);
	free(test_sql(conninfo, sql.data));
	strbuf_fini(&sql);
}

/* Takes away all indexes but those of keys. */
static const char drop_indexes[] =
	"CREATE TEMPORARY TABLE dropped AS SELECT indexrelid, pg_get_indexdef(indexrelid) AS index"
	" FROM pg_index JOIN pg_class c ON c.oid = indrelid"
	" WHERE relnamespace = 'public'::regnamespace"
	" AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid);\n"
	"DO $$ BEGIN EXECUTE (SELECT string_agg(format('DROP INDEX %s', indexrelid::regclass), ';')"
	" FROM dropped); END $$;\n";

/* It takes less to build them over all rows than to keep them while rows are written. */
static const char build_indexes[] =
	"DO $$ BEGIN EXECUTE (SELECT string_agg(index, ';') FROM dropped); END $$;\n";

void rows_store(const char *conninfo, const char *inserts)
{
	struct strbuf sql = STRBUF_INIT;

	strbuf_str(&sql, "SET session_replication_role = replica;\n");
	strbuf_str(&sql, drop_indexes);
	strbuf_str(&sql, inserts);
	write_search_texts(&sql);
	strbuf_str(&sql, build_indexes);
	free(test_sql(conninfo, sql.data));
	free(test_sql(conninfo, "VACUUM ANALYZE"));
	strbuf_fini(&sql);
}

void many_rows_store(const char *conninfo, size_t launch_count, size_t flight_count, int digits)
{
	struct strbuf sql = STRBUF_INIT;
	char *inserts;

	launches = launch_count;
	flights = flight_count;
	text_digits = digits;
	for (size_t r = 0; r < resource_count; r++) {
		const struct resource *resource = resources[r];

		if (resource->keyless)
			continue;
		write_rows(&sql, resource->name, "id",
		           resource->uuid ? "lpad(i::text, 32, '0')::uuid" : "i", resource,
		           many_rows_of(resource));
		for (size_t i = 0; i < resource->field_count; i++)
			if (resource->fields[i].kind == MANY)
				write_list(&sql, resource, &resource->fields[i]);
	}
	inserts = strbuf_steal(&sql, &(size_t){0});
	rows_store(conninfo, inserts);
	free(inserts);
}
