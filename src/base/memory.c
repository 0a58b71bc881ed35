/* Ends the process for want of memory, and grows arrays. */
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

#define CAPACITY_FIRST ((size_t)16)

void out_of_memory(void)
{
	fputs("out of memory\n", stderr);
	abort();
}

void *grow_array(void *array, size_t *capacity, size_t size)
{
	*capacity = *capacity ? 2 * *capacity : CAPACITY_FIRST;
	return must(realloc(array, *capacity * size));
}
