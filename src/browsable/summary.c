/* Writes the summary beside the JSON: a card per row of a list, or the facts and pictures of a row. Its
   contents are parts of the JSON text. */
#include "base/embed.h"
#include "json_scan.h"
#include "page_internal.h"

struct summary_slots {
	const struct page *page;
	struct arena *arena;
	struct text heading, class;
	bool facts, tiles; /* whether there are any */
	size_t next_fact;  /* the index of the one behind the current */
	struct text fact_label, fact_value;
	struct picture_list *list;
	struct picture current;
};

/* --- Facts. --- */

static struct text fact_text(struct summary_slots *slots, const struct fact *fact)
{
	static const char *const formats[] = {
		[FACT_MOMENT] = "moment", [FACT_DURATION] = "duration", [FACT_TEXT] = ""};
	struct text value = scan_at(slots->page->json, fact->path);

	if (fact->format == FACT_NAMES)
		return format_names(slots->arena, value, fact->item);
	return format_value(slots->arena, text_of(formats[fact->format]), value,
	                    slots->page->clock);
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

		slots->fact_label = text_of(fact->label);
		slots->fact_value = fact_text(slots, fact);
		if (slots->fact_value.length > 0)
			return true;
	}
	return false;
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
	MARKUP_TEXT(struct summary_slots, fact_value),
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
	slots->facts = true;
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
