/* One request on its way to its response. */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "server_internal.h"

/* The target's bytes are copied. */
struct exchange *exchange_new(struct server_state *state, const char *target)
	__attribute__((returns_nonnull));
/* Counts and logs a request that was refused with that status past the library. Its head was not read. */
void exchange_note_refusal(struct exchange *exchange, int status);
/* Frees it, when its response was sent (`complete`) or could not be. */
void exchange_end(struct exchange *exchange, bool complete);

/* Responds to the request, or suspends its connection until a job has a response; called again then. */
enum MHD_Result exchange_handle(struct exchange *exchange);

/* Refuses a request whose head is not to be acted on, and ends its connection with that. */
enum MHD_Result exchange_refuse(struct exchange *exchange, int status, const char *why);

#endif
