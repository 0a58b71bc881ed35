/* What is noted of one request where it is logged, or its answer says what its time went to; elsewhere there is none,
   and nothing of it is done. Its answer gets headers of its own then, X-Request-ID and Server-Timing. */
#ifndef TRACE_H
#define TRACE_H

#include "server_internal.h"
#include "response.h"

struct trace;

/* Begins the trace of a request whose head was read, if the settings ask for one. */
void trace_begin(struct exchange *exchange);

/* Notes that the time since the span before went to that. Whichever thread has the exchange. */
void trace_span(struct exchange *exchange, const char *name);
/* The same when a job has ended, which may have been another request's. */
void trace_woken(struct exchange *exchange);

/* Gives the response to the exchange's connection, with the trace's headers. The owner of the response's bytes is
   kept until the exchange ends: takes the reference of the entry, or the response; both NULL: others keep it. */
enum MHD_Result trace_queue(struct exchange *exchange, const struct response *response, int status,
                            struct cache_entry *entry, struct response *own);

/* Notes that the request was answered with that status by other means. */
void trace_note(struct exchange *exchange, int status);

/* Writes the line of the access log, when the answer was sent, or could not be. */
void trace_end(struct exchange *exchange, bool complete);

/* Releases what it holds. */
void trace_fini(struct exchange *exchange);

#endif
