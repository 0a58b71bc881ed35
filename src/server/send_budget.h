/* Memory for answers that are being made or sent: their bodies, where they are not cached, and what the system holds for
   the connections that they go to. Clients that do not read what they have requested fill it. So each client has its
   share, and where all of it is used, large answers are refused first and small ones never. Any thread. */
#ifndef SEND_BUDGET_H
#define SEND_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"

/* Answers of fewer bytes are small: they are neither counted nor refused. */
#define SEND_SMALL ((size_t)32 * 1024)
/* Those of so many and more are large: they are refused before the others. */
#define SEND_LARGE ((size_t)256 * 1024)

struct send_budget;

/* For so many bytes. `send_buffer`: server.send_buffer. */
struct send_budget *send_budget_new(int64_t most, int64_t send_buffer)
	__attribute__((returns_nonnull));
void send_budget_free(struct send_budget *budget); /* NULL is fine */

/* Whether an answer of that size may be sent to the client. */
bool send_budget_allows(struct send_budget *budget, const struct ip *client, size_t size);

/* How much memory the system takes for an answer, at most. */
size_t send_budget_socket_share(const struct send_budget *budget, size_t size);

/* Counts bytes that are under way to the client, and no longer. */
void send_budget_take(struct send_budget *budget, const struct ip *client, size_t bytes);
void send_budget_give_back(struct send_budget *budget, const struct ip *client, size_t bytes);

/* Counts bytes of an answer that is being made, and no longer. False, with nothing counted, not even for a moment: all
   that are being made would have more than `most`. */
bool send_budget_reserve(struct send_budget *budget, size_t bytes, int64_t most);
void send_budget_release(struct send_budget *budget, size_t bytes);

#endif
