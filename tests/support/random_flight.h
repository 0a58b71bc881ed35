/* Flights, or rows of every list, made up from the tables of fields alone: every field of every view, nulls where
   they are allowed, hard values, empty and long lists, and resources that many documents share. There is one
   truth for each row; documents show it in the view that they want. Lists of rows that point back are worked out
   from what these say. */
#ifndef SUPPORT_RANDOM_FLIGHT_H
#define SUPPORT_RANDOM_FLIGHT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "resources/resource.h"

struct world;
struct truth;

struct world_options {
	size_t flights;
	size_t rows; /* of every list, where not 0 */
	bool simple; /* nothing is null, no list empty or long */
};

struct world *world_new(uint64_t seed, const struct world_options *options);
void world_free(struct world *world);

/* In the order of their ids. */
size_t world_flight_count(const struct world *world);
const struct truth *world_flight(const struct world *world, size_t number);
int64_t truth_id(const struct truth *truth);
/* The flight's spacecraft, or NULL. */
const struct truth *truth_spacecraft(const struct truth *flight);

/* Those of any resource, in the order of their ids. */
size_t world_count(const struct world *world, const struct resource *resource);
const struct truth *world_truth(const struct world *world, const struct resource *resource,
                                size_t number);
/* Its id as text, and a moment of it; false: it is null. */
void truth_id_text(const struct truth *truth, char text[40]);
bool truth_moment(const struct truth *truth, const char *field, int64_t *moment);

/* How and when documents are seen. */
struct scene {
	const char *base;   /* scheme://host, before each url's path */
	const char *suffix; /* behind it */
	int64_t as_of;      /* when the stored durations were true */
	int64_t now;        /* the moment of the answer */
	bool told;          /* by who knows what world_tell told, and not all that is true */
};

/* Tells all who are told what the document of that view says, which knows all that is true. */
void world_tell(struct world *world, const struct resource *resource, size_t number,
                enum view_id view, const struct scene *scene);

/* The truth as a document of that view; new. */
json_t *world_document(const struct world *world, const struct truth *truth, enum view_id view,
                       const struct scene *scene);

#endif
