/* Where in a document the import is, and the fields that it met and does not know. */
#ifndef PATH_H
#define PATH_H

#include <stddef.h>

#include "base/strbuf.h"
#include "importer/unknown.h"

/* Objects and lists inside each other: reading recurses. */
#define PATH_DEPTH_MAX 100

/* A field's name (borrowed from the document), or (NULL) an index. */
struct path_part {
	const char *name;
	size_t index;
};

struct path {
	struct path_part parts[PATH_DEPTH_MAX];
	size_t depth;
	size_t document; /* the depth at which the current document begins */
};

/* Adds a part; the caller has checked that the depth is below the maximum. */
static inline void path_name(struct path *path, const char *name)
{
	path->parts[path->depth++] = (struct path_part){name, 0};
}

static inline void path_index(struct path *path, size_t index)
{
	path->parts[path->depth++] = (struct path_part){NULL, index};
}

static inline void path_leave(struct path *path)
{
	path->depth--;
}

/* `results[3].launch.pad.latitude`; the middle of a very long one is left out. */
#define PATH_TEXT_SIZE 512
void path_text(const struct path *path, char text[static PATH_TEXT_SIZE]);

/* Counts the field that the path leads to; the path counts from the document on, without indexes. */
void unknown_fields_add(struct unknown_fields *unknown, const struct path *path);

#endif
