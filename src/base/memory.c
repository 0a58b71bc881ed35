/* Ends the process for want of memory. */
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

void out_of_memory(void)
{
	fputs("out of memory\n", stderr);
	abort();
}
