/* Hands out memory from blocks that are freed together. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Blocks double from the first size to the largest, so that small arenas stay small and large ones
   call malloc seldom. */
#define BLOCK_FIRST ((size_t)4096)
#define BLOCK_LARGEST ((size_t)256 * 1024)

struct arena_block {
	struct arena_block *older;
	size_t size; /* of the memory behind this header */
	max_align_t memory[];
};

void arena_init(struct arena *arena)
{
	*arena = (struct arena){NULL, NULL, 0};
}

void arena_fini(struct arena *arena)
{
	struct arena_block *block = arena->blocks;

	while (block) {
		struct arena_block *older = block->older;

		free(block);
		block = older;
	}
	arena_init(arena);
}

static struct arena_block *block_new(size_t size)
{
	struct arena_block *block;

	if (size > PTRDIFF_MAX - sizeof(*block))
		out_of_memory();
	block = must(calloc(1, sizeof(*block) + size));
	block->size = size;
	return block;
}

/* Something large gets a block of its own behind the newest, whose rest stays in use. */
static void *alloc_large(struct arena *arena, size_t size)
{
	struct arena_block *block = block_new(size);

	if (arena->blocks) {
		block->older = arena->blocks->older;
		arena->blocks->older = block;
	} else {
		arena->blocks = block;
	}
	return block->memory;
}

static void arena_grow(struct arena *arena, size_t size)
{
	size_t wanted = arena->blocks ? arena->blocks->size * 2 : BLOCK_FIRST;
	struct arena_block *block;

	if (wanted > BLOCK_LARGEST)
		wanted = BLOCK_LARGEST;
	block = block_new(wanted > size ? wanted : size);
	block->older = arena->blocks;
	arena->blocks = block;
	arena->next = (char *)block->memory;
	arena->left = block->size;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	void *memory;

	if (size > PTRDIFF_MAX - align)
		out_of_memory();
	size = (size + align - 1) / align * align;
	if (size == 0)
		size = align;
	if (size > arena->left) {
		if (size > BLOCK_LARGEST / 4)
			return alloc_large(arena, size);
		arena_grow(arena, size);
	}
	memory = arena->next;
	arena->next += size;
	arena->left -= size;
	return memory;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		out_of_memory();
	return arena_alloc(arena, bytes);
}

char *arena_copy(struct arena *arena, const char *data, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);

	if (length > 0)
		memcpy(copy, data, length);
	return copy;
}

char *arena_string(struct arena *arena, const char *string)
{
	return arena_copy(arena, string, strlen(string));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		out_of_memory();
	text = arena_alloc(arena, (size_t)length + 1);
	va_start(arguments, format);
	vsnprintf(text, (size_t)length + 1, format, arguments);
	va_end(arguments);
	return text;
}
