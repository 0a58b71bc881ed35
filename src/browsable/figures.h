/* What the browsable page shows beside a row or a list, picked from the answer's JSON: pictures with
   their captions, and a few facts. All of it stays a part of the JSON's text. */
#ifndef FIGURES_H
#define FIGURES_H

#include <stddef.h>

#include "json_scan.h"
#include "base/text.h"
#include "resources/endpoint.h"

#define FIGURES_MOST 100 /* as many as a page has rows */

/* Each a JSON value; data NULL, or no string, where there is none. */
struct figure {
	struct text caption;
	struct text note;   /* a row's, or a picture's credit */
	struct text moment; /* of a row */
	struct text link;
	struct text thumbnail;
	struct text description; /* of the picture */
};

/* The rows of a list's page, linked to the row. Returns their number. */
size_t figures_of_list(const struct card *card, struct text json, struct figure figures[FIGURES_MOST]);

/* Each picture of a row once, with the name of what it belongs to, linked to the full picture. */
size_t figures_of_row(struct text json, struct figure figures[FIGURES_MOST]);

/* Whether a string is a url that a page may load a picture from or link to: http or https. */
bool figure_is_url(struct text value);

#endif
