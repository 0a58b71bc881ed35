/* Writes conditions on rows: each a comparison of one column, so that an index on it can be used, within as
   many subqueries as its path of fields has references. */
#include "selection_parts.h"

#include <limits.h>
#include <stdlib.h>

/* A column as the subquery there calls it. */
struct column {
	const char *table; /* "t." or "" */
	const struct field *field;
};

static void write_name(const struct column *column, struct strbuf *sql)
{
	strbuf_printf(sql, "%s%s", column->table, column->field->column);
}

static const char *const operators[] = {
	[LOOKUP_EXACT] = "=", [LOOKUP_GT] = ">",   [LOOKUP_GTE] = ">=",
	[LOOKUP_LT] = "<",    [LOOKUP_LTE] = "<=",
};

static void write_comparison(const struct column *column, enum lookup lookup, size_t parameter,
                             struct strbuf *sql)
{
	write_name(column, sql);
	strbuf_printf(sql, " %s $%zu", operators[lookup], parameter);
}

/* By the index of its beginning. */
static void write_text(const struct column *column, size_t parameter, struct strbuf *sql)
{
	strbuf_str(sql, "left(");
	write_name(column, sql);
	strbuf_printf(sql, ", 255) COLLATE \"C\" = left($%zu, 255) AND ", parameter);
	write_comparison(column, LOOKUP_EXACT, parameter, sql);
}

/* --- Numbers. --- */

/* What an integer field is compared with: a fraction is cut off where that keeps the meaning of > and <=, and
   rounded up for >= and <. */
static int64_t integer_bound(const struct condition *condition)
{
	const struct decimal *number = &condition->number;
	enum lookup lookup = condition->filter->lookup;
	bool up = lookup == LOOKUP_GTE || lookup == LOOKUP_LT;

	return number->integer + (up && number->fraction && number->real > 0);
}

/* The original leaves out a comparison that all values of an integer's 32 bits meet, so that rows without a value
   meet it too. */
static bool all_meet(const struct field *field, const struct condition *condition)
{
	int64_t bound = integer_bound(condition);

	if (condition->filter->match != MATCH_NUMBER || field->kind == DOUBLE)
		return false;
	switch (condition->filter->lookup) {
	case LOOKUP_GT:
	case LOOKUP_GTE:
		return bound < INT_MIN;
	case LOOKUP_LT:
	case LOOKUP_LTE:
		return bound > INT_MAX;
	default:
		return false;
	}
}

/* A year is a range of its column, whose index has no years. */
static void write_year(const struct column *column, int64_t year, struct strbuf *sql)
{
	const char *zone = column->field->kind == TIME ? "Z" : "";

	strbuf_char(sql, '(');
	write_name(column, sql);
	strbuf_printf(sql, " >= '%04d-01-01%s' AND ", (int)year, zone);
	write_name(column, sql);
	strbuf_printf(sql, " < '%04d-01-01%s')", (int)year + 1, zone);
}

static void write_years(const struct column *column, const struct condition *condition,
                        struct strbuf *sql)
{
	const char *before = "(";

	for (size_t i = 0; i < condition->count; i++) {
		int64_t year = condition->integers[i];

		if (year < 1 || year > 9999)
			continue;
		strbuf_str(sql, before);
		write_year(column, year, sql);
		before = " OR ";
	}
	strbuf_str(sql, before[0] == '(' ? "false" : ")");
}

static void write_part_of_date(const struct column *column, const char *part, size_t parameter,
                               struct strbuf *sql)
{
	strbuf_printf(sql, "extract(%s FROM ", part);
	write_name(column, sql);
	strbuf_printf(sql, "%s) = ANY ($%zu)",
	              column->field->kind == TIME ? " AT TIME ZONE 'UTC'" : "", parameter);
}

static void write_numbers(const struct column *column, const struct condition *condition,
                          size_t parameter, struct strbuf *sql)
{
	switch (condition->filter->lookup) {
	case LOOKUP_DAY:
		write_part_of_date(column, "day", parameter, sql);
		break;
	case LOOKUP_MONTH:
		write_part_of_date(column, "month", parameter, sql);
		break;
	case LOOKUP_YEAR:
		write_years(column, condition, sql);
		break;
	default:
		write_name(column, sql);
		strbuf_printf(sql, " = ANY ($%zu)", parameter);
	}
}

/* --- All of them. --- */

static void write_match(const struct column *column, const struct condition *condition,
                        size_t parameter, struct strbuf *sql)
{
	switch (condition->filter->match) {
	case MATCH_TEXT:
		write_text(column, parameter, sql);
		break;
	case MATCH_NUMBERS:
		write_numbers(column, condition, parameter, sql);
		break;
	default:
		write_comparison(column, condition->filter->lookup, parameter, sql);
	}
}

void condition_write_sql(const struct resource *resource, const struct condition *condition,
                         size_t parameter, struct strbuf *sql)
{
	struct field_path path = field_path_of(resource, condition->filter->path);
	const char *table = "t.";

	if (all_meet(field_path_end(&path), condition)) {
		strbuf_str(sql, "true");
		return;
	}
	for (size_t step = 0; step + 1 < path.count; step++) {
		strbuf_printf(sql, "%s%s IN (SELECT id FROM %s WHERE ", table,
		              path.step[step]->column, path.step[step]->of->name);
		table = "";
	}
	write_match(&(struct column){table, field_path_end(&path)}, condition, parameter, sql);
	for (size_t step = 0; step + 1 < path.count; step++)
		strbuf_char(sql, ')');
}

static enum wire_type put_number(const struct field *field, const struct condition *condition,
                                 struct strbuf *value)
{
	if (field->kind == DOUBLE) {
		wire_put_double(value, condition->number.real);
		return WIRE_DOUBLE;
	}
	wire_put64(value, (uint64_t)integer_bound(condition));
	return WIRE_BIGINT;
}

static enum wire_type put_numbers(const struct condition *condition, struct strbuf *value)
{
	struct wire_array array;

	wire_array_init(&array, WIRE_BIGINT);
	for (size_t i = 0; i < condition->count; i++) {
		wire_element_begin(&array);
		wire_put64(&array.bytes, (uint64_t)condition->integers[i]);
		wire_element_end(&array);
	}
	wire_array_finish(&array);
	strbuf_add(value, array.bytes.data, array.bytes.length);
	wire_array_fini(&array);
	return WIRE_BIGINT_ARRAY;
}

enum wire_type condition_put_value(const struct resource *resource,
                                   const struct condition *condition, struct strbuf *value)
{
	struct field_path path = field_path_of(resource, condition->filter->path);
	const struct field *field = field_path_end(&path);

	switch (condition->filter->match) {
	case MATCH_CHOICE:
		wire_put_key(value, field->of->uuid, condition->key);
		return wire_key_type(field->of->uuid);
	case MATCH_BOOLEAN:
		strbuf_char(value, condition->truth);
		return WIRE_BOOLEAN;
	case MATCH_TEXT:
		strbuf_add(value, condition->text.data, condition->text.length);
		return WIRE_TEXT;
	case MATCH_NUMBER:
		return put_number(field, condition, value);
	case MATCH_NUMBERS:
		return put_numbers(condition, value);
	case MATCH_DATE:
		wire_put_date(value, condition->date);
		return WIRE_DATE;
	case MATCH_MOMENT:
		wire_put_moment(value, condition->moment);
		return WIRE_TIMESTAMPTZ;
	default:
		break;
	}
	abort(); /* no kind of match */
}
