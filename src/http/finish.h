/* How the body of an answer of the API is shown: compact JSON, indented JSON, or the page for browsers. */
#ifndef FINISH_H
#define FINISH_H

#include "http/response.h"
#include "material.h"

/* The answer's body is compact JSON; it becomes what was negotiated, with its headers. `material` is what a
   list was made of, for the page's filters; NULL for errors. */
void finish_body(const struct decision *decision, const struct material *material,
                 struct answer *answer);

/* The whole answer to a decision that needs no data, or whose data refuses it with another kind. `wait` is
   for THROTTLED: seconds. */
void decision_answer(const struct decision *decision, enum decision_kind kind, int64_t wait,
                     struct answer *answer);

#endif
