/* A hash table of the clients that have an amount. */
#include "tally.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash_table.h"
#include "base/memory.h"

struct row {
	struct hash_node node;
	struct ip client;
	int64_t amount;
};

struct tally {
	uint64_t seed;        /* so that nobody can choose addresses of one bucket */
	pthread_mutex_t lock; /* guards all below */
	struct hash_table rows;
	int64_t total;
};

struct tally *tally_new(void)
{
	struct tally *tally = must(calloc(1, sizeof(*tally)));
	pthread_mutex_init(&tally->lock, NULL);
	tally->seed = hash_seed();
	return tally;
}

static struct row *find(const struct tally *tally, const struct ip *client, uint64_t hash)
{
	struct hash_node *node = hash_table_first(&tally->rows, hash);
	for (; node != NULL; node = hash_table_next(node)) {
		struct row *row = CONTAINER_OF(node, struct row, node);
		if (memcmp(&row->client, client, sizeof(*client)) == 0)
			return row;
	}
	return NULL;
}

static uint64_t hash_of(const struct tally *tally, const struct ip *client)
{
	return hash_bytes(client->bytes, sizeof(client->bytes), tally->seed);
}

static struct row *add_row(struct tally *tally, const struct ip *client, uint64_t hash)
{
	struct row *row = must(calloc(1, sizeof(*row)));
	row->client = *client;
	hash_table_add(&tally->rows, &row->node, hash);
	return row;
}

void tally_add(struct tally *tally, const struct ip *address, int64_t amount)
{
	struct ip client = ip_client(address);
	uint64_t hash = hash_of(tally, &client);
	pthread_mutex_lock(&tally->lock);
	struct row *row = find(tally, &client, hash);
	if (row == NULL)
		row = add_row(tally, &client, hash);
	row->amount += amount;
	tally->total += amount;
	if (row->amount == 0) {
		hash_table_remove(&tally->rows, &row->node);
		free(row);
	}
	pthread_mutex_unlock(&tally->lock);
}

int64_t tally_of(struct tally *tally, const struct ip *address)
{
	struct ip client = ip_client(address);
	pthread_mutex_lock(&tally->lock);
	const struct row *row = find(tally, &client, hash_of(tally, &client));
	int64_t amount = row != NULL ? row->amount : 0;
	pthread_mutex_unlock(&tally->lock);
	return amount;
}

int64_t tally_total(struct tally *tally)
{
	pthread_mutex_lock(&tally->lock);
	int64_t total = tally->total;
	pthread_mutex_unlock(&tally->lock);
	return total;
}

/* Clients that still have an amount at the end are those whose connections the library has not closed. */
void tally_free(struct tally *tally)
{
	if (tally == NULL)
		return;
	for (size_t i = 0; i < tally->rows.bucket_count; i++)
		for (struct hash_node *node = tally->rows.buckets[i], *next; node != NULL;
		     node = next) {
			next = node->next;
			free(CONTAINER_OF(node, struct row, node));
		}
	hash_table_fini(&tally->rows);
	pthread_mutex_destroy(&tally->lock);
	free(tally);
}
