/* How templates are written: text goes to `text`, holes are added at its end, templates into templates. */
#ifndef TEMPLATE_WRITER_H
#define TEMPLATE_WRITER_H

#include <stdbool.h>

#include "serializer/template.h"

struct template_hole;

/* A duration that counts from `since` to `until` (INT64_MAX: without end) in steps, all in microseconds. */
struct growing_duration {
	int64_t since, step, until;
	bool null_before; /* null before `since`, else negative then */
};

/* An item of a list that is there from one moment on, until another (INT64_MAX: without end). */
struct listed_item {
	int64_t from, until;
	size_t end; /* of its text, which begins with a comma and does not end with a hole */
};

struct template_writer {
	struct strbuf text;
	struct template_hole *holes;
	size_t hole_count, hole_capacity;
	struct growing_duration *durations;
	size_t duration_count, duration_capacity;
	struct listed_item *items;
	size_t item_count, item_capacity;
};

void template_writer_init(struct template_writer *writer);

/* The url of a path, in quotes. */
void template_write_url(struct template_writer *writer, const char *path, size_t length);

void template_write_duration(struct template_writer *writer,
                             const struct growing_duration *duration);

/* Begins such an item, also the list's first, behind the list's `[`, and returns its number; it ends where
   template_end_item is called. */
size_t template_begin_item(struct template_writer *writer, int64_t from, int64_t until);
void template_end_item(struct template_writer *writer, size_t item);

/* A copy of another template's text, with its holes. */
void template_write_copy(struct template_writer *writer, const struct text_template *template);

/* The template that was written; new. The writer is void afterwards. */
struct text_template *template_writer_finish(struct template_writer *writer)
	__attribute__((returns_nonnull));

#endif
