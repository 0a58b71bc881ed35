/* Writes templates and fills them in. */
#include "serializer/template.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/temporal.h"
#include "template_writer.h"

enum hole_kind { HOLE_BASE, HOLE_SUFFIX, HOLE_DURATION };

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

void template_write_copy(struct template_writer *writer, const struct text_template *template)
{
	for (size_t i = 0; i < template->hole_count; i++)
		add_hole(writer, template->holes[i].kind,
		         writer->text.length + template->holes[i].at);
	for (size_t i = 0; i < template->duration_count; i++)
		add_duration(writer, template->durations[i]);
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

void template_fill(const struct text_template *template, const struct rendering *rendering,
                   struct strbuf *out)
{
	char *end = strbuf_reserve(out, template_filled_size(template, rendering));
	const char *text = template->text;
	const struct growing_duration *duration = template->durations;
	size_t done = 0;
	for (size_t i = 0; i < template->hole_count; i++) {
		const struct template_hole *hole = &template->holes[i];
		end = put(end, text + done, hole->at - done);
		done = hole->at;
		if (hole->kind == HOLE_BASE)
			end = put(end, rendering->base, rendering->base_length);
		else if (hole->kind == HOLE_SUFFIX)
			end = put(end, rendering->suffix, rendering->suffix_length);
		else
			end = put_duration(end, duration++, rendering->now);
	}
	end = put(end, text + done, template->length - done);
	*end = '\0';
	out->length = (size_t)(end - out->data);
}

size_t template_filled_size(const struct text_template *template, const struct rendering *rendering)
{
	/* A url has two holes. TEMPORAL_TEXT_SIZE exceeds a duration's text by more than its quotes. */
	size_t urls = (template->hole_count - template->duration_count) / 2;
	return template->length + urls * (rendering->base_length + rendering->suffix_length) +
	       template->duration_count * TEMPORAL_TEXT_SIZE;
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
	return good_for;
}

size_t template_size(const struct text_template *template)
{
	return sizeof(*template) + template->length + 1 +
	       template->hole_count * sizeof(*template->holes) +
	       template->duration_count * sizeof(*template->durations);
}
