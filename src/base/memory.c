/* Ends the process for want of memory, whoever wanted it, and grows arrays. */
#include "base/memory.h"

#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define CAPACITY_FIRST ((size_t)16)

static void tell_plainly(const char *message)
{
	struct iovec line[] = {{(void *)(uintptr_t)message, strlen(message)},
	                       {(void *)(uintptr_t) "\n", 1}};

	if (writev(STDERR_FILENO, line, 2) < 0)
		return; /* nobody is there to hear it */
}

static _Atomic(memory_tell *) tell = tell_plainly;

void out_of_memory_tell(memory_tell *how)
{
	atomic_store(&tell, how);
}

/* Only the first thread says so, once; what it needs for that may be missing, too. */
static _Noreturn void end(const char *message)
{
	static atomic_flag ending = ATOMIC_FLAG_INIT;
	static _Thread_local bool is_ending;

	if (!atomic_flag_test_and_set(&ending)) {
		is_ending = true;
		atomic_load (&tell)(message);
		abort();
	}
	if (is_ending)
		abort();
	for (;;)
		pause();
}

void out_of_memory(void)
{
	end("out of memory");
}

size_t memory_allocated(void)
{
	struct mallinfo2 info = mallinfo2();
	return info.uordblks + info.hblkhd;
}

void *grow_array(void *array, size_t *capacity, size_t size)
{
	*capacity = *capacity ? 2 * *capacity : CAPACITY_FIRST;
	return must(realloc(array, *capacity * size));
}

/* --- The allocator, whose functions these take the place of in the libraries, too. --- */

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && \
	!defined(__clang_analyzer__)
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_OWN_ALLOCATOR
#endif
#endif

#ifndef HAS_OWN_ALLOCATOR

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);

static _Noreturn void end_for(size_t size)
{
	char message[64];

	snprintf(message, sizeof(message), "out of memory: %zu bytes were wanted", size);
	end(message);
}

void *malloc(size_t size)
{
	void *block = __libc_malloc(size);

	if (block == NULL)
		end_for(size);
	return block;
}

void *calloc(size_t count, size_t size)
{
	void *block = __libc_calloc(count, size);
	size_t all;

	if (block == NULL)
		end_for(__builtin_mul_overflow(count, size, &all) ? SIZE_MAX : all);
	return block;
}

/* Nothing is what becomes of a block of no bytes. */
void *realloc(void *block, size_t size)
{
	void *grown = __libc_realloc(block, size);

	if (grown == NULL && size > 0)
		end_for(size);
	return grown;
}

#endif
#endif
