/* Responses about flights, made on whichever thread has what they need. */
#ifndef MAKING_H
#define MAKING_H

#include "exchange.h"

/* Whether the answer is shown as its documents are: nothing is to be done with its bytes. */
bool making_is_plain(const struct exchange *exchange);

/* Makes the response from what was gathered, 503 where there is no memory for it; new entry. It is kept if it
   can be; where it is `cheap`, because nothing but memory had to be asked for it, only if it is wanted often. */
struct cache_entry *making_response(struct exchange *exchange, const struct material *material,
                                    bool cheap);

/* 503 in its place, because others keep the server busy; new entry. `why` is for the log. */
struct cache_entry *making_busy(struct exchange *exchange, const char *why);

/* Jobs whose context is the exchange and whose result an entry: from its material, on any thread; and from the
   database, on a thread that has database_session. */
void *making_render(void *exchange, struct worker *worker);
void *making_load(void *exchange, struct worker *worker);

#endif
