/* What is answered while the database is away (cache.stale_if_error): responses and documents in memory that were true
   when it was last seen, or before. As soon as anybody has an answer of the database, nothing outdated is given any
   more, so that from then on no older state follows a newer one again. */
#ifndef OUTDATED_H
#define OUTDATED_H

#include "response.h"
#include "server_internal.h"

/* The cached response to the very same request, with its age; new. NULL: the database is not away, there is none, or it
   is too old. */
struct response *outdated_response(struct exchange *exchange);

/* Marks content that was collected from memory with its age, while the database is away; false: it is too old then. */
bool outdated_allows(const struct exchange *exchange, struct content *content);

/* Whether outdated answers would be given, if the database were away since it was last seen. */
bool outdated_would_do(struct server_state *state, const struct settings *settings);

#endif
