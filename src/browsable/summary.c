/* Writes the summary beside the JSON: a card per row of a list, or the facts and pictures of a row. Its
   contents are parts of the JSON text. */
#include "base/embed.h"
#include "json_scan.h"
#include "page_internal.h"

/* Values of a fact; more than that are counted. */
#define VALUES_MAX 12

struct fact_value {
	struct text text, link; /* link: empty where it leads nowhere */
};

struct summary_slots {
	const struct page *page;
	struct arena *arena;
	struct text heading, class;
	bool facts, tiles; /* whether there are any */
	size_t next_fact;  /* the index of the one behind the current */
	/* Of the current fact. */
	struct text fact_label, more;
	struct fact_value values[VALUES_MAX], value; /* value: the current one */
	size_t value_count;
	bool follows; /* whether the current value has one before it */
	struct picture_list *list;
	struct picture current;
};

/* --- Facts. --- */

/* What people call an object: its first member of these that has a text; a text is its own name. */
static struct text name_of(struct arena *arena, struct text object)
{
	static const char *const members[] = {"full_name", "name", "serial_number", "title"};
	struct text name = scan_string(arena, object);

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]) && !name.length; i++)
		name = scan_string(arena, scan_at(object, members[i]));
	return name;
}

/* Adds a value, unless it has no text. */
static void add_value(struct summary_slots *slots, struct text text, struct text link)
{
	if (text.length > 0 && slots->value_count++ < VALUES_MAX)
		slots->values[slots->value_count - 1] = (struct fact_value){text, link};
}

static void add_named(struct summary_slots *slots, const struct fact *fact, struct text object)
{
	struct text named = fact->item ? scan_at(object, fact->item) : object;

	add_value(slots, name_of(slots->arena, named),
	          format_value(slots->arena, text_of("web"), scan_at(named, "url"), NULL));
}

static void find_values(struct summary_slots *slots, const struct fact *fact)
{
	struct text format = text_of(fact->format), rest, item;
	struct text value = scan_at(slots->page->json, fact->path);

	slots->value_count = 0;
	if (!fact->format && scan_is_object(value)) {
		add_named(slots, fact, value);
	} else if (!fact->format && scan_is_array(value)) {
		for (rest = scan_begin(value); scan_item(&rest, &item);)
			add_named(slots, fact, item);
	} else {
		value = format_value(slots->arena, format, value, slots->page->clock);
		add_value(slots, value, text_is(format, "web") ? value : text_of(NULL));
	}
}

/* The next fact with a value; the index counts only these. */
static bool next_fact(void *context, size_t index)
{
	struct summary_slots *slots = context;
	const struct endpoint *endpoint = slots->page->decision->endpoint;

	if (index == 0)
		slots->next_fact = 0;
	while (slots->next_fact < endpoint->fact_count) {
		const struct fact *fact = &endpoint->facts[slots->next_fact++];

		find_values(slots, fact);
		slots->fact_label = text_of(fact->label);
		slots->more = text_of(
			slots->value_count > VALUES_MAX
				? arena_printf(slots->arena, "%zu", slots->value_count - VALUES_MAX)
				: NULL);
		if (slots->value_count > 0)
			return true;
	}
	return false;
}

static bool next_value(void *context, size_t index)
{
	struct summary_slots *slots = context;

	if (index == slots->value_count || index == VALUES_MAX)
		return false;
	slots->value = slots->values[index];
	slots->follows = index > 0;
	return true;
}

/* --- Pictures. --- */

#define DEPTH_MAX 32

static bool has_thumbnail(const struct picture_list *list, struct text thumbnail)
{
	for (size_t i = 0; i < list->count; i++)
		if (text_equal(list->picture[i].thumbnail, thumbnail))
			return true;
	return false;
}

/* Adds an image under the name of its owner, once. */
static void add_picture(struct arena *arena, struct picture_list *list, struct text owner,
                        struct text image)
{
	struct text thumbnail =
		format_value(arena, text_of("web"), scan_at(image, "thumbnail_url"), NULL);
	struct text owner_name = scan_at(owner, "name");
	struct text name = scan_string(arena, scan_at(image, "name"));
	struct text caption = scan_is_string(owner_name) ? scan_string(arena, owner_name) : name;

	if (list->count == PICTURES_MAX || thumbnail.length == 0 || has_thumbnail(list, thumbnail))
		return;
	list->picture[list->count++] = (struct picture){
		.caption = caption.length > 0 ? caption : text_of("Unnamed"),
		.note = scan_string(arena, scan_at(image, "credit")),
		.link = format_value(arena, text_of("web"), scan_at(image, "image_url"), NULL),
		.thumbnail = thumbnail,
		.alt = name,
	};
}

/* Mission patches are images without thumbnails. */
static void add_patches(struct arena *arena, struct picture_list *list, struct text patches)
{
	struct text rest = scan_begin(patches);
	struct text patch;

	while (list->count < PICTURES_MAX && scan_item(&rest, &patch)) {
		struct text url =
			format_value(arena, text_of("web"), scan_at(patch, "image_url"), NULL);
		struct text name = scan_string(arena, scan_at(patch, "name"));

		if (url.length == 0 || has_thumbnail(list, url))
			continue;
		list->picture[list->count++] = (struct picture){
			.caption = name.length > 0 ? name : text_of("Unnamed"),
			.note = text_of("Mission patch"),
			.link = url,
			.thumbnail = url,
			.alt = name,
		};
	}
}

