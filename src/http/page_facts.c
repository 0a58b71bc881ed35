/* Writes the facts of a flight as lines of text. */
#include "page_facts.h"

#include <inttypes.h>

#include "base/temporal.h"
#include "http/scan.h"

#define MINUTE (60 * MICROSECONDS)
#define HOUR (60 * MINUTE)

static void write_text(struct strbuf *out, struct text value)
{
	scan_write_string(out, value);
}

/* The day, and behind it what of the clock is wanted. */
static void write_time(struct strbuf *out, struct text value, bool clock)
{
	struct strbuf text = STRBUF_INIT;
	int64_t moment;

	scan_write_string(&text, value);
	if (text.length < 17 || !moment_parse(text.data, &moment))
		strbuf_add(out, text.data ? text.data : "", text.length);
	else if (clock)
		strbuf_printf(out, "%.10s %.5s UTC", text.data, text.data + 11);
	else
		strbuf_printf(out, "%.10s", text.data);
	strbuf_fini(&text);
}

void fact_write_day(struct strbuf *out, struct text moment)
{
	write_time(out, moment, false);
}

static void write_moment(struct strbuf *out, struct text value)
{
	write_time(out, value, true);
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
		strbuf_add(out, text.data ? text.data : "", text.length);
	strbuf_fini(&text);
}

/* The names of the members of a crew. */
static void write_crew(struct strbuf *out, struct text value)
{
	struct scan scan = scan_begin(value);
	struct text member;
	size_t begin = out->length;

	while (scan_item(&scan, &member)) {
		struct text name = scan_get(scan_get(member, "astronaut"), "name");

		if (!scan_is_string(name))
			continue;
		if (out->length > begin)
			strbuf_str(out, ", ");
		scan_write_string(out, name);
	}
}

static const struct fact {
	const char *label;
	const char *path[2]; /* of the value in the flight */
	void (*write)(struct strbuf *out, struct text value);
} facts[] = {
	{"Spacecraft", {"spacecraft", "name"}, write_text},
	{"Destination", {"destination"}, write_text},
	{"Launch", {"launch", "name"}, write_text},
	{"Lift-off", {"launch", "net"}, write_moment},
	{"Mission end", {"mission_end"}, write_moment},
	{"Duration", {"duration"}, write_duration},
	{"Crew", {"launch_crew"}, write_crew},
};

#define FACT_COUNT (sizeof(facts) / sizeof(facts[0]))

const char *fact_label(size_t number)
{
	return number < FACT_COUNT ? facts[number].label : NULL;
}

bool fact_write(struct strbuf *out, size_t number, struct text flight)
{
	const struct fact *fact = &facts[number];
	struct text value = scan_get(flight, fact->path[0]);
	size_t begin = out->length;

	if (fact->path[1])
		value = scan_get(value, fact->path[1]);
	fact->write(out, value);
	return out->length > begin;
}
