/* Draws a flight's course as one line: launch, dockings and departures, landing. */
#include <inttypes.h>

#include "base/temporal.h"
#include "drawing.h"
#include "json_scan.h"

#define WIDTH 1000 /* of the drawing, in its own units */
#define MARGIN 12

struct course {
	int64_t begin, end;
	bool over; /* the flight has ended */
};

/* From launch to end, or to now; false: it has not begun. */
static bool course_of(struct text flight, const struct format_clock *clock, struct course *course)
{
	if (!scan_moment(scan_at(flight, "launch__net"), &course->begin) ||
	    course->begin >= clock->now)
		return false;
	course->over = scan_moment(scan_at(flight, "mission_end"), &course->end) &&
	               course->end <= clock->now;
	if (!course->over)
		course->end = clock->now;
	return course->end > course->begin;
}

static int place_of(const struct course *course, int64_t moment)
{
	double share = (double)(moment - course->begin) / (double)(course->end - course->begin);

	share = share < 0 ? 0 : share > 1 ? 1 : share;
	return MARGIN + (int)(share * (WIDTH - 2 * MARGIN));
}

static void write_point(struct strbuf *out, const struct course *course, int64_t moment,
                        const char *class)
{
	strbuf_printf(out, "<circle class=\"%s\" cx=\"%d\" cy=\"12\" r=\"6\"/>", class,
	              place_of(course, moment));
}

/* The times docked, as thicker parts of the line; returns how many there are. */
static int write_dockings(struct strbuf *out, const struct course *course, struct text flight)
{
	struct text rest = scan_begin(scan_at(flight, "docking_events"));
	struct text event;
	int count = 0;

	while (scan_item(&rest, &event)) {
		int64_t docking, departure = course->end;

		if (!scan_moment(scan_at(event, "docking"), &docking) || docking > course->end)
			continue;
		(void)scan_moment(scan_at(event, "departure"), &departure);
		strbuf_printf(out, "<path class=\"docked\" d=\"M%d 12H%d\"/>",
		              place_of(course, docking), place_of(course, departure));
		write_point(out, course, docking, "docked");
		count++;
	}
	return count;
}

void draw_course(struct strbuf *out, struct text flight, struct format_clock *clock)
{
	struct strbuf dockings = STRBUF_INIT;
	struct course course;
	int count;

	if (!clock || !course_of(flight, clock, &course))
		return;
	format_good_for(clock, course.over ? INT64_MAX : DAY_MICROSECONDS);
	count = write_dockings(&dockings, &course, flight);
	strbuf_printf(out,
	              "<svg class=\"course\" viewBox=\"0 0 %d 24\" role=\"img\" "
	              "aria-label=\"Course of the flight: launched, docked %d time%s, %s\">"
	              "<path d=\"M%d 12H%d\"/>",
	              WIDTH, count, count == 1 ? "" : "s", course.over ? "ended" : "under way",
	              MARGIN, WIDTH - MARGIN);
	strbuf_add(out, dockings.data, dockings.length);
	write_point(out, &course, course.begin, "launch");
	write_point(out, &course, course.end, course.over ? "landing" : "now");
	strbuf_str(out, "</svg>\n");
	strbuf_fini(&dockings);
}
