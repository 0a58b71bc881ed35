/* The facts of a row that the browsable page puts beside its JSON, as lines of text. */
#ifndef FACTS_H
#define FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "resources/endpoint.h"

/* The JSON value at a path of members of an object, with `__` between them; data NULL where there is none. */
struct text json_at_path(struct text object, const char *path);

/* Appends what a row's JSON says of the fact; false, with nothing added, where it says nothing. */
bool fact_write(struct strbuf *out, const struct fact *fact, struct text row);

/* Appends `2025-03-14` for a JSON string with a moment, else the string as it is. */
void fact_write_day(struct strbuf *out, struct text moment);

#endif
