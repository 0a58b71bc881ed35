/* Draws the time line of flights: a bar each, in groups below each other. */
#include <inttypes.h>

#include "base/temporal.h"
#include "drawing.h"
#include "format.h"
#include "json_scan.h"
#include "markup.h"

#define WIDTH 1000
#define SPAN (365 * DAY_MICROSECONDS) /* before and after now */
#define MONTHS 12                     /* on either side, every second of which has a name */
#define AXIS 22                       /* height of the axis */
#define HEADING 20                    /* of a group */
#define LANE 13
#define LANES_MAX 12 /* of a group; what finds no room is drawn over the last */

struct timeline {
	struct strbuf *out;
	struct arena arena;
	struct format_clock *clock;
	struct text flights_path;
	struct text group;       /* the current one's name */
	int top;                 /* of the current group's lanes */
	int lane_end[LANES_MAX]; /* where the last bar of each ends */
	int lanes;               /* of the group, so far */
};

static int place_of(const struct timeline *timeline, int64_t moment)
{
	int64_t begin = timeline->clock->now - SPAN;

	if (moment < begin)
		return 0;
	if (moment > begin + 2 * SPAN)
		return WIDTH;
	return (int)((moment - begin) * WIDTH / (2 * SPAN));
}

static void begin_group(struct timeline *timeline, struct text name)
{
	timeline->top += timeline->lanes * LANE + HEADING;
	timeline->group = name;
	timeline->lanes = 0;
	strbuf_printf(timeline->out, "<text class=\"name\" x=\"2\" y=\"%d\">", timeline->top - 5);
	name = scan_string(&timeline->arena, name);
	markup_escape(timeline->out, name.data, name.length);
	strbuf_str(timeline->out, "</text>");
}

/* The first lane of the group in which nothing ends behind that place. */
static int lane_for(struct timeline *timeline, int begin, int end)
{
	int lane = 0;

	while (lane < timeline->lanes && timeline->lane_end[lane] >= begin)
		lane++;
	if (lane == timeline->lanes && lane < LANES_MAX)
		timeline->lanes++;
	if (lane == LANES_MAX)
		lane--;
	timeline->lane_end[lane] = end + 2;
	return lane;
}

/* The bar of a flight: to its end, to now while it is in space, and a short one before it begins. */
static void draw_bar(struct timeline *timeline, struct text bar)
{
	int64_t net, end;
	int x, right;
	struct text id = scan_at(bar, "id");
	struct text craft = scan_string(&timeline->arena, scan_at(bar, "craft"));
	struct text mission = scan_string(&timeline->arena, scan_at(bar, "mission"));
	struct text day = format_value(&timeline->arena, text_of("day"), scan_at(bar, "net"), NULL);

	if (!scan_moment(scan_at(bar, "net"), &net))
		return;
	if (!scan_moment(scan_at(bar, "mission_end"), &end))
		end = net > timeline->clock->now ? net : timeline->clock->now;
	x = place_of(timeline, net);
	right = place_of(timeline, end);
	right = right < x + 6 ? x + 6 : right;
	strbuf_str(timeline->out, "<a href=\"");
	markup_escape(timeline->out, timeline->flights_path.data, timeline->flights_path.length);
	markup_escape(timeline->out, id.data, id.length);
	strbuf_str(timeline->out, "/\"><title>");
	markup_escape(timeline->out, craft.data, craft.length);
	strbuf_str(timeline->out, ", ");
	markup_escape(timeline->out, mission.data, mission.length);
	strbuf_printf(timeline->out,
	              ", %.*s</title><rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" "
	              "height=\"%d\" rx=\"4\"/></a>",
	              (int)day.length, day.data,
	              net > timeline->clock->now   ? "ahead"
	              : end < timeline->clock->now ? "home"
	                                           : "docked",
	              x, timeline->top + LANE * lane_for(timeline, x, right), right - x, LANE - 3);
}

/* The months' beginnings, and now. */
static void draw_axis(struct timeline *timeline, int height)
{
	for (int month = -MONTHS; month <= MONTHS; month++) {
		int64_t moment = timeline->clock->now + SPAN / MONTHS * month;
		int x = place_of(timeline, moment);
		char text[TEMPORAL_TEXT_SIZE];

		moment_format(moment, text);
		strbuf_printf(timeline->out, "<path class=\"%s\" d=\"M%d %dV%d\"/>",
		              month == 0 ? "now" : "month", x, AXIS - 4, height);
		if (month % 2 == 0 && month > -MONTHS && month < MONTHS)
			strbuf_printf(timeline->out,
			              "<text class=\"note\" text-anchor=\"middle\" x=\"%d\" "
			              "y=\"12\">%.7s</text>",
			              x, text);
	}
}

void draw_timeline(struct strbuf *out, struct text bars, struct text flights_path,
                   struct format_clock *clock)
{
	struct strbuf drawn = STRBUF_INIT;
	struct timeline timeline = {
		.out = &drawn, .clock = clock, .flights_path = flights_path, .top = AXIS};
	struct text rest = scan_begin(bars), bar;
	int height;

	arena_init(&timeline.arena);
	while (scan_item(&rest, &bar)) {
		struct text group = scan_at(bar, "group");

		if (!text_equal(group, timeline.group))
			begin_group(&timeline, group);
		draw_bar(&timeline, bar);
	}
	height = timeline.top + timeline.lanes * LANE + 4;
	strbuf_printf(out,
	              "<svg class=\"timeline\" viewBox=\"0 0 %d %d\" role=\"group\" "
	              "aria-label=\"Flights of a year before and after\">",
	              WIDTH, height);
	timeline.out = out;
	draw_axis(&timeline, height);
	strbuf_add(out, drawn.data, drawn.length);
	strbuf_str(out, "</svg>\n");
	strbuf_fini(&drawn);
	arena_fini(&timeline.arena);
	format_good_for(clock, DAY_MICROSECONDS);
}
