/* Draws a station's ports: its body, and at each port the craft that is docked there. */
#include <inttypes.h>

#include "drawing.h"
#include "format.h"
#include "json_scan.h"
#include "markup.h"

#define WIDTH 420
#define ROW 44  /* height of a port's row */
#define BODY 30 /* where the station's body is, and where texts begin */
#define TEXT 118

struct ports_drawing {
	struct strbuf *out;
	struct arena arena;
	struct format_clock *clock;
	struct text flights_path;
};

static void write_text(struct ports_drawing *drawing, struct text text)
{
	markup_escape(drawing->out, text.data, text.length);
}

static struct text string_at(struct ports_drawing *drawing, struct text value, const char *path,
                             const char *format)
{
	return format_value(&drawing->arena, text_of(format), scan_at(value, path), drawing->clock);
}

static void write_line(struct ports_drawing *drawing, const char *class, int y, struct text text)
{
	strbuf_printf(drawing->out, "<text class=\"%s\" x=\"%d\" y=\"%d\">", class, TEXT, y);
	write_text(drawing, text);
	strbuf_str(drawing->out, "</text>");
}

/* The port's arm, with a ring at its end. */
static void draw_arm(struct ports_drawing *drawing, int y)
{
	strbuf_printf(drawing->out,
	              "<path class=\"arm\" d=\"M%d %dH%d\"/><circle class=\"ring\" cx=\"%d\" "
	              "cy=\"%d\" r=\"5\"/>",
	              BODY, y, BODY + 24, BODY + 28, y);
}

/* The craft, as a capsule, which leads to its flight. */
static void draw_craft(struct ports_drawing *drawing, struct text port, struct text flight, int y)
{
	struct text id = scan_at(flight, "id");
	struct text name = string_at(drawing, port, "name", "");
	struct text since = string_at(drawing, flight, "docking", "day");
	struct text craft = string_at(drawing, flight, "craft", "");
	struct text mission = string_at(drawing, flight, "mission", "");

	strbuf_str(drawing->out, "<a href=\"");
	write_text(drawing, drawing->flights_path);
	write_text(drawing, id);
	strbuf_str(drawing->out, "/\"><title>");
	write_text(drawing, name);
	strbuf_str(drawing->out, ": ");
	write_text(drawing, craft);
	strbuf_str(drawing->out, ", ");
	write_text(drawing, mission);
	strbuf_printf(drawing->out,
	              "</title><path class=\"craft\" d=\"M%d %dh20l14 6v8l-14 6h-20z\"/>",
	              BODY + 36, y - 10);
	write_line(drawing, "name", y - 3, craft);
	write_line(drawing, "note", y + 14,
	           text_of(arena_printf(&drawing->arena, "%.*s since %.*s", (int)name.length,
	                                name.data, (int)since.length, since.data)));
	strbuf_str(drawing->out, "</a>");
}

static void draw_port(struct ports_drawing *drawing, struct text port, int y)
{
	struct text flight = scan_at(port, "flight");

	draw_arm(drawing, y);
	if (scan_is_object(flight))
		draw_craft(drawing, port, flight, y);
	else
		write_line(drawing, "note", y + 5,
		           text_of(arena_printf(&drawing->arena, "%s, free",
		                                string_at(drawing, port, "name", "").data)));
}

static int count_of(struct text array)
{
	struct text rest = scan_begin(array), item;
	int count = 0;

	while (scan_item(&rest, &item))
		count++;
	return count;
}

void draw_ports(struct strbuf *out, struct text ports, struct text flights_path,
                struct format_clock *clock)
{
	struct ports_drawing drawing = {.out = out, .clock = clock, .flights_path = flights_path};
	struct text rest = scan_begin(ports), port;
	int count = count_of(ports), row = 0;

	arena_init(&drawing.arena);
	strbuf_printf(out,
	              "<svg class=\"ports\" viewBox=\"0 0 %d %d\" role=\"group\" "
	              "aria-label=\"Ports: %d\">"
	              "<rect class=\"body\" x=\"%d\" y=\"4\" width=\"24\" height=\"%d\" rx=\"8\"/>",
	              WIDTH, count * ROW, count, BODY - 12, count * ROW - 8);
	while (scan_item(&rest, &port))
		draw_port(&drawing, port, row++ * ROW + ROW / 2);
	strbuf_str(out, "</svg>\n");
	arena_fini(&drawing.arena);
}
