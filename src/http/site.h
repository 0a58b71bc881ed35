/* The server's own paths beside the flights: throttle, documents on itself, health and metrics. */
#ifndef SITE_H
#define SITE_H

#include "http/response.h"
#include "service.h"

void site_answer(struct service *service, const struct decision *decision, struct answer *answer);

/* 503: the data cannot be had at the moment. */
void unavailable_answer(const struct decision *decision, struct answer *answer);

#endif
