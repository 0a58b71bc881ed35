/* Packs arguments, runs statements and unpacks their results. */
#include "statement.h"

#include <string.h>

static void argument_begin(struct arguments *arguments)
{
	arguments->offset[arguments->count] = arguments->bytes.length;
}

static void argument_end(struct arguments *arguments)
{
	arguments->length[arguments->count] =
		(int)(arguments->bytes.length - arguments->offset[arguments->count]);
	arguments->count++;
}

void argument_bigint(struct arguments *arguments, int64_t value)
{
	argument_begin(arguments);
	wire_put64(&arguments->bytes, (uint64_t)value);
	argument_end(arguments);
}

void argument_boolean(struct arguments *arguments, bool value)
{
	argument_begin(arguments);
	strbuf_char(&arguments->bytes, value ? 1 : 0);
	argument_end(arguments);
}

void argument_moment(struct arguments *arguments, int64_t moment)
{
	argument_begin(arguments);
	wire_put_moment(&arguments->bytes, moment);
	argument_end(arguments);
}

void argument_text(struct arguments *arguments, const char *text)
{
	argument_begin(arguments);
	if (text)
		strbuf_str(&arguments->bytes, text);
	argument_end(arguments);
	if (!text)
		arguments->length[arguments->count - 1] = -1;
}

static void argument_array(struct arguments *arguments, struct wire_array *array)
{
	wire_array_finish(array);
	argument_begin(arguments);
	strbuf_add(&arguments->bytes, array->bytes.data, array->bytes.length);
	argument_end(arguments);
	wire_array_fini(array);
}

void argument_bigints(struct arguments *arguments, const int64_t *values, size_t count)
{
	struct wire_array array;

	wire_array_init(&array, WIRE_BIGINT);
	for (size_t i = 0; i < count; i++)
		wire_element_key(&array, false, (struct key){0, (uint64_t)values[i]});
	argument_array(arguments, &array);
}

/* An empty argument has no bytes of its own, but must not be taken for NULL. */
static void parameters_fill(struct parameters *parameters, const struct arguments *arguments)
{
	parameters->count = arguments->count;
	for (int i = 0; i < arguments->count; i++) {
		bool null = arguments->length[i] < 0;

		parameters->length[i] = null ? 0 : arguments->length[i];
		parameters->data[i] = null ? NULL
		                      : arguments->bytes.data
		                              ? arguments->bytes.data + arguments->offset[i]
		                              : "";
	}
}

bool statement_run(struct session *session, const struct statement *statement,
                   struct arguments *arguments, PGresult **result, struct error *error)
{
	struct parameters parameters = {.count = 0};
	PGresult *rows = NULL;
	bool done;

	if (arguments)
		parameters_fill(&parameters, arguments);
	if (session_send(session, statement, &parameters, error) && session_sync(session, error)) {
		rows = session_result(session, error);
		done = session_finish(session, error) && rows;
	} else {
		done = false;
	}
	if (arguments)
		strbuf_fini(&arguments->bytes);
	if (done && result)
		*result = rows;
	else
		PQclear(rows);
	return done;
}

int64_t result_bigint(const PGresult *result, int row, int column)
{
	if (PQgetisnull(result, row, column))
		return 0;
	return (int64_t)wire_get64(PQgetvalue(result, row, column));
}

int64_t result_moment(const PGresult *result, int row, int column)
{
	return PQgetisnull(result, row, column) ? 0
	                                        : wire_get_moment(PQgetvalue(result, row, column));
}

bool result_boolean(const PGresult *result, int row, int column)
{
	return !PQgetisnull(result, row, column) && PQgetvalue(result, row, column)[0] != 0;
}

const char *result_text(const PGresult *result, int row, int column)
{
	return PQgetisnull(result, row, column) ? "" : PQgetvalue(result, row, column);
}
