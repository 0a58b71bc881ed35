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

/* A picture with a caption: the card of a row, or a picture of a row. All are JSON values; those that
   are no strings are missing. */
struct tile {
	struct text caption;
	struct text note;   /* of a picture: its credit */
	struct text moment; /* of a card */
	struct text link;
	struct text thumbnail;
	struct text alt;
};

struct summary_slots {
	const struct page *page;
	struct tile tiles[TILES_MAX];
	size_t tile_count;
	const struct tile *tile; /* the current one */
	size_t next_fact;        /* the index of the one behind the current */
	struct text fact_label;
	struct strbuf fact_value;
};

/* --- Facts. --- */

/* Appends the day of a moment, or its day and time; other strings as they are. */
static void write_moment(struct strbuf *out, struct text value, bool time)
{
	struct strbuf text = STRBUF_INIT;
	int64_t moment;

	scan_write_string(&text, value);
	if (text.length < 17 || !moment_parse(text.data, &moment))
		strbuf_add(out, text.data, text.length);
	else if (time)
		strbuf_printf(out, "%.10s %.5s UTC", text.data, text.data + 11);
	else
		strbuf_printf(out, "%.10s", text.data);
	strbuf_fini(&text);
}

static void write_duration(struct strbuf *out, struct text value)
{
	struct strbuf text = STRBUF_INIT;
	int64_t duration;

	scan_write_string(&text, value);
	if (text.length > 0 && duration_parse(text.data, &duration) && duration >= 0)
		strbuf_printf(out, "%" PRId64 " d %" PRId64 " h %" PRId64 " min",
		              duration / DAY_MICROSECONDS, duration % DAY_MICROSECONDS / HOUR,
		              duration % HOUR / MINUTE);
	else
		strbuf_add(out, text.data, text.length);
	strbuf_fini(&text);
}

/* Appends the string at that path in each item, with commas between them. */
static void write_names(struct strbuf *out, struct text list, const char *path)
{
	struct scan scan = scan_begin(list);
	struct text item;
	size_t begin = out->length;

	while (scan_item(&scan, &item)) {
		struct text name = scan_at(item, path);

		if (!scan_is_string(name))
			continue;
		if (out->length > begin)
			strbuf_str(out, ", ");
		scan_write_string(out, name);
	}
}

static void write_fact(struct strbuf *out, const struct fact *fact, struct text row)
{
	struct text value = scan_at(row, fact->path);

	switch (fact->format) {
	case FACT_TEXT:
		scan_write_string(out, value);
		break;
	case FACT_MOMENT:
		write_moment(out, value, true);
		break;
	case FACT_DURATION:
		write_duration(out, value);
		break;
	case FACT_NAMES:
		write_names(out, value, fact->item);
		break;
	}
}

/* --- Cards and pictures. --- */

/* Only http and https urls become links and pictures. */
static bool is_web_url(struct text value)
{
	return scan_is_string(value) &&
	       ((value.length > 9 && strncasecmp(value.data, "\"http://", 8) == 0) ||
	        (value.length > 10 && strncasecmp(value.data, "\"https://", 9) == 0));
}

static void collect_cards(struct summary_slots *slots)
{
	const struct card *card = &page_endpoint(slots->page)->card;
	struct scan results = scan_begin(scan_at(slots->page->json, "results"));
	struct text row;

	while (slots->tile_count < TILES_MAX && scan_item(&results, &row)) {
		struct text image = scan_at(row, card->image);

		slots->tiles[slots->tile_count++] = (struct tile){
			.caption = scan_at(row, card->caption),
			.note = scan_at(row, card->note),
			.moment = scan_at(row, card->moment),
			.link = scan_at(row, "url"),
			.thumbnail = scan_at(image, "thumbnail_url"),
			.alt = scan_at(image, "name"),
		};
	}
}

static bool has_thumbnail(const struct summary_slots *slots, struct text thumbnail)
{
	for (size_t i = 0; i < slots->tile_count; i++) {
		struct text known = slots->tiles[i].thumbnail;

		if (known.length == thumbnail.length &&
		    memcmp(known.data, thumbnail.data, known.length) == 0)
			return true;
	}
	return false;
}

/* Adds an image under the name of its owner, once. */
static void add_picture(struct summary_slots *slots, struct text owner, struct text image)
{
	struct text thumbnail = scan_at(image, "thumbnail_url");
	struct text name = scan_at(owner, "name");

	if (slots->tile_count == TILES_MAX || !is_web_url(thumbnail) ||
	    has_thumbnail(slots, thumbnail))
		return;
	slots->tiles[slots->tile_count++] = (struct tile){
		.caption = scan_is_string(name) ? name : scan_at(image, "name"),
		.note = scan_at(image, "credit"),
		.link = scan_at(image, "image_url"),
		.thumbnail = thumbnail,
		.alt = scan_at(image, "name"),
	};
}

/* Collects the images of an object or array and of all that is in it; not its logos, which would be more
   than half of the pictures. */
