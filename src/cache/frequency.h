/* How often keys were requested lately: a count-min sketch, which takes the same memory however many keys there are.
   Now and then it says more than it was, and never less. Counts are halved every so many requests of keys that were
   not cached, so that what was popular once is forgotten, but not while nothing else is requested (Einziger, Friedman,
   Manes: TinyLFU). Not for several threads at once. */
#ifndef FREQUENCY_H
#define FREQUENCY_H

#include <stdbool.h>
#include <stdint.h>

/* More requests than that count as so many. */
#define FREQUENCY_MOST 255

struct frequency;

struct frequency *frequency_new(void) __attribute__((returns_nonnull));
void frequency_free(struct frequency *frequency);

/* Records a request by the key's hash. `ages`: it is one after which the others count for less. */
void frequency_record(struct frequency *frequency, uint64_t hash, bool ages);

/* How often it was requested. */
unsigned frequency_of(const struct frequency *frequency, uint64_t hash);

#endif
