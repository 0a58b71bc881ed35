/* How the body of an answer of the API is shown: compact JSON, indented JSON, or the page for browsers. */
#ifndef FINISH_H
#define FINISH_H

#include "flights.h"

/* The answer's body is compact JSON; it becomes what was negotiated, with its headers. `material` is what a
   list was made of, for the page's filters; NULL for errors. */
void finish_body(const struct decision *decision, const struct material *material, struct answer *answer);

#endif
