/* Writes the summary beside the JSON: a card per row of a list, or the facts and pictures of a row. Its
   contents are parts of the JSON text. */
#include <inttypes.h>
#include <strings.h>

#include "base/embed.h"
#include "base/temporal.h"
#include "json_scan.h"
#include "page_internal.h"

/* Rows of a page; more pictures than that are left out. */
#define TILES_MAX QUERY_LIMIT_MOST
#define DEPTH_MAX 32

#define MINUTE (60 * MICROSECONDS)
#define HOUR (60 * MINUTE)

/* A picture with a caption: the card of a row, or a picture of a row. Texts are empty where there are none. */
struct tile {
	struct text caption, note, link, thumbnail, alt;
};

struct summary_slots {
	const struct page *page;
	struct arena *arena;
	struct text heading, class;
	bool facts, tiles; /* whether there are any */
	size_t next_fact;  /* the index of the one behind the current */
	struct text fact_label, fact_value;
	struct tile tile[TILES_MAX], current;
	size_t tile_count;
};

/* --- Facts. --- */

/* The day of a moment, or its day and time; other strings as they are. */
static struct text moment_text(struct arena *arena, struct text value, bool time)
{
	struct text text = scan_string(arena, value);
	int64_t moment;

	if (text.length < 17 || !moment_parse(text.data, &moment))
		return text;
	if (time)
		return text_of(arena_printf(arena, "%.10s %.5s UTC", text.data, text.data + 11));
	return (struct text){text.data, 10};
}

static struct text duration_text(struct arena *arena, struct text value)
{
	struct text text = scan_string(arena, value);
	int64_t duration;

	if (text.length == 0 || !duration_parse(text.data, &duration) || duration < 0)
		return text;
	return text_of(arena_printf(arena, "%" PRId64 " d %" PRId64 " h %" PRId64 " min",
	                            duration / DAY_MICROSECONDS, duration % DAY_MICROSECONDS / HOUR,
	                            duration % HOUR / MINUTE));
}

/* The strings at that path in each item, with commas between them. */
static struct text names_text(struct arena *arena, struct text list, const char *path)
{
	struct text rest = scan_begin(list);
	struct strbuf names = STRBUF_INIT;
	struct text item;

	while (scan_item(&rest, &item)) {
		struct text name = scan_at(item, path);

		if (!scan_is_string(name))
			continue;
		name = scan_string(arena, name);
		strbuf_str(&names, names.length > 0 ? ", " : "");
		strbuf_add(&names, name.data, name.length);
	}
	return page_text(arena, &names);
}

static struct text fact_text(struct arena *arena, const struct fact *fact, struct text row)
{
	struct text value = scan_at(row, fact->path);

	switch (fact->format) {
	case FACT_MOMENT:
		return moment_text(arena, value, true);
	case FACT_DURATION:
		return duration_text(arena, value);
	case FACT_NAMES:
		return names_text(arena, value, fact->item);
	default:
		return scan_string(arena, value);
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

		slots->fact_label = text_of(fact->label);
		slots->fact_value = fact_text(slots->arena, fact, slots->page->json);
		if (slots->fact_value.length > 0)
			return true;
	}
	return false;
}

/* --- Cards and pictures. --- */

/* Only http and https urls become links and pictures. */
static struct text web_url(struct arena *arena, struct text value)
{
	struct text url = scan_string(arena, value);
	bool web = (url.length > 7 && strncasecmp(url.data, "http://", 7) == 0) ||
	           (url.length > 8 && strncasecmp(url.data, "https://", 8) == 0);

	return web ? url : (struct text){NULL, 0};
}

static void add_tile(struct summary_slots *slots, struct tile tile)
{
	if (tile.caption.length == 0)
		tile.caption = text_of("Unnamed");
	slots->tile[slots->tile_count++] = tile;
}

/* The note of a card with its moment. */
static struct text card_note(struct arena *arena, struct text note, struct text moment)
{
	if (note.length == 0 || moment.length == 0)
		return note.length > 0 ? note : moment;
	return text_of(arena_printf(arena, "%s, %.*s", note.data, (int)moment.length, moment.data));
}

