/* Renders HTML templates. */
#include "markup.h"

#include "json_scan.h"

struct tag {
	char kind;                       /* '#', '^', '/', or 0: a value */
	struct text whole, name, format; /* whole: both, as written */
	const char *begin, *end;         /* of the tag itself */
};

/* A JSON value over which a section is rendered, within that of the section around it. */
struct scope {
	struct text value;
	const struct scope *outer; /* NULL: none */
};

struct writer {
	const struct markup *markup;
	void *context;
	struct format_clock *clock;
	struct arena arena; /* of formatted values */
	struct strbuf *out;
};

/* The first tag in the text; false if there is none. */
static bool find_tag(const char *text, const char *end, struct tag *tag)
{
	const char *begin = memmem(text, (size_t)(end - text), "{{", 2);
	const char *name = begin ? begin + 2 : end;
	const char *close = memmem(name, (size_t)(end - name), "}}", 2);
	struct text whole, format, first;
	char kind = '\0';

	if (!close)
		return false;
	if (*name == '#' || *name == '^' || *name == '/')
		kind = *name++;
	whole = format = (struct text){name, (size_t)(close - name)};
	text_split(&format, '|', &first);
	*tag = (struct tag){kind, whole, first, format, begin, close + 2};
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
		if (close->kind == '/' && text_equal(close->whole, open->whole))
			return true;
		text = close->end;
	}
	return false;
}

/* --- Slots: members of the context. --- */

static struct text text_at(size_t offset, const void *context)
{
	const void *member = (const char *)context + offset - 1;

	return *(const struct text *)member;
}

static bool is_true(const struct markup_slot *slot, const void *context)
{
	if (slot->text > 0)
		return text_at(slot->text, context).length > 0;
	return slot->flag > 0 && *((const bool *)context + slot->flag - 1);
}

/* Whether the section is rendered for the index-th time. */
static bool has_item(const struct markup_slot *slot, char kind, void *context, size_t index)
{
	if (slot->each)
		return kind == '#' && slot->each(context, index);
	return index == 0 && is_true(slot, context) == (kind == '#');
}

static void write_text(struct writer *writer, struct text text)
{
	if (writer->markup->escape)
		writer->markup->escape(writer->out, text.data, text.length);
	else
		markup_escape(writer->out, text.data, text.length);
}

static void write_slot(struct writer *writer, const struct markup_slot *slot,
                       const struct scope *scope)
{
	if (slot->html) {
		slot->html(writer->out, writer->context);
	} else if (slot->html_of) {
		slot->html_of(writer->out, writer->context,
		              scope ? scope->value : (struct text){NULL, 0});
	} else if (slot->text > 0) {
		write_text(writer, text_at(slot->text, writer->context));
	}
}

/* --- JSON: members of the value that a section is over, else of one around it. --- */

/* The member at a path of names with dots between them; `.` is the value itself. */
static struct text member_at(const struct scope *scope, struct text path)
{
	struct text name, rest, value = {NULL, 0};

	if (text_is(path, "."))
		return scope->value;
	for (; scope && !value.data; scope = scope->outer) {
		rest = path;
		value = scope->value;
		while (value.data && text_split(&rest, '.', &name))
			value = scan_member_called(value, name);
	}
	return value;
}

static struct text formatted(struct writer *writer, const struct tag *tag,
                             const struct scope *scope)
{
	return format_value(&writer->arena, tag->format, member_at(scope, tag->name),
	                    writer->clock);
}

static void write_part(struct writer *writer, const char *text, const char *end,
                       const struct scope *scope);

/* The part once per item of the value, or once for another value that says something. */
static bool write_over(struct writer *writer, struct text value, const struct tag *open,
                       const char *end, const struct scope *outer)
{
	struct scope scope = {value, outer};
	struct text rest;
	bool any = false;

	if (!scan_is_array(value)) {
		if (!scan_says_something(value))
			return false;
		if (open->kind == '#')
			write_part(writer, open->end, end, &scope);
		return true;
	}
	for (rest = scan_begin(value); scan_item(&rest, &scope.value); any = true)
		if (open->kind == '#')
			write_part(writer, open->end, end, &scope);
	return any;
}

static void write_json_section(struct writer *writer, const struct tag *open, const char *end,
                               struct text value, const struct scope *scope)
{
	bool any = open->format.data ? formatted(writer, open, scope).length > 0
	                             : write_over(writer, value, open, end, scope);

	if (open->format.data ? any == (open->kind == '#') : !any && open->kind == '^')
		write_part(writer, open->end, end, scope);
}

/* --- The template. --- */

static void write_section(struct writer *writer, const struct tag *open, const char *end,
                          const struct markup_slot *slot, const struct scope *scope)
{
	if (slot && slot->json > 0)
		write_json_section(writer, open, end, text_at(slot->json, writer->context), scope);
	else if (!slot)
		write_json_section(writer, open, end, member_at(scope, open->name), scope);
	else
		for (size_t i = 0; has_item(slot, open->kind, writer->context, i); i++)
			write_part(writer, open->end, end, scope);
}

static void write_value(struct writer *writer, const struct tag *tag,
                        const struct markup_slot *slot, const struct scope *scope)
{
	if (slot) {
		write_slot(writer, slot, scope);
		return;
	}
	write_text(writer, formatted(writer, tag, scope));
}

static void write_part(struct writer *writer, const char *text, const char *end,
                       const struct scope *scope)
{
	const struct markup_slot *slot;
	struct tag tag, close;

	while (find_tag(text, end, &tag)) {
		strbuf_add(writer->out, text, (size_t)(tag.begin - text));
		text = tag.end;
		slot = find_slot(writer->markup, &tag);
		if (!slot && !scope)
			continue;
		if (tag.kind == '\0') {
			write_value(writer, &tag, slot, scope);
		} else if (tag.kind != '/' && find_close(&tag, end, &close)) {
			write_section(writer, &tag, close.begin, slot, scope);
			text = close.end;
		}
	}
	strbuf_add(writer->out, text, (size_t)(end - text));
}

void markup_write(const struct markup *markup, void *context, struct format_clock *clock,
                  struct strbuf *out)
{
	struct writer writer = {.markup = markup, .context = context, .clock = clock, .out = out};

	arena_init(&writer.arena);
	write_part(&writer, markup->template, markup->end, NULL);
	arena_fini(&writer.arena);
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
