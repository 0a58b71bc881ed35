/* Writes templates and fills them in. */
#include "serializer/template.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/temporal.h"
#include "template_writer.h"

enum hole_kind { HOLE_BASE, HOLE_SUFFIX, HOLE_DURATION, HOLE_ITEM };

struct template_hole {
	size_t at; /* in the text */
	enum hole_kind kind;
};

struct text_template {
	char *text; /* without what goes into the holes */
	size_t length;
	struct template_hole *holes; /* in the order of the text */
	size_t hole_count;
	struct growing_duration *durations; /* of the holes for durations, in their order */
	size_t duration_count;
	struct listed_item *items; /* of the holes at which they begin, in their order */
	size_t item_count;
};

/* --- Writing. --- */

void template_writer_init(struct template_writer *writer)
{
	*writer = (struct template_writer){.text = STRBUF_INIT};
}

static void add_hole(struct template_writer *writer, enum hole_kind kind, size_t at)
{
	if (writer->hole_count == writer->hole_capacity)
		writer->holes =
			grow_array(writer->holes, &writer->hole_capacity, sizeof(*writer->holes));
	writer->holes[writer->hole_count++] = (struct template_hole){at, kind};
}

static void add_duration(struct template_writer *writer, struct growing_duration duration)
{
	if (writer->duration_count == writer->duration_capacity)
		writer->durations = grow_array(writer->durations, &writer->duration_capacity,
		                               sizeof(*writer->durations));
	writer->durations[writer->duration_count++] = duration;
}

void template_write_url(struct template_writer *writer, const char *path, size_t length)
{
	strbuf_char(&writer->text, '"');
	add_hole(writer, HOLE_BASE, writer->text.length);
	strbuf_add(&writer->text, path, length);
	add_hole(writer, HOLE_SUFFIX, writer->text.length);
	strbuf_char(&writer->text, '"');
}

void template_write_duration(struct template_writer *writer,
                             const struct growing_duration *duration)
{
	add_hole(writer, HOLE_DURATION, writer->text.length);
	add_duration(writer, *duration);
}

static void add_item(struct template_writer *writer, struct listed_item item)
{
	if (writer->item_count == writer->item_capacity)
		writer->items =
			grow_array(writer->items, &writer->item_capacity, sizeof(*writer->items));
	writer->items[writer->item_count++] = item;
}

size_t template_begin_item(struct template_writer *writer, int64_t from, int64_t until)
{
	add_hole(writer, HOLE_ITEM, writer->text.length);
	add_item(writer, (struct listed_item){from, until, 0});
	strbuf_char(&writer->text, ',');
	return writer->item_count - 1;
}

void template_end_item(struct template_writer *writer, size_t item)
{
	writer->items[item].end = writer->text.length;
}

void template_write_copy(struct template_writer *writer, const struct text_template *template)
{
	for (size_t i = 0; i < template->hole_count; i++)
		add_hole(writer, template->holes[i].kind,
		         writer->text.length + template->holes[i].at);
	for (size_t i = 0; i < template->duration_count; i++)
		add_duration(writer, template->durations[i]);
	for (size_t i = 0; i < template->item_count; i++) {
		struct listed_item item = template->items[i];
		item.end += writer->text.length;
		add_item(writer, item);
	}
	strbuf_add(&writer->text, template->text, template->length);
}

struct text_template *template_writer_finish(struct template_writer *writer)
{
	struct text_template *template = must(malloc(sizeof(*template)));
	*template = (struct text_template){
		.holes = writer->holes,
		.hole_count = writer->hole_count,
		.durations = writer->durations,
		.duration_count = writer->duration_count,
		.items = writer->items,
		.item_count = writer->item_count,
	};
	template->text = strbuf_steal(&writer->text, &template->length);
	return template;
}

void template_free(struct text_template *template)
{
	if (template == NULL)
		return;
	free(template->text);
	free(template->holes);
	free(template->durations);
	free(template->items);
	free(template);
}

/* --- Filling in. A page has tens of thousands of holes: space for all of it is reserved once. --- */