static void collect_cards(struct summary_slots *slots)
{
	const struct card *card = &slots->page->decision->endpoint->card;
	struct text results = scan_begin(scan_at(slots->page->json, "results"));
	struct arena *arena = slots->arena;
	struct text row;

	while (slots->tile_count < TILES_MAX && scan_item(&results, &row)) {
		struct text image = scan_at(row, card->image);
		struct text note = scan_string(arena, scan_at(row, card->note));
		struct text moment = moment_text(arena, scan_at(row, card->moment), false);

		add_tile(slots,
		         (struct tile){
				 .caption = scan_string(arena, scan_at(row, card->caption)),
				 .note = card_note(arena, note, moment),
				 .link = web_url(arena, scan_at(row, "url")),
				 .thumbnail = web_url(arena, scan_at(image, "thumbnail_url")),
				 .alt = scan_string(arena, scan_at(image, "name")),
			 });
	}
}

static bool has_thumbnail(const struct summary_slots *slots, struct text thumbnail)
{
	for (size_t i = 0; i < slots->tile_count; i++)
		if (text_equal(slots->tile[i].thumbnail, thumbnail))
			return true;
	return false;
}

/* Adds an image under the name of its owner, once. */
static void add_picture(struct summary_slots *slots, struct text owner, struct text image)
{
	struct arena *arena = slots->arena;
	struct text thumbnail = web_url(arena, scan_at(image, "thumbnail_url"));
	struct text owner_name = scan_at(owner, "name");
	struct text name = scan_string(arena, scan_at(image, "name"));

	if (slots->tile_count == TILES_MAX || thumbnail.length == 0 ||
	    has_thumbnail(slots, thumbnail))
		return;
	add_tile(slots,
	         (struct tile){
			 .caption =
				 scan_is_string(owner_name) ? scan_string(arena, owner_name) : name,
			 .note = scan_string(arena, scan_at(image, "credit")),
			 .link = web_url(arena, scan_at(image, "image_url")),
			 .thumbnail = thumbnail,
			 .alt = name,
		 });
}

/* Collects the images of an object or array and of all that is in it; not its logos, which would be more
   than half of the pictures. */
static void collect_pictures(struct summary_slots *slots, struct text value, int depth)
{
	struct text rest = scan_begin(value);
	struct text key, member;

	if (depth == DEPTH_MAX)
		return;
	if (!scan_is_object(value)) {
		while (scan_item(&rest, &member))
			collect_pictures(slots, member, depth + 1);
		return;
	}
	while (scan_member(&rest, &key, &member)) {
		if (text_is(key, "image"))
			add_picture(slots, value, member);
		else
			collect_pictures(slots, member, depth + 1);
	}
}

static bool next_tile(void *context, size_t index)
{
	struct summary_slots *slots = context;

	if (index < slots->tile_count)
		slots->current = slots->tile[index];
	return index < slots->tile_count;
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

const struct markup summary_markup = {summary_html, summary_html_end, slot_table,
                                      sizeof(slot_table) / sizeof(slot_table[0])};

/* A card per row, unless there are none. */
static void write_list(struct summary_slots *slots, struct strbuf *out)
{
	const char *nouns = page_capitalized(slots->arena, slots->page->decision->endpoint->nouns);

	collect_cards(slots);
	slots->heading = text_of(arena_printf(slots->arena, "%s on this page", nouns));
	slots->class = text_of("cards");
	slots->tiles = true;
	if (slots->tile_count > 0)
		markup_write(&summary_markup, slots, out);
}

static void write_row(struct summary_slots *slots, struct strbuf *out)
{
	const char *noun = slots->page->decision->endpoint->noun;

	collect_pictures(slots, slots->page->json, 0);
	slots->heading = text_of(arena_printf(slots->arena, "The %s in short", noun));
	slots->class = text_of("pictures");
	slots->facts = true;
	slots->tiles = slots->tile_count > 0;
	markup_write(&summary_markup, slots, out);
}

void summary_write(const struct page *page, struct strbuf *out)
{
	struct arena arena;
	struct summary_slots slots = {.page = page, .arena = &arena};

	if (!page_is_ok(page) || !page->decision->endpoint)
		return;
	arena_init(&arena);
	if (page_is_list(page))
		write_list(&slots, out);
	else
		write_row(&slots, out);
	arena_fini(&arena);
}
