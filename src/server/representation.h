/* How the body of an answer is represented: compact JSON, indented JSON, or the page for browsers. */
#ifndef REPRESENTATION_H
#define REPRESENTATION_H

#include "query/content.h"
#include "response.h"

/* The answer's body is compact JSON; it becomes what was negotiated, with its headers. `content` is what a
   list was made of, for the page's filters; NULL for errors. A bodiless answer gets the headers alone. Returns for how many
   microseconds what was added to the body stays true; INT64_MAX: for ever. */
int64_t represent(const struct decision *decision, const struct content *content,
                  struct answer *answer);

/* The whole answer to a final decision that refuses the request, or leads elsewhere. */
void represent_refusal(const struct decision *decision, struct answer *answer);

#endif
