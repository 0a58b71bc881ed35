/* Writes paths in documents, and counts unknown fields by them. */
#include "path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

#define SHOWN_END 200 /* bytes of each end of a path that is too long */

#define LINE_LENGTH_MAX 1000
#define UNKNOWN_PATH_LENGTH_MAX 150

/* Names come from outside: only plain characters may reach a terminal. */
static void append_name(struct strbuf *out, const char *name)
{
	for (; *name; name++)
		strbuf_char(out, (unsigned char)*name < 0x20 || *name == 0x7f ? '?' : *name);
}

static void append_path(struct strbuf *out, const struct path *path, size_t from, bool indexes)
{
	strbuf_str(out, ""); /* a path may be empty, but not NULL */
	for (size_t i = from; i < path->depth; i++) {
		const struct path_part *part = &path->parts[i];

		if (part->name) {
			if (i > from)
				strbuf_char(out, '.');
			append_name(out, part->name);
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

	append_path(&all, path, 0, true);
	if (all.length < PATH_TEXT_SIZE)
		snprintf(text, PATH_TEXT_SIZE, "%s", all.data);
	else
		snprintf(text, PATH_TEXT_SIZE, "%.*s...%s", (int)utf8_cut(all.data, SHOWN_END),
		         all.data, all.data + utf8_cut(all.data, all.length - SHOWN_END));
	strbuf_fini(&all);
}

static void count_path(struct unknown_fields *unknown, const char *path, size_t count)
{
	size_t i = 0;

	while (i < unknown->field_count && strcmp(unknown->fields[i].path, path) != 0)
		i++;
	if (i < unknown->field_count) {
		unknown->fields[i].count += count;
	} else if (i < UNKNOWN_FIELDS_MAX) {
		unknown->fields[i] = (struct unknown_field){must(strdup(path)), count};
		unknown->field_count++;
	} else {
		unknown->others += count;
	}
}

void unknown_fields_add(struct unknown_fields *unknown, const struct path *path)
{
	struct strbuf text = STRBUF_INIT;

	append_path(&text, path, path->document, false);
	if (text.length > UNKNOWN_PATH_LENGTH_MAX) {
		text.length = utf8_cut(text.data, UNKNOWN_PATH_LENGTH_MAX);
		strbuf_str(&text, "...");
	}
	count_path(unknown, text.data, 1);
	strbuf_fini(&text);
}

void unknown_fields_merge(struct unknown_fields *unknown, const struct unknown_fields *other)
{
	for (size_t i = 0; i < other->field_count; i++)
		count_path(unknown, other->fields[i].path, other->fields[i].count);
	unknown->others += other->others;
}

bool unknown_fields_line(const struct unknown_fields *unknown, struct strbuf *out)
{
	size_t begin = out->length;
	size_t others = unknown->others;

	if (unknown->field_count == 0)
		return false;
	strbuf_str(out, "unknown fields were left out: ");
	for (size_t i = 0; i < unknown->field_count; i++) {
		const struct unknown_field *field = &unknown->fields[i];

		if (out->length - begin > LINE_LENGTH_MAX)
			others += field->count;
		else
			strbuf_printf(out, "%s%s × %zu", i > 0 ? ", " : "", field->path,
			              field->count);
	}
	if (others > 0)
		strbuf_printf(out, " and %zu more", others);
	return true;
}

void unknown_fields_fini(struct unknown_fields *unknown)
{
	for (size_t i = 0; i < unknown->field_count; i++)
		free(unknown->fields[i].path);
	unknown->field_count = unknown->others = 0;
}
