/* Has PostgreSQL explain selections. */
#include "support/plans.h"

#include "support/cmocka.h"

PGconn *plans_connect(const char *conninfo)
{
	PGconn *connection = PQconnectdb(conninfo);
	PGresult *result = PQexec(connection, "SET plan_cache_mode = force_custom_plan");

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s", PQerrorMessage(connection));
	PQclear(result);
	return connection;
}

json_t *plan_of(PGconn *connection, const struct selection *selection)
{
	struct selection_statement statement;
	struct strbuf sql = STRBUF_INIT;
	int binary[PARAMETERS_MAX];
	PGresult *result;
	json_t *all, *plan;

	for (size_t i = 0; i < PARAMETERS_MAX; i++)
		binary[i] = 1;
	selection_statement_init(&statement, selection);
	strbuf_printf(&sql, "EXPLAIN (ANALYZE, FORMAT JSON) %s", statement.sql.data);
	result = PQexecParams(connection, sql.data, statement.parameters.count, statement.types,
	                      statement.parameters.data, statement.parameters.length, binary, 0);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", PQerrorMessage(connection), statement.sql.data);
	all = json_loads(PQgetvalue(result, 0, 0), 0, NULL);
	plan = json_incref(json_array_get(all, 0));
	json_decref(all);
	PQclear(result);
	selection_statement_fini(&statement);
	strbuf_fini(&sql);
	return plan;
}
