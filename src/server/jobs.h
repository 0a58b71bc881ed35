/* Jobs that make responses with content, on whichever thread has what they need. */
#ifndef JOBS_H
#define JOBS_H

#include "server_internal.h"

/* Starts threads for jobs; in the background, others have the processors first. */
struct job_queue *jobs_start(const struct config *config, const char *name, size_t threads,
                             bool background, struct error *error) MUST_CHECK;

/* Whether the thread that serves connections may make the response: its body is small and sent as its documents are,
   or not sent at all. */
bool job_is_light(const struct decision *decision, const struct content *content);

/* Whether the response takes a few milliseconds at most. */
bool job_is_short(const struct decision *decision, const struct content *content);

/* Makes the response to a decision that is served, or one of 503 where there is no memory for it; new entry. It
   is cached if it can be and the cache admits it. To HEAD of a large body that would have to be put together, indented
   or compressed, the response has no tag and no length: nobody has made the body. */
struct cache_entry *job_respond(struct exchange *exchange, const struct content *content);

/* Why an answer is refused whose client, or all, have not taken enough of others yet. */
#define TOO_MUCH_UNDER_WAY "too much of large answers is under way"

/* Makes a response of 503, because others keep the server busy; new entry. `why` is for the log. */
struct cache_entry *job_refuse(struct exchange *exchange, const char *why);

/* Likewise because no worker has time, or because of the database; but while that is away an outdated response is given
   where there is one. */
struct cache_entry *job_give_up_waiting(struct exchange *exchange, const char *why);
struct cache_entry *job_give_up_database(struct exchange *exchange, const char *why);
#define SILENT "PostgreSQL does not answer"

/* Jobs whose context is the exchange and whose result an entry: from its content, on any thread; and from the
   database, on a thread of the loaders. */
void *job_render(void *exchange, struct worker *worker);
void *job_load(void *exchange, struct worker *worker);

#endif
