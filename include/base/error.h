/* What went wrong, as one sentence for a person. A function that can fail takes a `struct error *`
   and returns false or NULL after it has filled it; the first error that is set wins, so that an
   unwind cannot hide the cause. Errors are logged once, at the edge. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

struct error {
	char text[1024]; /* empty: no error; always terminated, cut with "..." where too long */
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* Sets the text unless one is set already. Always returns false, so that `return error_set(...)` reads well. */
bool error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts "context: " before a text that is set. Always returns false. */
bool error_prefix(struct error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static inline bool error_is_set(const struct error *error)
{
	return error->text[0] != '\0';
}

#endif
