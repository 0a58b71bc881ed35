/* Makes the statements that find and order flights. */
#include "repository/search.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "repository/session.h"
#include "repository/wire.h"

/* How the flights come in the order of a column: one of their own by its index; one of another table by that
   table's index, from there to the flights, while those without a value there come before or after and cost
   a look of their own; each of two values is shared by so many that an index puts nothing in order, so that
   those of either, and those without, are three lists by id. */
enum walk { OWN_COLUMN, OTHER_TABLE, TWO_VALUES };

/* What flights can be ordered by. */
static const struct search_key {
	enum walk walk;
	const char *expression;
	const char *join; /* from a flight f to the other table */
	const char *from; /* the same, beginning at the table */
	/* True where some may have no value there: the ends of two indexes tell. Most often none
	   has, and then nobody needs to look for them. */
	const char *some_without;
} search_keys[SEARCH_COLUMNS] = {
	[SEARCH_BY_ID] = {OWN_COLUMN, "f.id"},
	[SEARCH_BY_DESTINATION] = {OWN_COLUMN, "left(f.destination, 255) COLLATE \"C\""},
	[SEARCH_BY_MISSION_END] = {OWN_COLUMN, "f.mission_end"},
	[SEARCH_BY_SPACECRAFT] = {OWN_COLUMN, "f.spacecraft_id"},
	[SEARCH_BY_SPACECRAFT_NAME] =
		{
			OTHER_TABLE,
			"left(s.name, 255) COLLATE \"C\"",
			.join = " LEFT JOIN spacecraft s ON s.id = f.spacecraft_id",
			.from = "spacecraft s JOIN spacecraft_flight f ON f.spacecraft_id = s.id",
			.some_without = " AND ((SELECT spacecraft_id FROM spacecraft_flight"
					" ORDER BY 1 DESC LIMIT 1) IS NULL"
					" OR (SELECT left(name, 255) COLLATE \"C\" FROM spacecraft"
					" ORDER BY 1 DESC LIMIT 1) IS NULL)",
		},
	[SEARCH_BY_LAUNCH_NET] =
		{
			OTHER_TABLE,
			"l.net",
			.join = " LEFT JOIN launch l ON l.id = f.launch_id",
			.from = "launch l JOIN spacecraft_flight f ON f.launch_id = l.id",
			.some_without =
				" AND ((SELECT launch_id FROM spacecraft_flight"
				" ORDER BY 1 DESC LIMIT 1) IS NULL"
				" OR (SELECT net FROM launch ORDER BY 1 DESC LIMIT 1) IS NULL)",
		},
	[SEARCH_BY_LANDING_SUCCESS] =
		{
			TWO_VALUES,
			"g.success",
			.join = " LEFT JOIN landing g ON g.id = f.landing_id",
			.some_without = "",
		},
};

/* The flights in which a term is found, each text by its own index. */
static const char term_sql[] =
	"SELECT f.id FROM spacecraft_flight f WHERE f.destination ILIKE $%zu"
	" UNION SELECT f.id FROM spacecraft s JOIN spacecraft_flight f ON f.spacecraft_id = s.id"
	" WHERE s.name ILIKE $%zu"
	" UNION SELECT f.id FROM spacecraft s JOIN spacecraft_flight f ON f.spacecraft_id = s.id"
	" WHERE s.serial_number ILIKE $%zu"
	" UNION SELECT f.id FROM launch l JOIN spacecraft_flight f ON f.launch_id = l.id"
	" WHERE l.name ILIKE $%zu"
	" UNION SELECT f.id FROM mission m JOIN launch l ON l.mission_id = m.id"
	" JOIN spacecraft_flight f ON f.launch_id = l.id WHERE m.name ILIKE $%zu";

/* The numbers of the parameters: the spacecraft's first, where it is one, then a pattern a term. */
static size_t first_pattern(const struct search *search)
{
	return search->spacecraft ? 2 : 1;
}

/* The flights in which all terms are found, once for all parts of the statement. As conditions of each
   part they would be joins of many subqueries, which take long to plan and longer when planned badly. */
