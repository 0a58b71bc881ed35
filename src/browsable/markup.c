/* Renders HTML templates. */
#include "markup.h"

#include <string.h>

struct tag {
	char kind; /* '#', '/', or 0: a value */
	struct text name;
	const char *begin, *end; /* of the tag itself */
};

/* The first tag in the text; false if there is none. */
static bool find_tag(const char *text, const char *end, struct tag *tag)
{
	const char *name = NULL;
	const char *close = NULL;

	tag->begin = memmem(text, (size_t)(end - text), "{{", 2);
	if (tag->begin) {
		name = tag->begin + 2;
		close = memmem(name, (size_t)(end - name), "}}", 2);
	}
	if (!close)
		return false;
	tag->end = close + 2;
	tag->kind = *name == '#' || *name == '/' ? *name : '\0';
	if (tag->kind)
		name++;
	tag->name = (struct text){name, (size_t)(close - name)};
	return true;
}

static const struct markup_slot *find_slot(const struct markup *markup, const struct tag *tag)
{
	for (size_t i = 0; i < markup->slot_count; i++)
		if (text_is(tag->name, markup->slots[i].name))
			return &markup->slots[i];
	return NULL;
}

/* The closing tag of the section that `open` begins. Sections of the same name do not nest. */
static bool find_close(const struct tag *open, const char *end, struct tag *close)
{
	const char *text = open->end;

	while (find_tag(text, end, close)) {
		if (close->kind == '/' && close->name.length == open->name.length &&
		    memcmp(close->name.data, open->name.data, open->name.length) == 0)
			return true;
		text = close->end;
	}
	return false;
}

static void write_value(const struct markup_slot *slot, const void *context, struct strbuf *out)
{
	struct strbuf text = STRBUF_INIT;

	if (slot->html) {
		slot->html(out, context);
	} else if (slot->member > 0) {
		const void *member = (const char *)context + slot->member - 1;
		const struct text *value = member;

		markup_escape(out, value->data, value->length);
	} else if (slot->text) {
		slot->text(&text, context);
		markup_escape(out, text.data, text.length);
		strbuf_fini(&text);
	}
}

/* Whether the section is rendered for the index-th time. */
static bool has_item(const struct markup_slot *slot, void *context, size_t index)
{
	if (slot && slot->when)
		return index == 0 && slot->when(context);
	return slot && slot->each && slot->each(context, index);
}

static void write_part(const struct markup *markup, const char *text, const char *end,
                       void *context, struct strbuf *out)
{
	const struct markup_slot *slot;
	struct tag tag, close;

	while (find_tag(text, end, &tag)) {
		strbuf_add(out, text, (size_t)(tag.begin - text));
		text = tag.end;
		slot = find_slot(markup, &tag);
		if (tag.kind == '\0' && slot) {
			write_value(slot, context, out);
		} else if (tag.kind == '#' && find_close(&tag, end, &close)) {
			for (size_t i = 0; has_item(slot, context, i); i++)
				write_part(markup, tag.end, close.begin, context, out);
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
	struct tag tag, close;

	for (; find_tag(text, end, &tag); text = tag.end) {
		slot = find_slot(markup, &tag);
		if (!slot)
			return error_set(error, "no slot is called \"%.*s\"", (int)tag.name.length,
			                 tag.name.data);
		if (tag.kind == '/')
			return error_set(error, "{{/%s}} closes nothing", slot->name);
		if ((tag.kind == '#') != (slot->when || slot->each))
			return error_set(error, "\"%s\" is not of that kind", slot->name);
		if (tag.kind != '#')
			continue;
		if (!find_close(&tag, end, &close))
			return error_set(error, "{{#%s}} is not closed", slot->name);
		if (!check_part(markup, tag.end, close.begin, error))
			return false;
		tag.end = close.end;
	}
	return true;
}

static bool is_used(const struct markup *markup, const char *name)
{
	const char *text = markup->template;
	struct tag tag;

	for (; find_tag(text, markup->end, &tag); text = tag.end)
		if (text_is(tag.name, name))
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
