/* What the files of the importer share: the import, and the reading of documents into it. */
#ifndef IMPORT_INTERNAL_H
#define IMPORT_INTERNAL_H

#include "base/arena.h"
#include "importer/import.h"
#include "importer/parse.h"
#include "path.h"
#include "rows.h"

/* A document that was read. */
struct document {
	struct import_row *row;
	size_t reached; /* index in `reached` of the first row that it reaches */
	int64_t moment; /* when it was true */
	bool older;     /* than a document of its row that is stored; once compared */
};

struct import {
	struct arena arena;   /* rows and what they hold */
	struct arena scratch; /* of the document that is being read */
	struct table *tables; /* by the resource's index */
	/* Arrays, in the bytes of buffers. */
	struct strbuf documents; /* struct document */
	struct strbuf reached;   /* struct import_row *: the rows that each document reaches */
	struct unknown_fields unknown;
	bool as_of_given;
	int64_t as_of; /* that was given, or the time of the import */
};

static inline size_t document_count(const struct import *import)
{
	return import->documents.length / sizeof(struct document);
}

static inline struct document *document_at(const struct import *import, size_t i)
{
	return &((struct document *)(void *)import->documents.data)[i];
}

static inline size_t reached_count(const struct import *import)
{
	return import->reached.length / sizeof(struct import_row *);
}

/* The end of the rows in `reached` that a document reaches. */
static inline size_t reached_end(const struct import *import, size_t document)
{
	return document + 1 < document_count(import) ? document_at(import, document + 1)->reached
	                                             : reached_count(import);
}

struct object;

/* A text, or one document, while it is read. */
struct reading {
	struct import *import;
	const char *name;    /* for errors */
	struct path path;    /* left where reading failed */
	bool moment_given;   /* text_moment was, for all documents */
	int64_t text_moment; /* when documents of the text were true that do not say it themselves */
	int64_t moment;      /* when the current document was true */
	const struct object *object; /* that is being read; NULL: none */
	struct error *error;
};

/* The same tree for jansson's iterators, which take no const; nothing is changed. */
static inline json_t *iterable(const json_t *json)
{
	return (json_t *)(uintptr_t)json;
}

/* Sets the error: the value at the path is not what was expected. Always returns false. */
bool reading_refuse(struct reading *reading, const char *expected, const json_t *found);

/* When a document was true, and its text (all documents in it): as given; else as the document says, or the
   latest of the text does; else at the time of the import. */
int64_t moment_of_document(const struct reading *reading, const json_t *document);
int64_t moment_of_text(const struct import *import, const struct json_values *values);

/* Reads one document, with all that it refers to, and notes which rows those are. */
bool document_read(struct reading *reading, const struct resource *resource,
                   const json_t *json) MUST_CHECK;

/* Read the value of a scalar field and an id. */
bool value_read(struct reading *reading, const struct slot *slot, const json_t *json,
                struct import_value *value) MUST_CHECK;
bool key_read(struct reading *reading, const struct shape *shape, const json_t *json,
              struct key *key) MUST_CHECK;

#endif
