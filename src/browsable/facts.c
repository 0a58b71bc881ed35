/* Writes the facts of a flight as lines of text. */
#include "facts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/temporal.h"
#include "json_scan.h"

#define MINUTE (60 * MICROSECONDS)
#define HOUR (60 * MINUTE)

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

/* The value at a path of members, `__` between them. */
struct text json_at_path(struct text object, const char *path)
{
	while (path) {
		const char *end = strstr(path, "__");
		char name[64];

		snprintf(name, sizeof(name), "%.*s", (int)(end ? (size_t)(end - path) : strlen(path)),
		         path);
		object = scan_get(object, name);
		path = end ? end + 2 : NULL;
	}
	return object;
}

/* The names of the items of a list. */
static void write_names(struct strbuf *out, struct text list, const char *path)
{
	struct scan scan = scan_begin(list);
	struct text item;
	size_t begin = out->length;

	while (scan_item(&scan, &item)) {
		struct text name = json_at_path(item, path);

		if (!scan_is_string(name))
			continue;
		if (out->length > begin)
			strbuf_str(out, ", ");
		scan_write_string(out, name);
	}
}

bool fact_write(struct strbuf *out, const struct fact *fact, struct text row)
{
	struct text value = json_at_path(row, fact->path);
	size_t begin = out->length;

	switch (fact->format) {
	case FACT_TEXT:
		scan_write_string(out, value);
		break;
	case FACT_MOMENT:
		write_time(out, value, true);
		break;
	case FACT_DURATION:
		write_duration(out, value);
		break;
	case FACT_NAMES:
		write_names(out, value, fact->item);
		break;
	}
	return out->length > begin;
}