static void write_found(const struct search *search, struct strbuf *sql)
{
	if (search->term_count == 0)
		return;
	strbuf_str(sql, "WITH found AS MATERIALIZED (");
	for (size_t i = 0; i < search->term_count; i++) {
		size_t n = first_pattern(search) + i;

		strbuf_str(sql, i > 0 ? " INTERSECT (" : "(");
		strbuf_printf(sql, term_sql, n, n, n, n, n);
		strbuf_char(sql, ')');
	}
	strbuf_str(sql, ") ");
}

static void write_conditions(const struct search *search, struct strbuf *sql)
{
	if (search->spacecraft)
		strbuf_str(sql, " AND f.spacecraft_id = $1");
	if (search->flight)
		strbuf_printf(sql, " AND f.id = %lld", (long long)*search->flight);
	if (search->term_count > 0)
		strbuf_str(sql, " AND f.id IN (SELECT id FROM found)");
}

static void write_order(const struct search *search, size_t first, struct strbuf *sql)
{
	const char *before = " ORDER BY ";
	for (size_t i = first; i < search->order_count; i++) {
		strbuf_printf(sql, "%s%s%s", before,
		              search_keys[search->order[i].column].expression,
		              search->order[i].descending ? " DESC" : "");
		before = ", ";
	}
}

static void write_joins(const struct search *search, size_t first, struct strbuf *sql)
{
	for (size_t i = first; i < search->order_count; i++)
		if (search_keys[search->order[i].column].join)
			strbuf_str(sql, search_keys[search->order[i].column].join);
}

/* The flights that have a value in another table's column, by that table's index. */
static void write_with_value(const struct search *search, const struct search_key *key,
                             struct strbuf *sql)
{
	strbuf_printf(sql, "(SELECT f.id FROM %s", key->from);
	write_joins(search, 1, sql);
	strbuf_printf(sql, " WHERE %s IS NOT NULL", key->expression);
	write_conditions(search, sql);
	write_order(search, 0, sql);
	strbuf_printf(sql, " LIMIT %lld)", (long long)search->offset + (long long)search->limit);
}

/* The flights that have one value there, or none: `IS NULL`. */
static void write_one_value(const struct search *search, const struct search_key *key,
                            const char *is, struct strbuf *sql)
{
	strbuf_str(sql, "(SELECT f.id FROM spacecraft_flight f");
	write_joins(search, 0, sql);
	strbuf_printf(sql, " WHERE %s %s%s", key->expression, is, key->some_without);
	write_conditions(search, sql);
	write_order(search, 1, sql);
	strbuf_printf(sql, " LIMIT %lld)", (long long)search->offset + (long long)search->limit);
}

/* UNION ALL keeps the order of its parts. */
static void write_parts(const struct search *search, const struct search_key *key,
                        struct strbuf *sql)
{
	static const char *const of_two[] = {"IS FALSE", "IS TRUE", "IS NULL"};
	static const char *const of_table[] = {NULL, "IS NULL"}; /* NULL: those with a value */
	const char *const *parts = key->walk == TWO_VALUES ? of_two : of_table;
	int count = key->walk == TWO_VALUES ? 3 : 2;

	for (int i = 0; i < count; i++) {
		const char *is = parts[search->order[0].descending ? count - 1 - i : i];

		if (i > 0)
			strbuf_str(sql, " UNION ALL ");
		if (is != NULL)
			write_one_value(search, key, is, sql);
		else
			write_with_value(search, key, sql);
	}
}

static void write_page(const struct search *search, struct strbuf *sql)
{
	const struct search_key *key = &search_keys[search->order[0].column];
	if (key->walk == OWN_COLUMN) {
		strbuf_str(sql, "SELECT f.id FROM spacecraft_flight f");
		write_joins(search, 0, sql);
		strbuf_str(sql, " WHERE true");
		write_conditions(search, sql);
		write_order(search, 0, sql);
	} else {
		write_parts(search, key, sql);
	}
	strbuf_printf(sql, " LIMIT %zu OFFSET %lld", search->limit, (long long)search->offset);
}

/* A page may be empty, so that the number is what its rows are joined to; a join without a condition keeps their
   order. */
