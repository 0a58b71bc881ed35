/* Want of memory ends the process with a line in the log that says how much there was none for: a supervisor starts it
   again, whereas going on with half of something would be seen by nobody. That goes for the libraries' memory as
   well: malloc, calloc and realloc of the whole process end it where they fail (not under sanitizers, which bring
   their own). */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

_Noreturn void out_of_memory(void);

/* How the message gets to standard error, without taking memory; as it is, until something else is said. */
typedef void memory_tell(const char *message);
void out_of_memory_tell(memory_tell *how);

/* Bytes in all blocks that were allocated and not freed. */
size_t memory_allocated(void);

/* Returns `pointer`, whose allocation can fail for want of memory alone. */
static inline __attribute__((returns_nonnull)) void *must(void *pointer)
{
	if (pointer == NULL)
		out_of_memory();
	return pointer;
}

/* Room for twice as many elements of `size` bytes, or for the first; takes the array and returns it. */
void *grow_array(void *array, size_t *capacity, size_t size) __attribute__((returns_nonnull));

#endif
