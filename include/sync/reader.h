/* A JSON text read piece by piece, without building it in memory: importing a page of megabytes must
   cost little more than looking at each byte, and an error must know its line, column and path. Reads
   what RFC 8259 allows, in UTF-8, and nothing else; a byte order mark in front is skipped.

   One thread at a time. Nothing here reports an error by itself: a function that returns false (or
   STEP_BAD) has left in the reader where the text is wrong and what was expected there. */
#ifndef SYNC_READER_H
#define SYNC_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/* Objects and lists inside each other: a bomb of brackets must not eat the stack. */
#define READER_DEPTH_MAX 100

struct reader {
	const char *text, *end; /* borrowed until the last use */
	const char *at;
	unsigned depth;
	struct arena
		*arena; /* takes texts that have escapes; borrowed, may be changed between values */
	const char *wrong_at; /* NULL while all is well */
	const char *expected;
};

/* Bytes of the text, or of the arena. */
struct slice {
	const char *data;
	size_t length;
};

enum reader_type {
	READER_NULL,
	READER_TRUE,
	READER_FALSE,
	READER_NUMBER,
	READER_TEXT,
	READER_LIST,
	READER_OBJECT,
	READER_NOTHING, /* the end, or what begins no value */
};

enum step { STEP_MORE, STEP_DONE, STEP_BAD };

struct number {
	bool whole; /* written without fraction and exponent */
	bool fits;  /* whole, and within 64 bits: */
	int64_t integer;
	struct slice text;
};

void reader_init(struct reader *reader, const char *text, size_t length, struct arena *arena);

/* Skips white space and tells what begins there. */
enum reader_type reader_peek(struct reader *reader);

/* Enters the object or list that begins here; then reader_key or reader_item until STEP_DONE, and a
   value (or reader_skip) after each STEP_MORE. `first` is the caller's, true at the beginning. */
bool reader_enter(struct reader *reader) MUST_CHECK;
enum step reader_key(struct reader *reader, bool *first, struct slice *key) MUST_CHECK;
enum step reader_item(struct reader *reader, bool *first) MUST_CHECK;

bool reader_text(struct reader *reader, struct slice *text) MUST_CHECK;
bool reader_number(struct reader *reader, struct number *number) MUST_CHECK;
bool reader_word(struct reader *reader) MUST_CHECK;   /* true, false, null */
bool reader_skip(struct reader *reader) MUST_CHECK;   /* any value */
bool reader_finish(struct reader *reader) MUST_CHECK; /* nothing but white space may be left */

/* The nearest double; false where it is beyond the largest. */
bool number_double(const struct number *number, double *value) MUST_CHECK;

/* Says that something else was expected at a place. Always returns false. */
bool reader_wrong(struct reader *reader, const char *at, const char *expected);

/* Fills the error: `NAME:LINE:COLUMN: PATHexpected ..., found ...`; columns count characters, from 1. */
void reader_explain(const struct reader *reader, const char *name, const char *path,
                    struct error *error);

#endif
