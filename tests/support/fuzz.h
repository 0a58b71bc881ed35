/* What fuzz targets share: checks that stay in every build, and input as C strings. */
#ifndef SUPPORT_FUZZ_H
#define SUPPORT_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FUZZ_REQUIRE(condition) ((condition) ? (void)0 : abort())

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input with a NUL behind it, no byte more; new, free it with free. */
static inline char *fuzz_string(const uint8_t *data, size_t size)
{
	char *string = malloc(size + 1);

	FUZZ_REQUIRE(string);
	memcpy(string, data, size);
	string[size] = '\0';
	return string;
}

#endif
