/* The server's own paths beside the flights and what is constant: throttle, health, metrics and the like. */
#ifndef SITE_H
#define SITE_H

#include "http/response.h"
#include "service.h"

void site_answer(struct service *service, const struct decision *decision, struct answer *answer);

/* 503, for a while; `told` is a sentence that says why. */
void unavailable_answer(const struct decision *decision, const char *told, struct answer *answer);

#endif
