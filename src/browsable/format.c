/* Values of JSON documents as people read them. */
#include "format.h"

#include <inttypes.h>
#include <stdlib.h>
#include <strings.h>

#include "base/temporal.h"
#include "flight_state.h"
#include "json_scan.h"

#define MINUTE (60 * MICROSECONDS)

static const struct text nothing = {NULL, 0};

struct text page_text(struct arena *arena, struct strbuf *buf)
{
	struct text text = {arena_copy(arena, buf->data, buf->length), buf->length};

	strbuf_fini(buf);
	return text;
}

/* --- Moments. --- */

/* The first `length` bytes of a moment's text: its year, month, day. */
static struct text head_of(struct arena *arena, int64_t moment, size_t length)
{
	char text[TEMPORAL_TEXT_SIZE];

	moment_format(moment, text);
	return (struct text){arena_copy(arena, text, length), length};
}

static struct text day_text(struct arena *arena, struct text value, struct format_clock *clock)
{
	int64_t moment;

	(void)clock;
	return scan_moment(value, &moment) ? head_of(arena, moment, 10) : scan_string(arena, value);
}

static struct text minute_text(struct arena *arena, int64_t moment)
{
	char text[TEMPORAL_TEXT_SIZE];

	moment_format(moment, text);
	return text_of(arena_printf(arena, "%.10s %.5s UTC", text, text + 11));
}

static struct text moment_text(struct arena *arena, struct text value, struct format_clock *clock)
{
	int64_t moment;

	(void)clock;
	return scan_moment(value, &moment) ? minute_text(arena, moment) : scan_string(arena, value);
}

static struct text iso_text(struct arena *arena, struct text value, struct format_clock *clock)
{
	int64_t moment;
	char text[TEMPORAL_TEXT_SIZE];

	(void)clock;
	if (!scan_moment(value, &moment))
		return nothing;
	moment_format(moment - moment % MICROSECONDS, text);
	return text_of(arena_string(arena, text));
}

/* Without what parts the digits. */
static struct text packed(struct arena *arena, struct text text)
{
	struct strbuf out = STRBUF_INIT;

	for (size_t i = 0; i < text.length; i++)
		if (text.data[i] != '-' && text.data[i] != ':')
			strbuf_char(&out, text.data[i]);
	return page_text(arena, &out);
}

static struct text stamp_text(struct arena *arena, struct text value, struct format_clock *clock)
{
	return packed(arena, iso_text(arena, value, clock));
}

static struct text digits_text(struct arena *arena, struct text value, struct format_clock *clock)
{
	(void)clock;
	return packed(arena, scan_string(arena, value));
}

/* --- How long before or after now. --- */

struct unit {
	const char *name;
	int64_t length, below; /* used for times below that */
};

static const struct unit units[] = {
	{"minute", MINUTE, HOUR_MICROSECONDS},
	{"hour", HOUR_MICROSECONDS, 2 * DAY_MICROSECONDS},
	{"day", DAY_MICROSECONDS, 60 * DAY_MICROSECONDS},
	{"month", 30 * DAY_MICROSECONDS + HOUR_MICROSECONDS * 21 / 2, 730 * DAY_MICROSECONDS},
	{"year", 365 * DAY_MICROSECONDS + HOUR_MICROSECONDS * 6, INT64_MAX},
};

static struct text ago_text(struct arena *arena, struct text value, struct format_clock *clock)
{
	const struct unit *unit = units;
	int64_t moment, distance, count, rest;

	if (!clock || !scan_moment(value, &moment))
		return nothing;
	distance = llabs(clock->now - moment);
	while (distance >= unit->below)
		unit++;
	count = distance / unit->length;
	rest = distance % unit->length;
	format_good_for(clock, moment > clock->now ? rest + 1 : unit->length - rest);
	if (count == 0)
		return text_of("now");
	return text_of(arena_printf(
		arena, moment > clock->now ? "in %" PRId64 " %s%s" : "%" PRId64 " %s%s ago", count,
		unit->name, count == 1 ? "" : "s"));
}

static struct text days_text(struct arena *arena, struct text value, struct format_clock *clock)
{
	int64_t moment, days;

	if (!clock || !scan_moment(value, &moment) || moment > clock->now)
		return nothing;
	days = (clock->now - moment) / DAY_MICROSECONDS;
	format_good_for(clock, DAY_MICROSECONDS - (clock->now - moment) % DAY_MICROSECONDS);
	return text_of(arena_printf(arena, "%" PRId64 " day%s", days, days == 1 ? "" : "s"));
}

static struct text any_text(struct arena *arena, struct text value, struct format_clock *clock)
{
	struct text rest = scan_begin(value), item;
	bool any = scan_is_array(value) || scan_is_object(value) ? scan_item(&rest, &item)
	                                                         : scan_says_something(value);

	(void)arena;
	(void)clock;
	return any ? text_of("any") : nothing;
}

static struct text truth_text(struct arena *arena, struct text value, struct format_clock *clock)
{
	(void)arena;
	(void)clock;
	if (text_is(value, "true"))
		return text_of("yes");
	return text_is(value, "false") ? text_of("no") : nothing;
}

/* --- Durations, addresses. --- */

static struct text duration_text(struct arena *arena, struct text value, struct format_clock *clock)
{
	struct text text = scan_string(arena, value);
	int64_t duration;