static void collect_pictures(struct summary_slots *slots, struct text value, int depth)
{
	struct scan scan = scan_begin(value);
	struct text key, member;

	if (depth == DEPTH_MAX)
		return;
	if (!scan_is_object(value)) {
		while (scan_item(&scan, &member))
			collect_pictures(slots, member, depth + 1);
		return;
	}
	while (scan_member(&scan, &key, &member)) {
		if (text_is(key, "image"))
			add_picture(slots, value, member);
		else
			collect_pictures(slots, member, depth + 1);
	}
}

/* --- The template. --- */

static void write_heading(struct strbuf *out, const void *context)
{
	const struct summary_slots *slots = context;
	const struct endpoint *endpoint = page_endpoint(slots->page);

	if (page_is_list(slots->page)) {
		page_write_capitalized(endpoint->nouns, out);
		strbuf_str(out, " on this page");
	} else {
		strbuf_printf(out, "The %s in short", endpoint->noun);
	}
}

static void write_class(struct strbuf *out, const void *context)
{
	const struct summary_slots *slots = context;

	strbuf_str(out, page_is_list(slots->page) ? "flights" : "pictures");
}

static bool has_facts(const void *context)
{
	const struct summary_slots *slots = context;

	return !page_is_list(slots->page);
}

/* The next fact with a value; the index counts only these. */
static bool next_fact(void *context, size_t index)
{
	struct summary_slots *slots = context;
	const struct endpoint *endpoint = page_endpoint(slots->page);

	if (index == 0)
		slots->next_fact = 0;
	while (slots->next_fact < endpoint->fact_count) {
		const struct fact *fact = &endpoint->facts[slots->next_fact++];

		strbuf_reset(&slots->fact_value);
		write_fact(&slots->fact_value, fact, slots->page->json);
		slots->fact_label = text_of(fact->label);
		if (slots->fact_value.length > 0)
			return true;
	}
	return false;
}

static void write_fact_value(struct strbuf *out, const void *context)
{
	const struct summary_slots *slots = context;

	strbuf_add(out, slots->fact_value.data, slots->fact_value.length);
}

static bool has_tiles(const void *context)
{
	const struct summary_slots *slots = context;

	return slots->tile_count > 0;
}

static bool next_tile(void *context, size_t index)
{
	struct summary_slots *slots = context;

	if (index >= slots->tile_count)
		return false;
	slots->tile = &slots->tiles[index];
	return true;
}

static bool has_link(const void *context)
{
	const struct summary_slots *slots = context;

	return is_web_url(slots->tile->link);
}

static void write_link_url(struct strbuf *out, const void *context)
{
	const struct summary_slots *slots = context;

	scan_write_string(out, slots->tile->link);
}

static bool has_picture(const void *context)
{
	const struct summary_slots *slots = context;

	return is_web_url(slots->tile->thumbnail);
}

static void write_thumbnail(struct strbuf *out, const void *context)
{
	const struct summary_slots *slots = context;

	scan_write_string(out, slots->tile->thumbnail);
}

static void write_alt(struct strbuf *out, const void *context)
{
	const struct summary_slots *slots = context;

	scan_write_string(out, slots->tile->alt);
}

static void write_caption(struct strbuf *out, const void *context)
{
	const struct summary_slots *slots = context;
	size_t begin = out->length;

	scan_write_string(out, slots->tile->caption);
	if (out->length == begin)
		strbuf_str(out, "Unnamed");
}

static bool has_note(const void *context)
{
	const struct summary_slots *slots = context;

	return scan_is_string(slots->tile->note) || scan_is_string(slots->tile->moment);
}

static void write_note(struct strbuf *out, const void *context)
{
	const struct summary_slots *slots = context;
	size_t begin = out->length;

	scan_write_string(out, slots->tile->note);
	if (!scan_is_string(slots->tile->moment))
		return;
	if (out->length > begin)
		strbuf_str(out, ", ");
	write_moment(out, slots->tile->moment, false);
}

EMBED(summary_html, "src/browsable/summary.html");

static const struct markup_slot slot_table[] = {
	{"heading", .text = write_heading},
	{"facts", .when = has_facts},
	{"fact", .each = next_fact},
	{"fact_label", .member = MARKUP_MEMBER(struct summary_slots, fact_label)},
	{"fact_value", .text = write_fact_value},
	{"tiles", .when = has_tiles},
	{"class", .text = write_class},
	{"tile", .each = next_tile},
	{"link", .when = has_link},
	{"link_url", .text = write_link_url},
	{"picture", .when = has_picture},
	{"thumbnail", .text = write_thumbnail},
	{"alt", .text = write_alt},
	{"caption", .text = write_caption},
	{"note", .when = has_note},
	{"note_text", .text = write_note},
};

const struct markup summary_markup = {summary_html, summary_html_end, slot_table,
                                      sizeof(slot_table) / sizeof(slot_table[0])};

void summary_write(const struct page *page, struct strbuf *out)
{
	struct summary_slots slots = {.page = page};

	if (!page_is_ok(page) || !page_endpoint(page))
		return;
	if (page_is_list(page))
		collect_cards(&slots);
	else
		collect_pictures(&slots, page->json, 0);
	if (page_is_list(page) && slots.tile_count == 0)
		return;
	markup_write(&summary_markup, &slots, out);
	strbuf_fini(&slots.fact_value);
}
