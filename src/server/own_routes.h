/* Answers of the server's own routes, beside the endpoints: OpenAPI document, documentation, throttle, health,
   metrics, icon, robots.txt. */
#ifndef OWN_ROUTES_H
#define OWN_ROUTES_H

#include "protocol/decision.h"
#include "response.h"

struct server_state;
struct settings;
struct own_routes;

/* Makes the responses that are the same as long as the settings are; each takes milliseconds. `max_age`:
   seconds that clients may cache them. `public_url`: of this server, or "". */
struct own_routes *own_routes_new(int64_t max_age, const char *public_url)
	__attribute__((returns_nonnull));
void own_routes_free(struct own_routes *routes); /* NULL is fine */

/* The response to a decision that is served, where it is one of those, which owns it; NULL: it is made anew
   each time, by own_route_answer. */
struct response *own_routes_find(const struct own_routes *routes, const struct decision *decision);

void own_route_answer(struct server_state *state, const struct settings *settings,
                      const struct decision *decision, struct answer *answer);

#endif