void search_write_sql(const struct search *search, struct strbuf *sql)
{
	if (search->term_count == 0) {
		write_page(search, sql);
		return;
	}
	write_found(search, sql);
	strbuf_str(sql, "SELECT page.id, all_found.count FROM (SELECT count(*) FROM ");
	if (search->spacecraft || search->flight) {
		strbuf_str(sql, "spacecraft_flight f WHERE true");
		write_conditions(search, sql);
	} else {
		strbuf_str(sql, "found");
	}
	strbuf_str(sql, ") all_found LEFT JOIN (");
	write_page(search, sql);
	strbuf_str(sql, ") page ON true");
}

/* `%term%`, with what LIKE takes for its own escaped. */
static void write_pattern(const struct search_term *term, struct strbuf *pattern)
{
	strbuf_char(pattern, '%');
	for (size_t i = 0; i < term->length; i++) {
		if (strchr("%_\\", term->text[i]) != NULL)
			strbuf_char(pattern, '\\');
		strbuf_char(pattern, term->text[i]);
	}
	strbuf_char(pattern, '%');
}

static void bind(const struct search *search, struct arena *arena, struct parameters *parameters)
{
	parameters->count = 0;
	struct strbuf value = STRBUF_INIT;
	for (size_t i = 0; i < search->term_count + (search->spacecraft != NULL); i++) {
		strbuf_reset(&value);
		if (i == 0 && search->spacecraft)
			wire_put64(&value, (uint64_t)*search->spacecraft);
		else
			write_pattern(&search->terms[i - (search->spacecraft != NULL)], &value);
		parameters->data[i] = arena_copy(arena, value.data, value.length);
		parameters->length[i] = (int)value.length;
		parameters->count++;
	}
	strbuf_fini(&value);
}

/* A rare term and a common one need different plans. */
static const struct statement plan_for_values = {"SET LOCAL plan_cache_mode = force_custom_plan", 0,
                                                 NULL};
static const struct statement plan_for_all = {"SET LOCAL plan_cache_mode = force_generic_plan", 0,
                                              NULL};

static bool send_search(struct session *session, const struct search *search, struct error *error)
{
	struct arena arena;
	struct parameters parameters;
	struct strbuf sql = STRBUF_INIT;
	Oid types[SEARCH_TERMS_MAX + 1];
	arena_init(&arena);
	bind(search, &arena, &parameters);
	for (int i = 0; i < parameters.count; i++)
		types[i] = i == 0 && search->spacecraft ? WIRE_BIGINT : WIRE_TEXT;
	search_write_sql(search, &sql);
	struct statement find = {sql.data, parameters.count, types};
	bool sent = session_send(session, &plan_for_values, NULL, error) &&
	            session_send_once(session, &find, &parameters, error) &&
	            session_send(session, &plan_for_all, NULL, error) &&
	            session_sync(session, error);
	strbuf_fini(&sql);
	arena_fini(&arena);
	return sent;
}

/* The page's ids, and of a search with terms how many match beside each; alone where the page is empty. */
static void take_page(const PGresult *page, int64_t *ids, size_t *found, size_t *count)
{
	int rows = PQntuples(page);
	*found = 0;
	for (int i = 0; i < rows && !PQgetisnull(page, i, 0); i++)
		ids[(*found)++] = (int64_t)wire_get64(PQgetvalue(page, i, 0));
	if (rows > 0 && PQnfields(page) > 1)
		*count = (size_t)wire_get64(PQgetvalue(page, 0, 1));
}

bool search_flights(struct session *session, const struct search *search, int64_t *ids,
                    size_t *found, size_t *count, struct error *error)
{
	if (search->term_count > SEARCH_TERMS_MAX)
		return error_set(error, "more than %d search terms", SEARCH_TERMS_MAX);
	if (!send_search(session, search, error))
		return false;
	PGresult *set = session_result(session, error);
	PGresult *page = set ? session_result(session, error) : NULL;
	bool done = page != NULL;
	if (done)
		take_page(page, ids, found, count);
	PQclear(set);
	PQclear(page);
	return session_finish(session, error) && done;
}
