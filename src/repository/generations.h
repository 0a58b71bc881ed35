/* The states of the data that this process has seen, each identified by its generation: the version, and above it the
   number of an era, in which versions only grow. Says which is the newest, until when another one was, and whether
   the database is away. */
#ifndef GENERATIONS_H
#define GENERATIONS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { GENERATIONS_REMEMBERED = 256 };

struct generations {
	_Atomic uint64_t newest; /* 0: none yet */
	/* Grows with every sign of the database; its lowest bits say that it is away since, and silent. */
	_Atomic uint64_t presence;
	_Atomic int64_t seen_at; /* the last of these, by clock_monotonic */
	pthread_mutex_t lock;    /* guards all below */
	struct superseded {
		uint64_t generation;
		int64_t at; /* when it was seen that there is a newer one */
	} superseded[GENERATIONS_REMEMBERED];
	size_t superseded_count; /* since ever; the last ones are remembered */
};

void generations_init(struct generations *generations);
void generations_fini(struct generations *generations);

uint64_t generations_newest(const struct generations *generations);

/* The era of a generation, and its version. */
uint64_t generation_era(uint64_t generation);
int64_t generation_version(uint64_t generation);

/* The first state of a new era, which makes all earlier ones old. */
void generations_begin_era(struct generations *generations, int64_t version);

/* As change_feed_observe. */
uint64_t generations_observe(struct generations *generations, uint64_t before, int64_t version);

/* A sign of the database. */
void generations_note_presence(struct generations *generations);
uint64_t generations_presence(const struct generations *generations);
/* The database is away, and silent where it took what was sent and did not answer, unless somebody had a sign of it
   since its presence was read. */
void generations_note_absence(struct generations *generations, uint64_t presence, bool silent);
bool generations_away(const struct generations *generations);
bool generations_silent(const struct generations *generations);

/* Until when (by clock_monotonic) the generation was known to be the newest; 0: nobody remembers. */
int64_t generations_good_until(struct generations *generations, uint64_t generation);

#endif
