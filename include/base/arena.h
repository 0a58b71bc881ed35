/* Memory that is given back all at once: one arena a request, a document or a statement. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks; /* newest first */
	char *next;
	size_t left;
};

/* An arena of no memory yet; never fails. */
void arena_init(struct arena *arena);
void arena_fini(struct arena *arena);

/* Zeroed memory, aligned for any type, good until arena_fini. Out of memory ends the process with a
   line on stderr: nothing that an arena serves could go on without it. Never NULL, also for size 0. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc, returns_nonnull));
void *arena_array(struct arena *arena, size_t count, size_t size)
	__attribute__((malloc, returns_nonnull));

/* Copies, with a NUL behind them. */
char *arena_copy(struct arena *arena, const char *data, size_t length)
	__attribute__((returns_nonnull));
char *arena_string(struct arena *arena, const char *string) __attribute__((returns_nonnull));
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull));

#endif
