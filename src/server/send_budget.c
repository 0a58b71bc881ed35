/* Counts what is being made, and what is under way, by client. */
#include "send_budget.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"
#include "tally.h"

/* The part of it that one client may have. */
#define CLIENT_SHARE 4

/* What the system may hold of a connection without a limit of ours, as it usually is set. */
#define UNLIMITED_SOCKET ((size_t)4 << 20)

struct send_budget {
	int64_t most;
	size_t socket_most; /* of a connection */
	struct tally *under_way;
	_Atomic int64_t being_made;
};

struct send_budget *send_budget_new(int64_t most, int64_t send_buffer)
{
	struct send_budget *budget = must(malloc(sizeof(*budget)));
	*budget = (struct send_budget){
		.most = most,
		/* The system doubles it, for its own needs. */
		.socket_most = send_buffer > 0 ? 2 * (size_t)send_buffer : UNLIMITED_SOCKET,
		.under_way = tally_new(),
	};
	return budget;
}

void send_budget_free(struct send_budget *budget)
{
	if (budget == NULL)
		return;
	tally_free(budget->under_way);
	free(budget);
}

bool send_budget_allows(struct send_budget *budget, const struct ip *client, size_t size)
{
	int64_t most = size < SEND_LARGE ? budget->most : budget->most / 4 * 3;
	return size < SEND_SMALL ||
	       (tally_of(budget->under_way, client) < budget->most / CLIENT_SHARE &&
	        tally_total(budget->under_way) + (int64_t)size <= most);
}

size_t send_budget_socket_share(const struct send_budget *budget, size_t size)
{
	size_t taken = size * 5 / 2; /* as measured: 84 KB for 36 KB */
	return taken < budget->socket_most ? taken : budget->socket_most;
}

void send_budget_take(struct send_budget *budget, const struct ip *client, size_t bytes)
{
	tally_add(budget->under_way, client, (int64_t)bytes);
}

void send_budget_give_back(struct send_budget *budget, const struct ip *client, size_t bytes)
{
	tally_add(budget->under_way, client, -(int64_t)bytes);
}

bool send_budget_reserve(struct send_budget *budget, size_t bytes, int64_t most)
{
	int64_t others = atomic_load(&budget->being_made), all;
	do {
		all = others + (int64_t)bytes;
		if (all > most)
			return false;
	} while (!atomic_compare_exchange_weak(&budget->being_made, &others, all));
	return true;
}

void send_budget_release(struct send_budget *budget, size_t bytes)
{
	atomic_fetch_sub(&budget->being_made, (int64_t)bytes);
}
