/* Renders HTML templates. */
#include "markup.h"

struct tag {
	char kind; /* '#', '^', '/', or 0: a value */
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
	tag->kind = '\0';
	if (*name == '#' || *name == '^' || *name == '/')
		tag->kind = *name++;
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
		if (close->kind == '/' && text_equal(close->name, open->name))
			return true;
		text = close->end;
	}
	return false;
}

static struct text text_at(const struct markup_slot *slot, const void *context)
{
	const void *member = (const char *)context + slot->text - 1;

	return *(const struct text *)member;
}

static void write_value(const struct markup_slot *slot, const void *context, struct strbuf *out)
{
	if (slot->html) {
		slot->html(out, context);
	} else if (slot->text > 0) {
		struct text text = text_at(slot, context);

		markup_escape(out, text.data, text.length);
	}
}

static bool is_true(const struct markup_slot *slot, const void *context)
{
	if (slot->text > 0)
		return text_at(slot, context).length > 0;
	return slot->flag > 0 && *((const bool *)context + slot->flag - 1);
}

/* Whether the section is rendered for the index-th time. */
static bool has_item(const struct markup_slot *slot, char kind, void *context, size_t index)
{
	if (slot->each)
		return kind == '#' && slot->each(context, index);
	return index == 0 && is_true(slot, context) == (kind == '#');
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
		if (!slot)
			continue;
		if (tag.kind == '\0') {
			write_value(slot, context, out);
		} else if (tag.kind != '/' && find_close(&tag, end, &close)) {
			for (size_t i = 0; has_item(slot, tag.kind, context, i); i++)
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
