/* Answers that are the same for as long as the program runs: the OpenAPI document and the page that reads it.
   They are made once, since each takes milliseconds. */
#ifndef CONSTANT_H
#define CONSTANT_H

#include "http/path.h"
#include "http/response.h"

struct constants;

/* `max_age`: seconds that clients may keep them. */
struct constants *constants_new(int64_t max_age) __attribute__((returns_nonnull));
void constants_free(struct constants *constants); /* NULL is fine */

/* The route's response, which is the constants'; NULL: it has another answer each time. */
const struct response *constants_find(const struct constants *constants, enum route route,
                                      enum encoding encoding);

#endif
