/* Writes paths in documents, and counts fields by them. */
#include "import_path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

#define SHOWN_END 200 /* of each end of a path that is too long */

#define LINE_MAX_LENGTH 1000
#define PATTERN_MAX_LENGTH 150

/* Names come from outside: only plain characters may reach a terminal. */
static void name_add(struct strbuf *out, struct slice name)
{
	for (size_t i = 0; i < name.length; i++) {
		char c = name.data[i];

		strbuf_char(out, (unsigned char)c < 0x20 || c == 0x7f ? '?' : c);
	}
}

static void path_add(struct strbuf *out, const struct path *path, size_t from, bool indexes)
{
	for (size_t i = from; i < path->depth; i++) {
		const struct path_part *part = &path->parts[i];

		if (part->name.data) {
			if (i > from)
				strbuf_char(out, '.');
			name_add(out, part->name);
		} else if (indexes) {
			strbuf_printf(out, "[%zu]", part->index);
		} else {
			strbuf_str(out, "[]");
		}
	}
}

void path_text(const struct path *path, char text[static PATH_TEXT_SIZE])
{
	struct strbuf all = STRBUF_INIT;

	strbuf_str(&all, "");
	path_add(&all, path, 0, true);
	if (all.length < PATH_TEXT_SIZE)
		snprintf(text, PATH_TEXT_SIZE, "%s", all.data);
	else
		snprintf(text, PATH_TEXT_SIZE, "%.*s...%s", (int)utf8_cut(all.data, SHOWN_END),
		         all.data, all.data + utf8_cut(all.data, all.length - SHOWN_END));
	strbuf_fini(&all);
}

static void pattern_make(struct strbuf *out, const struct path *path)
{
	strbuf_str(out, ""); /* a name may be empty, but not NULL */
	path_add(out, path, path->flight, false);
	if (out->length > PATTERN_MAX_LENGTH) {
		out->length = utf8_cut(out->data, PATTERN_MAX_LENGTH);
		strbuf_str(out, "...");
	}
}

static void pattern_count(struct unknown *unknown, const char *pattern, size_t count)
{
	size_t i = 0;

	while (i < unknown->field_count && strcmp(unknown->fields[i].pattern, pattern) != 0)
		i++;
	if (i < unknown->field_count) {
		unknown->fields[i].count += count;
	} else if (i < UNKNOWN_MAX) {
		unknown->fields[i] = (struct unknown_field){must(strdup(pattern)), count};
		unknown->field_count++;
	} else {
		unknown->others += count;
	}
}

void unknown_add(struct unknown *unknown, const struct path *path)
{
	struct strbuf pattern = STRBUF_INIT;

	pattern_make(&pattern, path);
	pattern_count(unknown, pattern.data, 1);
	strbuf_fini(&pattern);
}

void unknown_merge(struct unknown *unknown, const struct unknown *other)
{
	for (size_t i = 0; i < other->field_count; i++)
		pattern_count(unknown, other->fields[i].pattern, other->fields[i].count);
	unknown->others += other->others;
}

bool unknown_line(const struct unknown *unknown, struct strbuf *out)
{
	size_t begin = out->length;
	size_t others = unknown->others;

	if (unknown->field_count == 0)
		return false;
	strbuf_str(out, "unknown fields were left out: ");
	for (size_t i = 0; i < unknown->field_count; i++) {
		const struct unknown_field *field = &unknown->fields[i];

		if (out->length - begin > LINE_MAX_LENGTH)
			others += field->count;
		else
			strbuf_printf(out, "%s%s × %zu", i > 0 ? ", " : "", field->pattern,
			              field->count);
	}
	if (others > 0)
		strbuf_printf(out, " and %zu more", others);
	return true;
}

void unknown_fini(struct unknown *unknown)
{
	for (size_t i = 0; i < unknown->field_count; i++)
		free(unknown->fields[i].pattern);
	unknown->field_count = unknown->others = 0;
}
