/* Reads what pages show beside documents. */
#include "repository/page_data.h"

#include <stdlib.h>

#include "base/embed.h"
#include "repository/execute.h"

EMBED(flights_of_spacecraft_sql, "src/repository/page_data/flights_of_spacecraft.sql");
EMBED(space_sql, "src/repository/page_data/space.sql");
EMBED(happenings_sql, "src/repository/page_data/happenings.sql");

static const struct statement flights_of_spacecraft = {flights_of_spacecraft_sql, 1,
                                                       (const Oid[]){WIRE_BIGINT}};
static const struct statement space = {space_sql, 1, (const Oid[]){WIRE_TIMESTAMPTZ}};
static const struct statement happenings = {
	happenings_sql, 3, (const Oid[]){WIRE_TIMESTAMPTZ, WIRE_BIGINT, WIRE_BOOLEAN}};

static bool read(struct session *session, enum page_data data, int64_t id, int64_t now,
                 PGresult **result, struct error *error)
{
	switch (data) {
	case PAGE_DATA_FLIGHTS_OF_SPACECRAFT:
		return execute(session, &flights_of_spacecraft, ARGUMENTS(BIGINT(id)), result,
		               error);
	case PAGE_DATA_SPACE:
		return execute(session, &space, ARGUMENTS(MOMENT(now)), result, error);
	case PAGE_DATA_CALENDAR:
	case PAGE_DATA_FEED:
		return execute(session, &happenings,
		               ARGUMENTS(MOMENT(now), id != 0 ? BIGINT(id) : STRING(NULL),
		                         BOOL(data == PAGE_DATA_FEED)),
		               result, error);
	default:
		abort(); /* no data: a mistake of the caller */
	}
}

bool page_data_read(struct session *session, enum page_data data, int64_t id, int64_t now,
                    struct strbuf *json, struct error *error)
{
	PGresult *result;

	if (data == PAGE_DATA_NONE)
		return true;
	if (!read(session, data, id, now, &result, error))
		return false;
	strbuf_str(json, result_text(result, 0, 0));
	PQclear(result);
	return true;
}
