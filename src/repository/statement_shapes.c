/* Keeps the texts of statements that came twice. Each costs memory on every session and in PostgreSQL, and clients can
   bring about new ones without end, so that there are only so many and none for a text that comes once. */
#include "statement_shapes.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash_table.h"
#include "base/memory.h"

#define SHAPES_MAX 256
#define SEEN_MAX 4096 /* a power of two */

struct shape {
	struct hash_node node; /* by the text */
	struct statement statement;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards all below */
static struct hash_table shapes;
static uint64_t seen[SEEN_MAX]; /* hashes of texts that came, each in its place */

static const struct statement *find(uint64_t hash, const char *sql)
{
	for (struct hash_node *node = hash_table_first(&shapes, hash); node != NULL;
	     node = hash_table_next(node)) {
		const struct shape *shape = CONTAINER_OF(node, struct shape, node);
		if (strcmp(shape->statement.sql, sql) == 0)
			return &shape->statement;
	}
	return NULL;
}

/* Whether the text comes again. */
static bool note(uint64_t hash)
{
	uint64_t *place = &seen[hash & (SEEN_MAX - 1)];
	bool again = *place == hash;
	*place = hash;
	return again;
}

static const struct statement *add(uint64_t hash, const struct statement *statement)
{
	size_t size = (size_t)statement->parameter_count * sizeof(Oid);
	struct shape *shape = must(calloc(1, sizeof(*shape)));
	Oid *types = must(malloc(size + 1));
	memcpy(types, statement->parameter_types, size);
	shape->statement =
		(struct statement){must(strdup(statement->sql)), statement->parameter_count, types};
	hash_table_add(&shapes, &shape->node, hash);
	return &shape->statement;
}

const struct statement *statement_shape(const struct statement *statement)
{
	uint64_t hash = hash_bytes(statement->sql, strlen(statement->sql), 0);
	pthread_mutex_lock(&lock);
	const struct statement *found = find(hash, statement->sql);
	if (found == NULL && note(hash) && shapes.count < SHAPES_MAX)
		found = add(hash, statement);
	pthread_mutex_unlock(&lock);
	return found;
}
