/* Writes conditions on rows: each a comparison of one column, so that an index on it can be used, within as many
   subqueries as its path of fields has references and lists. */
#include "selection_parts.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/temporal.h"
#include "base/utf8.h"

/* What is written where a column has been reached. */
struct writing {
	struct selection_statement *statement;
	const struct selection *selection;
	const struct condition *condition;
	int *parameter;
	struct path_column column;
};

static struct strbuf *sql_of(const struct writing *writing)
{
	return &writing->statement->sql;
}

/* ` operator $1`; takes the value's bytes. */
static void write_operand(const struct writing *writing, const char *operator, enum wire_type type,
                          struct strbuf *value)
{
	if (*writing->parameter == 0)
		*writing->parameter = statement_bind(writing->statement, type, value);
	strbuf_printf(sql_of(writing), " %s $%d", operator, * writing->parameter);
	strbuf_fini(value);
}

static void write_name(const struct writing *writing)
{
	strbuf_str(sql_of(writing), writing->column.name);
}

static void write_comparison(const struct writing *writing, const char *operator,
                             enum wire_type type, struct strbuf *value)
{
	write_name(writing);
	write_operand(writing, operator, type, value);
}

static const char *operator_of(const struct condition *condition)
{
	static const char *const operators[] = {
		[LOOKUP_EXACT] = "=", [LOOKUP_GT] = ">",   [LOOKUP_GTE] = ">=",
		[LOOKUP_LT] = "<",    [LOOKUP_LTE] = "<=",
	};

	return operators[condition->filter->lookup];
}

/* --- Lists. --- */

/* Appends element `i` of a condition's list. */
typedef void put_element(struct wire_array *array, const struct condition *condition, size_t i);

static void put_integer(struct wire_array *array, const struct condition *condition, size_t i)
{
	wire_element_key(array, false, key_of_integer(condition->integers[i]));
}

static void put_uuid(struct wire_array *array, const struct condition *condition, size_t i)
{
	wire_element_key(array, true, condition->keys[i]);
}

static void put_key(struct wire_array *array, const struct condition *condition, size_t i)
{
	wire_element_key(array, false, condition->keys[i]);
}

static void put_text(struct wire_array *array, const struct condition *condition, size_t i)
{
	wire_element_begin(array);
	strbuf_add(&array->bytes, condition->texts[i].data, condition->texts[i].length);
	wire_element_end(array);
}

/* ` = ANY ($1)` */
static void write_any_of(const struct writing *writing, enum wire_type type, put_element *put)
{
	struct wire_array array;

	wire_array_init(&array, type);
	for (size_t i = 0; i < writing->condition->count; i++)
		put(&array, writing->condition, i);
	wire_array_finish(&array);
	write_operand(writing, "= ANY (", wire_array_of(type), &array.bytes);
	strbuf_char(sql_of(writing), ')');
}

static void write_any(const struct writing *writing, enum wire_type type, put_element *put)
{
	write_name(writing);
	write_any_of(writing, type, put);
}

/* --- Texts. --- */

void pattern_write(struct text text, struct strbuf *pattern)
{
	strbuf_char(pattern, '%');
	for (size_t i = 0; i < text.length; i++) {
		if (strchr("%_\\", text.data[i]) != NULL)
			strbuf_char(pattern, '\\');
		strbuf_char(pattern, text.data[i]);
	}
	strbuf_char(pattern, '%');
}

static void write_pattern(const struct writing *writing, const char *operator, struct text text)
{
	struct strbuf pattern = STRBUF_INIT;

	pattern_write(text, &pattern);
	write_comparison(writing, operator, WIRE_TEXT, &pattern);
}

/* Texts are indexed by their beginning. */
#define INDEXED_CHARACTERS "255"
#define INDEXED_BYTES_MOST 255

static void write_text(const struct writing *writing)
{
	struct text text = writing->condition->text;
	struct strbuf value = STRBUF_INIT;

	switch (writing->condition->filter->lookup) {
	case LOOKUP_CONTAINS:
		write_pattern(writing, "LIKE", text);
		return;
	case LOOKUP_ICONTAINS:
		write_pattern(writing, "ILIKE", text);
		return;
	default:
		break;
	}
	strbuf_add(&value, text.data, text.length);
	write_comparison(writing, "=", WIRE_TEXT, &value);
	strbuf_printf(sql_of(writing),
	              " AND left(%s, " INDEXED_CHARACTERS
	              ") COLLATE \"C\" = left($%d, " INDEXED_CHARACTERS ")",
	              writing->column.name, *writing->parameter);
}

