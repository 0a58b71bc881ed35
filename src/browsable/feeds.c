/* Writes the feeds of what happens to flights: a calendar (RFC 5545) and a news feed (RFC 4287). */
#include <string.h>

#include "base/embed.h"
#include "base/version.h"
#include "json_scan.h"
#include "page_internal.h"

struct feed_slots {
	struct text data, name, version;
	struct text base, flights_url;
};

/* --- The calendar. --- */

#define LINE_MOST 75 /* bytes of a line, without its end */

/* Bytes of a text in a property's value. */
static void escape_calendar(struct strbuf *out, const char *data, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)data[i];

		if (c == '\n')
			strbuf_str(out, "\\n");
		else if (c < ' ' || c == 0x7F)
			strbuf_char(out, ' ');
		else if (strchr("\\,;", c))
			strbuf_printf(out, "\\%c", c);
		else
			strbuf_char(out, (char)c);
	}
}

/* How much of the text fits on a line of that many bytes, without cutting a character in two. */
static size_t fitting(struct text text, size_t most)
{
	if (text.length <= most)
		return text.length;
	while (most > 0 && ((unsigned char)text.data[most] & 0xC0) == 0x80)
		most--;
	return most;
}

/* Ends lines as calendars do, and folds those that are too long. */
static void fold(struct strbuf *out, struct text text)
{
	struct text line;

	while (text_split(&text, '\n', &line) && text.data) {
		size_t length = fitting(line, LINE_MOST);

		strbuf_add(out, line.data, length);
		for (line = text_from(line, length); line.length > 0;
		     line = text_from(line, length)) {
			length = fitting(line, LINE_MOST - 1);
			strbuf_str(out, "\r\n ");
			strbuf_add(out, line.data, length);
		}
		strbuf_str(out, "\r\n");
	}
}

/* --- The news feed. --- */

/* XML has no way to write most control characters, nor U+FFFE and U+FFFF. */
static void escape_xml(struct strbuf *out, const char *data, size_t length)
{
	size_t begin = out->length;

	markup_escape(out, data, length);
	for (size_t i = begin; i < out->length; i++) {
		unsigned char *c = (unsigned char *)out->data + i;

		if (*c < ' ' && *c != '\t' && *c != '\n' && *c != '\r')
			*c = ' ';
		else if (out->length - i > 2 &&
		         (memcmp(c, "\xEF\xBF\xBE", 3) == 0 || memcmp(c, "\xEF\xBF\xBF", 3) == 0))
			memset(c, ' ', 3);
	}
}

/* --- Both. --- */

EMBED(calendar_ics, "src/browsable/calendar.ics");
EMBED(feed_xml, "src/browsable/feed.xml");

static const struct markup_slot calendar_slots[] = {
	MARKUP_TEXT(struct feed_slots, version),
	MARKUP_TEXT(struct feed_slots, name),
	MARKUP_JSON(struct feed_slots, data),
	MARKUP_TEXT(struct feed_slots, flights_url),
};

static const struct markup_slot feed_slots[] = {
	MARKUP_TEXT(struct feed_slots, version),     MARKUP_TEXT(struct feed_slots, name),
	MARKUP_TEXT(struct feed_slots, base),        MARKUP_JSON(struct feed_slots, data),
	MARKUP_TEXT(struct feed_slots, flights_url),
};

const struct markup calendar_markup = MARKUP_IN(calendar_ics, calendar_slots, escape_calendar);
const struct markup feed_markup = MARKUP_IN(feed_xml, feed_slots, escape_xml);

static void write_feed(const struct page *page, const struct markup *markup, const char *name,
                       struct strbuf *out)
{
	struct arena arena;
	struct text station;
	const struct link *link = &page->decision->link;
	struct feed_slots slots = {
		.data = page->data, .base = link->base, .version = text_of(VERSION)};

	arena_init(&arena);
	station = scan_string(&arena, scan_at(page->data, "station"));
	slots.name =
		text_of(station.length ? arena_printf(&arena, "%s: %s", name, station.data) : name);
	slots.flights_url = text_of(endpoint_list_url(&arena, link->base, FLIGHT_ENDPOINT));
	markup_write(markup, &slots, page->clock, out);
	format_good_for(page->clock, PAGE_FEED_GOOD_FOR);
	arena_fini(&arena);
}

void page_write_calendar(const struct page *page, struct strbuf *out)
{
	struct strbuf unfolded = STRBUF_INIT;

	write_feed(page, &calendar_markup, "Spacecraft flights", &unfolded);
	fold(out, (struct text){unfolded.data, unfolded.length});
	strbuf_fini(&unfolded);
}

void page_write_feed(const struct page *page, struct strbuf *out)
{
	write_feed(page, &feed_markup, "Spacecraft flights", out);
}