static char *put(char *end, const char *text, size_t length)
{
	memcpy(end, text, length);
	return end + length;
}

static bool is_null_until(const struct growing_duration *duration, int64_t now)
{
	return duration->null_before && now < duration->since && now < duration->until;
}

static char *put_duration(char *end, const struct growing_duration *duration, int64_t now)
{
	char text[TEMPORAL_TEXT_SIZE];
	if (is_null_until(duration, now))
		return put(end, "null", 4);
	int64_t elapsed = (now < duration->until ? now : duration->until) - duration->since;
	int64_t rest = (elapsed % duration->step + duration->step) % duration->step;
	size_t length = duration_format(elapsed - rest, text);
	*end++ = '"';
	end = put(end, text, length);
	*end++ = '"';
	return end;
}

/* Where the text goes on at an item: behind it, behind the comma of the list's first, or with the item. */
static size_t skip_item(const struct listed_item *item, size_t at, char before, int64_t now)
{
	if (now < item->from || now >= item->until)
		return item->end;
	return before == '[' ? at + 1 : at;
}

void template_fill(const struct text_template *template, const struct rendering *rendering,
                   struct strbuf *out)
{
	char *end = strbuf_reserve(out, template_filled_size(template, rendering));
	const char *text = template->text;
	const struct growing_duration *duration = template->durations;
	const struct listed_item *item = template->items;
	size_t done = 0;
	for (size_t i = 0; i < template->hole_count; i++) {
		const struct template_hole *hole = &template->holes[i];
		bool skipped = hole->at < done; /* within an item that is not there */
		if (!skipped) {
			end = put(end, text + done, hole->at - done);
			done = hole->at;
		}
		if (hole->kind == HOLE_DURATION)
			end = skipped ? end : put_duration(end, duration, rendering->now);
		else if (hole->kind == HOLE_ITEM)
			done = skipped ? done : skip_item(item, done, end[-1], rendering->now);
		else if (!skipped && hole->kind == HOLE_BASE)
			end = put(end, rendering->base, rendering->base_length);
		else if (!skipped)
			end = put(end, rendering->suffix, rendering->suffix_length);
		duration += hole->kind == HOLE_DURATION;
		item += hole->kind == HOLE_ITEM;
	}
	end = put(end, text + done, template->length - done);
	*end = '\0';
	out->length = (size_t)(end - out->data);
}

size_t template_filled_size(const struct text_template *template, const struct rendering *rendering)
{
	/* A url has two holes. TEMPORAL_TEXT_SIZE exceeds a duration's text by more than its quotes. */
	size_t urls = (template->hole_count - template->duration_count - template->item_count) / 2;
	return template->length + urls * (rendering->base_length + rendering->suffix_length) +
	       template->duration_count * TEMPORAL_TEXT_SIZE;
}

/* The next moment at which an item comes or goes; INT64_MAX: never. */
static int64_t item_changes(const struct listed_item *item, int64_t now)
{
	if (now < item->from)
		return item->from;
	return now < item->until ? item->until : INT64_MAX;
}

int64_t template_good_for(const struct text_template *template, int64_t now)
{
	int64_t good_for = INT64_MAX;
	for (size_t i = 0; i < template->duration_count; i++) {
		const struct growing_duration *duration = &template->durations[i];
		if (now >= duration->until)
			continue;
		int64_t changes =
			is_null_until(duration, now) ? duration->since - now : MICROSECONDS;
		good_for = changes < good_for ? changes : good_for;
	}
	for (size_t i = 0; i < template->item_count; i++) {
		int64_t changes = item_changes(&template->items[i], now);
		if (changes != INT64_MAX && changes - now < good_for)
			good_for = changes - now;
	}
	return good_for;
}

size_t template_size(const struct text_template *template)
{
	return sizeof(*template) + template->length + 1 +
	       template->hole_count * sizeof(*template->holes) +
	       template->duration_count * sizeof(*template->durations) +
	       template->item_count * sizeof(*template->items);
}
