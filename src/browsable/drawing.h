/* Drawings in SVG that the server makes. Their text is also in titles and labels, for those who do not see them. */
#ifndef DRAWING_H
#define DRAWING_H

#include "base/strbuf.h"
#include "base/text.h"
#include "browsable/pages.h"

/* Appends a drawing of a flight's course as one line, by its document: launch, dockings and departures, landing.
   Nothing before its launch. */
void draw_course(struct strbuf *out, struct text flight, struct format_clock *clock);

/* Appends a drawing of a station's ports, an array as page_data_read has it: what is docked where, since when. The
   craft lead to their flights, below `flights_path`. */
void draw_ports(struct strbuf *out, struct text ports, struct text flights_path,
                struct format_clock *clock);

/* Appends the time line of a year before and after now: a bar a flight, in groups. `bars` is an array ordered by
   group and moment. */
void draw_timeline(struct strbuf *out, struct text bars, struct text flights_path,
                   struct format_clock *clock);

#endif