/* By the index where no text is longer than what it has. */
static void write_texts(const struct writing *writing)
{
	bool indexed = true;

	for (size_t i = 0; i < writing->condition->count; i++)
		indexed = indexed && writing->condition->texts[i].length <= INDEXED_BYTES_MOST;
	write_any(writing, WIRE_TEXT, put_text);
	if (indexed)
		strbuf_printf(sql_of(writing),
		              " AND left(%s, " INDEXED_CHARACTERS ") COLLATE \"C\" = ANY ($%d)",
		              writing->column.name, *writing->parameter);
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

static void write_number(const struct writing *writing)
{
	const struct condition *condition = writing->condition;
	struct strbuf value = STRBUF_INIT;

	if (condition->filter->lookup == LOOKUP_CONTAINS) {
		/* An empty one is in no number, but a pattern of it would be in all. */
		if (condition->number.digits.length == 0)
			strbuf_str(sql_of(writing), "false AND ");
		write_name(writing);
		pattern_write(condition->number.digits, &value);
		write_operand(writing, "::text LIKE", WIRE_TEXT, &value);
	} else if (writing->column.field->kind == DOUBLE) {
		wire_put_double(&value, condition->number.real);
		write_comparison(writing, operator_of(condition), WIRE_DOUBLE, &value);
	} else {
		wire_put64(&value, (uint64_t)integer_bound(condition));
		write_comparison(writing, operator_of(condition), WIRE_BIGINT, &value);
	}
}

/* --- Parts of dates. --- */

static void write_part_of_date(const struct writing *writing, const char *part)
{
	bool moment = writing->column.field->kind == TIME;

	strbuf_printf(sql_of(writing), "extract(%s FROM %s%s)", part, writing->column.name,
	              moment ? " AT TIME ZONE 'UTC'" : "");
	write_any_of(writing, WIRE_BIGINT, put_integer);
}

static bool is_year(int64_t year)
{
	return year >= 1 && year <= 9999;
}

static void put_new_year(struct wire_array *array, int64_t year, enum kind kind)
{
	int32_t date = 0;

	(void)date_from_civil((int)(year < 10000 ? year : 9999), year < 10000 ? 1 : 12,
	                      year < 10000 ? 1 : 31, &date);
	date += year == 10000;
	wire_element_begin(array);
	if (kind == TIME)
		wire_put_moment(&array->bytes, date * DAY_MICROSECONDS);
	else
		wire_put_date(&array->bytes, date);
	wire_element_end(array);
}

/* A year is a range of its column, whose index has no years; the parameter has the bounds of all. */
static void write_years(const struct writing *writing)
{
	const struct condition *condition = writing->condition;
	enum kind kind = writing->column.field->kind;
	enum wire_type type = kind == TIME ? WIRE_TIMESTAMPTZ : WIRE_DATE;
	struct wire_array array;
	int count = 0;

	wire_array_init(&array, type);
	for (size_t i = 0; i < condition->count; i++) {
		if (!is_year(condition->integers[i]))
			continue;
		put_new_year(&array, condition->integers[i], kind);
		put_new_year(&array, condition->integers[i] + 1, kind);
		count++;
	}
	wire_array_finish(&array);
	if (*writing->parameter == 0)
		*writing->parameter =
			statement_bind(writing->statement, wire_array_of(type), &array.bytes);
	strbuf_str(sql_of(writing), "(false");
	for (int i = 0; i < count; i++)
		strbuf_printf(sql_of(writing), " OR (%s >= ($%d)[%d] AND %s < ($%d)[%d])",
		              writing->column.name, *writing->parameter, 2 * i + 1,
		              writing->column.name, *writing->parameter, 2 * i + 2);
	strbuf_char(sql_of(writing), ')');
	wire_array_fini(&array);
}

static void write_numbers(const struct writing *writing)
{
	switch (writing->condition->filter->lookup) {
	case LOOKUP_DAY:
		write_part_of_date(writing, "day");
		break;
	case LOOKUP_MONTH:
		write_part_of_date(writing, "month");
		break;
	case LOOKUP_YEAR:
		write_years(writing);
		break;
	default:
		write_any(writing, WIRE_BIGINT, put_integer);
	}
}

/* --- Booleans. --- */

static void write_past(const struct writing *writing)
{
	struct strbuf value = STRBUF_INIT;

	wire_put_moment(&value, writing->selection->now);
	write_comparison(writing, "<", WIRE_TIMESTAMPTZ, &value);
}

/* A text of the tables, which have no quotes in theirs. */
static void write_named(const struct writing *writing)
{
	write_name(writing);
	strbuf_printf(sql_of(writing), " = '%s'", writing->condition->filter->text);
}

static void write_exists(const struct writing *writing)
{
	enum kind kind = writing->column.field->kind;

	if (writing->column.field->of == NULL || kind == ONE) {
		write_name(writing);
		strbuf_str(sql_of(writing), " IS NOT NULL");
	} else {
		strbuf_str(sql_of(writing), "true");
	}
}

static void write_boolean(const struct writing *writing)
{
	switch (writing->condition->filter->lookup) {
	case LOOKUP_EXISTS:
		write_exists(writing);
		break;
	case LOOKUP_POSITIVE:
		write_name(writing);
		strbuf_str(sql_of(writing), " > 0");
		break;
	case LOOKUP_PAST:
		write_past(writing);
		break;
	case LOOKUP_NAMED:
		write_named(writing);
		break;
	default:
		write_name(writing);
		strbuf_str(sql_of(writing), writing->condition->truth ? "" : " = false");
	}
}

/* --- All of them. --- */

static void write_choice(const struct writing *writing)
{
	struct strbuf value = STRBUF_INIT;
	bool uuid = writing->column.uuid;

	wire_put_key(&value, uuid, writing->condition->key);
	write_comparison(writing, "=", wire_key_type(uuid), &value);
}

static void write_date(const struct writing *writing)
{
	struct strbuf value = STRBUF_INIT;

	wire_put_date(&value, writing->condition->date);
	write_comparison(writing, operator_of(writing->condition), WIRE_DATE, &value);
}

static void write_moment(const struct writing *writing)
{
	struct strbuf value = STRBUF_INIT;

	wire_put_moment(&value, writing->condition->moment);
	write_comparison(writing, operator_of(writing->condition), WIRE_TIMESTAMPTZ, &value);
}

static void write_match(const struct writing *writing)
{
	switch (writing->condition->filter->match) {
	case MATCH_CHOICE:
		write_choice(writing);
		break;
	case MATCH_CHOICES:
		write_any(writing, WIRE_BIGINT, put_key);
		break;
	case MATCH_BOOLEAN:
		write_boolean(writing);
		break;
	case MATCH_TEXT:
		write_text(writing);
		break;
	case MATCH_NUMBER:
		write_number(writing);
		break;
	case MATCH_DATE:
		write_date(writing);
		break;
	case MATCH_MOMENT:
		write_moment(writing);
		break;
	case MATCH_NUMBERS:
		write_numbers(writing);
		break;
	case MATCH_UUIDS:
		write_any(writing, WIRE_UUID, put_uuid);
		break;
	case MATCH_TEXTS:
		write_texts(writing);
		break;
	}
}

/* Whether the rows are wanted for which the condition does not hold; a boolean of the row itself that is null is
   neither true nor false. */
static bool is_negated(const struct condition *condition)
{
	const struct filter *filter = condition->filter;

	return filter->match == MATCH_BOOLEAN && filter->lookup != LOOKUP_EXACT &&
	       condition->truth == filter->negated;
}

void condition_write(struct selection_statement *statement, const struct selection *selection,
                     const struct condition *condition, int *parameter)
{
	const struct resource *resource = selection->endpoint->resource;
	struct field_path path = field_path_of(resource, condition->filter->path);
	struct writing writing = {statement, selection, condition, parameter, {.depth = 0}};
	bool negated = is_negated(condition);

	if (all_meet(field_path_end(&path), condition)) {
		strbuf_str(&statement->sql, "true");
		return;
	}
	strbuf_str(&statement->sql, negated ? "((" : "");
	path_open(resource, &path, &statement->sql, &writing.column);
	write_match(&writing);
	path_close(&writing.column, &statement->sql);
	strbuf_str(&statement->sql, negated ? ") IS NOT TRUE)" : "");
}

void condition_write_term(const struct resource *resource, const char *names, int parameter,
                          struct strbuf *sql)
{
	struct field_path path = field_path_of(resource, names);
	struct path_column column;

	path_open(resource, &path, sql, &column);
	strbuf_printf(sql, "%s%s ILIKE $%d", column.name,
	              column.field->kind == TEXT ? "" : "::text", parameter);
	path_close(&column, sql);
}
