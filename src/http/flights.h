/* Answers about flights, put together from their documents. */
#ifndef FLIGHTS_H
#define FLIGHTS_H

#include "http/response.h"
#include "material.h"

/* Puts the answer together; takes nothing. `whole`: its body must not have parts. Returns for how many
   microseconds it stays true while the data does not change; INT64_MAX: that long. */
int64_t flights_answer(struct service *service, const struct decision *decision,
                       const struct material *material, bool whole, struct answer *answer);

#endif
