/* The facts of a flight that the browsable page puts beside its JSON, as lines of text. */
#ifndef PAGE_FACTS_H
#define PAGE_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"
#include "http/text.h"

/* The label of fact `number` (from 0); NULL behind the last. */
const char *fact_label(size_t number);

/* Appends what a flight's JSON says of it; false, with nothing added, where it says nothing. */
bool fact_write(struct strbuf *out, size_t number, struct text flight);

/* Appends `2025-03-14` for a JSON string with a moment, else the string as it is. */
void fact_write_day(struct strbuf *out, struct text moment);

#endif
