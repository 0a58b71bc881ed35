/* Rebuilds a request's url with some of its parameters changed. */
#include "protocol/link.h"

#include <stdlib.h>

#include "base/arena.h"
#include "percent.h"

struct field {
	struct text key;
	struct text value;
	size_t position; /* the sort is stable by it */
};

static int field_compare(const void *left, const void *right)
{
	const struct field *a = left;
	const struct field *b = right;
	size_t common = a->key.length < b->key.length ? a->key.length : b->key.length;
	int difference = common > 0 ? memcmp(a->key.data, b->key.data, common) : 0;

	if (difference != 0)
		return difference;
	if (a->key.length != b->key.length)
		return a->key.length < b->key.length ? -1 : 1;
	return a->position < b->position ? -1 : 1;
}

static bool is_changed(struct text key, const struct link_change *changes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_is(key, changes[i].key))
			return true;
	return false;
}

static size_t count_fields(struct text query)
{
	struct text field;
	size_t count = 0;

	while (text_split(&query, '&', &field))
		count++;
	return count;
}

/* The request's fields but for the changed ones, then these. */
static size_t collect(struct arena *arena, struct text query, const struct link_change *changes,
                      size_t change_count, struct field *fields)
{
	struct text value;
	size_t count = 0;

	while (text_split(&query, '&', &value)) {
		struct field *field = &fields[count];

		if (value.length == 0)
			continue;
		text_split(&value, '=', &field->key);
		field->key = percent_decode_field(arena, field->key, PERCENT_RAW_LATIN1);
		if (is_changed(field->key, changes, change_count))
			continue;
		field->value = percent_decode_field(arena, value, PERCENT_RAW_LATIN1);
		field->position = count++;
	}
	for (size_t i = 0; i < change_count; i++) {
		if (!changes[i].value)
			continue;
		fields[count] =
			(struct field){text_of(changes[i].key), text_of(changes[i].value), count};
		count++;
	}
	return count;
}

static void write_changed(struct strbuf *out, struct text begin, const struct link *link,
                          const struct link_change *changes, size_t count)
{
	struct arena arena;
	struct field *fields;
	size_t field_count;

	arena_init(&arena);
	fields = arena_array(&arena, count_fields(link->query) + count, sizeof(*fields));
	field_count = collect(&arena, link->query, changes, count, fields);
	qsort(fields, field_count, sizeof(*fields), field_compare);
	strbuf_add(out, begin.data, begin.length);
	percent_encode_path(out, link->path);
	for (size_t i = 0; i < field_count; i++) {
		strbuf_char(out, i == 0 ? '?' : '&');
		percent_encode_field(out, fields[i].key);
		strbuf_char(out, '=');
		percent_encode_field(out, fields[i].value);
	}
	arena_fini(&arena);
}

void link_write_url(struct strbuf *out, const struct link *link, const struct link_change *changes,
                    size_t count)
{
	write_changed(out, link->base, link, changes, count);
}

void link_write(struct strbuf *out, const struct link *link, const struct link_change *changes,
                size_t count)
{
	write_changed(out, link->prefix, link, changes, count);
}

void link_write_path(struct strbuf *out, const struct link *link)
{
	strbuf_add(out, link->prefix.data, link->prefix.length);
	percent_encode_path(out, link->path);
}

void link_write_as_sent(struct strbuf *out, const struct link *link)
{
	link_write_path(out, link);
	if (link->query.length == 0)
		return;
	strbuf_char(out, '?');
	percent_encode_query(out, link->query);
}

void link_write_query_as(struct strbuf *out, const char *key, const struct link *link)
{
	strbuf_printf(out, "%s=", key);
	percent_encode_field(out, link->query);
}

struct text link_field(const struct link *link, const char *key, struct arena *arena)
{
	struct text rest = link->query, value, name;

	while (text_split(&rest, '&', &value)) {
		text_split(&value, '=', &name);
		if (text_is(percent_decode_field(arena, name, PERCENT_RAW_LATIN1), key))
			return percent_decode_field(arena, value, PERCENT_RAW_LATIN1);
	}
	return (struct text){NULL, 0};
}

bool link_write_query_in(struct strbuf *out, const char *key, const struct link *link)
{
	struct arena arena;
	struct text value;

	arena_init(&arena);
	value = link_field(link, key, &arena);
	percent_encode_query(out, value);
	arena_fini(&arena);
	return value.length > 0;
}
