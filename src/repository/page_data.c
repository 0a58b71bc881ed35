/* Reads what pages show beside documents. */
#include "repository/page_data.h"

#include "base/embed.h"
#include "repository/execute.h"

EMBED(flights_of_spacecraft_sql, "src/repository/page_data/flights_of_spacecraft.sql");

static const struct statement flights_of_spacecraft = {flights_of_spacecraft_sql, 1,
                                                       (const Oid[]){WIRE_BIGINT}};

bool page_data_read(struct session *session, enum page_data data, int64_t id, int64_t now,
                    struct strbuf *json, struct error *error)
{
	PGresult *result;

	(void)now;
	if (data == PAGE_DATA_NONE)
		return true;
	if (!execute(session, &flights_of_spacecraft, ARGUMENTS(BIGINT(id)), &result, error))
		return false;
	strbuf_str(json, result_text(result, 0, 0));
	PQclear(result);
	return true;
}