/* The images of an object or array and of all that is in it; not its logos, which would be more than half of
   the pictures. */
static void collect(struct arena *arena, struct picture_list *list, struct text value, int depth)
{
	struct text rest = scan_begin(value);
	struct text key, member;

	if (depth == DEPTH_MAX)
		return;
	if (!scan_is_object(value)) {
		while (scan_item(&rest, &member))
			collect(arena, list, member, depth + 1);
		return;
	}
	while (scan_member(&rest, &key, &member)) {
		if (text_is(key, "image"))
			add_picture(arena, list, value, member);
		else if (text_is(key, "mission_patches"))
			add_patches(arena, list, member);
		else
			collect(arena, list, member, depth + 1);
	}
}

struct picture_list *pictures_of(struct arena *arena, struct text document)
{
	struct picture_list *list = arena_alloc(arena, sizeof(*list));

	collect(arena, list, document, 0);
	return list;
}

/* --- Cards. --- */

/* The note of a card with its moment. */
static struct text card_note(struct arena *arena, struct text note, struct text moment)
{
	if (note.length == 0 || moment.length == 0)
		return note.length > 0 ? note : moment;
	return text_of(arena_printf(arena, "%s, %.*s", note.data, (int)moment.length, moment.data));
}

static struct picture card_of(struct arena *arena, const struct card *card, struct text row)
{
	struct text image = scan_at(row, card->image);
	struct text caption = scan_string(arena, scan_at(row, card->caption));
	struct text note = scan_string(arena, scan_at(row, card->note));
	struct text moment = format_value(arena, text_of("day"), scan_at(row, card->moment), NULL);

	return (struct picture){
		.caption = caption.length > 0 ? caption : text_of("Unnamed"),
		.note = card_note(arena, note, moment),
		.link = format_value(arena, text_of("web"), scan_at(row, "url"), NULL),
		.thumbnail =
			format_value(arena, text_of("web"), scan_at(image, "thumbnail_url"), NULL),
		.alt = scan_string(arena, scan_at(image, "name")),
	};
}

static struct picture_list *cards_of(struct arena *arena, const struct page *page)
{
	struct picture_list *list = arena_alloc(arena, sizeof(*list));
	struct text results = scan_begin(scan_at(page->json, "results"));
	struct text row;

	while (list->count < PICTURES_MAX && scan_item(&results, &row))
		list->picture[list->count++] = card_of(arena, &page->decision->endpoint->card, row);
	return list;
}

static bool next_tile(void *context, size_t index)
{
	struct summary_slots *slots = context;

	if (index < slots->list->count)
		slots->current = slots->list->picture[index];
	return index < slots->list->count;
}

EMBED(summary_html, "src/browsable/summary.html");

static const struct markup_slot slot_table[] = {
	MARKUP_TEXT(struct summary_slots, heading),
	MARKUP_FLAG(struct summary_slots, facts),
	{"fact", .each = next_fact},
	MARKUP_TEXT(struct summary_slots, fact_label),
	{"value", .each = next_value},
	MARKUP_FLAG(struct summary_slots, follows),
	MARKUP_TEXT(struct summary_slots, value.text),
	MARKUP_TEXT(struct summary_slots, value.link),
	MARKUP_TEXT(struct summary_slots, more),
	MARKUP_FLAG(struct summary_slots, tiles),
	MARKUP_TEXT(struct summary_slots, class),
	{"tile", .each = next_tile},
	MARKUP_TEXT(struct summary_slots, current.link),
	MARKUP_TEXT(struct summary_slots, current.thumbnail),
	MARKUP_TEXT(struct summary_slots, current.alt),
	MARKUP_TEXT(struct summary_slots, current.caption),
	MARKUP_TEXT(struct summary_slots, current.note),
};

const struct markup summary_markup = MARKUP(summary_html, slot_table);

/* A card per row, unless there are none. */
static void write_list(struct summary_slots *slots, struct strbuf *out)
{
	const char *nouns = page_capitalized(slots->arena, slots->page->decision->endpoint->nouns);

	slots->list = cards_of(slots->arena, slots->page);
	slots->heading = text_of(arena_printf(slots->arena, "%s on this page", nouns));
	slots->class = text_of("cards");
	slots->tiles = true;
	if (slots->list->count > 0)
		markup_write(&summary_markup, slots, slots->page->clock, out);
}

static void write_row(struct summary_slots *slots, struct strbuf *out)
{
	const char *noun = slots->page->decision->endpoint->noun;

	slots->list = pictures_of(slots->arena, slots->page->json);
	slots->heading = text_of(arena_printf(slots->arena, "The %s in short", noun));
	slots->class = text_of("pictures");
	slots->facts = next_fact(slots, 0);
	slots->tiles = slots->list->count > 0;
	markup_write(&summary_markup, slots, slots->page->clock, out);
}

void summary_write(const struct page *page, struct strbuf *out)
{
	struct arena arena;
	struct summary_slots slots = {.page = page, .arena = &arena};

	arena_init(&arena);
	if (page_is_list(page))
		write_list(&slots, out);
	else
		write_row(&slots, out);
	arena_fini(&arena);
}
