/* What the browsable page shows beside a flight or a list, picked from the answer's JSON: pictures with
   their captions, and a few facts. All of it stays a part of the JSON's text. */
#ifndef PAGE_FIGURES_H
#define PAGE_FIGURES_H

#include <stddef.h>

#include "http/scan.h"
#include "http/text.h"

#define FIGURES_MOST 100 /* as many as a list has flights */

/* Each a JSON value; data NULL, or no string, where there is none. */
struct figure {
	struct text caption;
	struct text note;   /* a mission's name, or a picture's credit */
	struct text moment; /* of a flight's launch */
	struct text link;
	struct text thumbnail;
	struct text description; /* of the picture */
};

/* The flights of a list's page: the spacecraft's picture, linked to the flight. Returns their number. */
size_t figures_of_list(struct text json, struct figure figures[FIGURES_MOST]);

/* Each picture of a flight once, with the name of what it belongs to, linked to the full picture. */
size_t figures_of_flight(struct text json, struct figure figures[FIGURES_MOST]);

/* Whether a string is a url that a page may load a picture from or link to: http or https. */
bool figure_is_url(struct text value);

#endif
