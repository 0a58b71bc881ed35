/* Fills in templates of HTML. */
#include "markup.h"

#include <string.h>

struct mark {
	char kind; /* '#', '/', or 0: a value */
	const char *name;
	size_t name_length;
	const char *begin, *end; /* of the mark itself */
};

/* The first mark in the text; false where there is none. */
static bool find_mark(const char *text, const char *end, struct mark *mark)
{
	const char *name = NULL;
	const char *close = NULL;

	mark->begin = memmem(text, (size_t)(end - text), "{{", 2);
	if (mark->begin) {
		name = mark->begin + 2;
		close = memmem(name, (size_t)(end - name), "}}", 2);
	}
	if (!close)
		return false;
	mark->end = close + 2;
	mark->kind = *name == '#' || *name == '/' ? *name : '\0';
	mark->name = mark->kind ? name + 1 : name;
	mark->name_length = (size_t)(close - mark->name);
	return true;
}

static bool same_name(const struct mark *mark, const char *name)
{
	return strlen(name) == mark->name_length &&
	       memcmp(name, mark->name, mark->name_length) == 0;
}

static const struct markup_slot *find_slot(const struct markup *markup, const struct mark *mark)
{
	for (size_t i = 0; i < markup->slot_count; i++)
		if (same_name(mark, markup->slots[i].name))
			return &markup->slots[i];
	return NULL;
}

/* The end mark of the section that `open` begins; sections of one name do not nest. */
static bool find_close(const struct mark *open, const char *end, struct mark *close)
{
	const char *text = open->end;

	while (find_mark(text, end, close)) {
		if (close->kind == '/' && close->name_length == open->name_length &&
		    memcmp(close->name, open->name, open->name_length) == 0)
			return true;
		text = close->end;
	}
	return false;
}

static void write_value(const struct markup_slot *slot, void *context, struct strbuf *out)
{
	struct strbuf text = STRBUF_INIT;

	if (slot->html) {
		slot->html(out, context);
	} else if (slot->text) {
		slot->text(&text, context);
		markup_escape(out, text.data, text.length);
		strbuf_fini(&text);
	}
}

static void write_part(const struct markup *markup, const char *text, const char *end,
                       void *context, struct strbuf *out)
{
	const struct markup_slot *slot;
	struct mark mark, close;

	while (find_mark(text, end, &mark)) {
		strbuf_add(out, text, (size_t)(mark.begin - text));
		text = mark.end;
		slot = find_slot(markup, &mark);
		if (mark.kind == '\0' && slot) {
			write_value(slot, context, out);
		} else if (mark.kind == '#' && find_close(&mark, end, &close)) {
			for (size_t i = 0; slot && slot->round && slot->round(context, i); i++)
				write_part(markup, mark.end, close.begin, context, out);
			text = close.end;
		}
	}
	strbuf_add(out, text, (size_t)(end - text));
}

void markup_write(const struct markup *markup, void *context, struct strbuf *out)
{
	write_part(markup, markup->template, markup->end, context, out);
}

static bool check_part(const struct markup *markup, const char *text, const char *end,
                       struct error *error)
{
	const struct markup_slot *slot;
	struct mark mark, close;

	for (; find_mark(text, end, &mark); text = mark.end) {
		int length = (int)mark.name_length;

		slot = find_slot(markup, &mark);
		if (!slot)
			return error_set(error, "no slot is called \"%.*s\"", length, mark.name);
		if (mark.kind == '/')
			return error_set(error, "{{/%s}} closes nothing", slot->name);
		if ((mark.kind == '#') != (slot->round != NULL))
			return error_set(error, "\"%s\" is not of that kind", slot->name);
		if (mark.kind != '#')
			continue;
		if (!find_close(&mark, end, &close))
			return error_set(error, "{{#%s}} is not closed", slot->name);
		if (!check_part(markup, mark.end, close.begin, error))
			return false;
		mark.end = close.end;
	}
	return true;
}

static bool is_used(const struct markup *markup, const char *name)
{
	const char *text = markup->template;
	struct mark mark;

	for (; find_mark(text, markup->end, &mark); text = mark.end)
		if (same_name(&mark, name))
			return true;
	return false;
}

bool markup_check(const struct markup *markup, struct error *error)
{
	for (size_t i = 0; i < markup->slot_count; i++)
		if (!is_used(markup, markup->slots[i].name))
			return error_set(error, "\"%s\" is not used", markup->slots[i].name);
	return check_part(markup, markup->template, markup->end, error);
}

static const char *const entities[256] = {
	['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#x27;",
};

void markup_escape(struct strbuf *out, const char *data, size_t length)
{
	size_t done = 0;

	for (size_t i = 0; i < length; i++) {
		const char *entity = entities[(unsigned char)data[i]];

		if (!entity)
			continue;
		strbuf_add(out, data + done, i - done);
		strbuf_str(out, entity);
		done = i + 1;
	}
	if (length > done)
		strbuf_add(out, data + done, length - done);
}