	(void)clock;
	if (text.length == 0 || !duration_parse(text.data, &duration) || duration < 0)
		return text;
	return text_of(arena_printf(arena, "%" PRId64 " d %" PRId64 " h %" PRId64 " min",
	                            duration / DAY_MICROSECONDS,
	                            duration % DAY_MICROSECONDS / HOUR_MICROSECONDS,
	                            duration % HOUR_MICROSECONDS / MINUTE));
}

static struct text web_text(struct arena *arena, struct text value, struct format_clock *clock)
{
	struct text url = scan_string(arena, value);
	bool web = (url.length > 7 && strncasecmp(url.data, "http://", 7) == 0) ||
	           (url.length > 8 && strncasecmp(url.data, "https://", 8) == 0);

	(void)clock;
	return web ? url : nothing;
}

struct text format_names(struct arena *arena, struct text list, const char *path)
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

/* --- When a launch is planned: `net` is the first moment of a span that net_precision names. --- */

/* Of net_precision, by the original's identifiers. */
enum precision {
	PRECISION_SECOND,
	PRECISION_MINUTE,
	PRECISION_HOUR,
	PRECISION_MORNING,
	PRECISION_AFTERNOON,
	PRECISION_DAY,
	PRECISION_WEEK,
	PRECISION_MONTH,
	PRECISION_QUARTER_1,
	PRECISION_QUARTER_4 = PRECISION_QUARTER_1 + 3,
	PRECISION_HALF_1,
	PRECISION_HALF_2,
	PRECISION_YEAR,
	PRECISION_FISCAL_YEAR,
	PRECISION_DECADE,
};

static struct text month_text(struct arena *arena, int64_t moment)
{
	static const char *const months[] = {"January",   "February", "March",    "April",
	                                     "May",       "June",     "July",     "August",
	                                     "September", "October",  "November", "December"};
	char text[TEMPORAL_TEXT_SIZE];

	moment_format(moment, text);
	return text_of(arena_printf(arena, "%s %.4s", months[atoi(text + 5) - 1], text));
}

static struct text span_text(struct arena *arena, int64_t net, int precision)
{
	const char *year = head_of(arena, net, 4).data, *day = head_of(arena, net, 10).data;

	if (precision >= PRECISION_QUARTER_1 && precision <= PRECISION_QUARTER_4)
		return text_of(
			arena_printf(arena, "Q%d %s", precision - PRECISION_QUARTER_1 + 1, year));
	switch (precision) {
	case PRECISION_MORNING:
		return text_of(arena_printf(arena, "%s, morning", day));
	case PRECISION_AFTERNOON:
		return text_of(arena_printf(arena, "%s, afternoon", day));
	case PRECISION_DAY:
		return text_of(day);
	case PRECISION_WEEK:
		return text_of(arena_printf(arena, "week of %s", day));
	case PRECISION_MONTH:
		return month_text(arena, net);
	case PRECISION_HALF_1:
		return text_of(arena_printf(arena, "first half of %s", year));
	case PRECISION_HALF_2:
		return text_of(arena_printf(arena, "second half of %s", year));
	case PRECISION_YEAR:
		return text_of(year);
	case PRECISION_FISCAL_YEAR:
		return text_of(arena_printf(arena, "fiscal year %s", year));
	case PRECISION_DECADE:
		return text_of(arena_printf(arena, "%.3s0s", year));
	default:
		return minute_text(arena, net);
	}
}

static struct text net_text(struct arena *arena, struct text launch, struct format_clock *clock)
{
	struct text precision = scan_at(launch, "net_precision__id");
	int64_t net;

	(void)clock;
	if (!scan_moment(scan_at(launch, "net"), &net))
		return nothing;
	return span_text(arena, net, precision.data ? atoi(precision.data) : PRECISION_SECOND);
}

/* --- Flights. --- */

static struct text state_text(struct arena *arena, struct text flight, struct format_clock *clock)
{
	(void)arena;
	return clock ? text_of(flight_state_of(flight, clock).word) : nothing;
}

static struct text state_class(struct arena *arena, struct text flight, struct format_clock *clock)
{
	(void)arena;
	return clock ? text_of(flight_state_of(flight, clock).class) : nothing;
}

/* --- The table of formats. --- */

static const struct {
	const char *name;
	struct text (*format)(struct arena *arena, struct text value, struct format_clock *clock);
} formats[] = {
	{"day", day_text},       {"moment", moment_text},
	{"ago", ago_text},       {"duration", duration_text},
	{"web", web_text},       {"net", net_text},
	{"iso", iso_text},       {"stamp", stamp_text},
	{"digits", digits_text}, {"days", days_text},
	{"any", any_text},       {"truth", truth_text},
	{"state", state_text},   {"state-class", state_class},
};

enum { FORMAT_COUNT = sizeof(formats) / sizeof(formats[0]) };

static struct text scalar_text(struct arena *arena, struct text value)
{
	if (scan_is_string(value))
		return scan_string(arena, value);
	if (scan_is_object(value) || scan_is_array(value) || text_is(value, "null"))
		return nothing;
	return value;
}

/* The index of the format of that name; FORMAT_COUNT: there is none. */
static size_t find_format(struct text name)
{
	size_t i = 0;

	while (i < FORMAT_COUNT && !text_is(name, formats[i].name))
		i++;
	return i;
}

struct text format_value(struct arena *arena, struct text format, struct text value,
                         struct format_clock *clock)
{
	size_t found = find_format(format);

	if (!format.length)
		return scalar_text(arena, value);
	return found < FORMAT_COUNT ? formats[found].format(arena, value, clock) : nothing;
}

bool format_exists(struct text format)
{
	return find_format(format) < FORMAT_COUNT;
}
