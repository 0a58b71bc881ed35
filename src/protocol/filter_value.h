/* Values of filters. */
#ifndef FILTER_VALUE_H
#define FILTER_VALUE_H

#include "base/arena.h"
#include "resources/endpoint.h"

/* The values that a parameter was given, decoded, in their order: only the last counts, but for MATCH_CHOICES. */
struct given {
	const struct text *value;
	size_t count;
};

/* Reads the values for condition->filter into what its kind of match wants. False: the condition is void, and
   *error says what is wrong, as the inside of a JSON string, or is NULL where there is no filter at all. What the
   condition and the error hold is the arena's, the values' or for ever. */
bool filter_value_parse(struct arena *arena, const struct resource *resource, struct given given,
                        struct condition *condition, const char **error);

/* Reads a uuid as Python does: hex digits of either case, dashes anywhere or none, `urn:` and `uuid:` before them
   and braces around them. The arena is for working space. */
bool uuid_read(struct arena *arena, struct text text, struct key *key);

#endif
