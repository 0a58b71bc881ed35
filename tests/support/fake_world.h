/* An upstream with rows in all lists of the tables, which change, come and go by chance, under a clock that nobody
   waits for. Pages are made by what a request says: mode, ordering, filter, limit and offset. Which rows a mirror has to
   have when is the test's to know: nothing here comes from the code under test but the tables. */
#ifndef SUPPORT_FAKE_WORLD_H
#define SUPPORT_FAKE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "resources/endpoint.h"

#define WORLD_ORIGIN "https://ll.example"
#define WORLD_VERSIONS 32 /* whose times are known, of each row */

struct world_row {
	struct key key;
	int64_t at;      /* its times but for those that follow */
	int64_t updated; /* last_updated */
	int64_t left;    /* departure; 0: null */
	bool flag;       /* in_space */
	int version;
	int64_t came[WORLD_VERSIONS]; /* when a version came, by its number */
	bool lively[WORLD_VERSIONS];  /* of those that the list shows without reading all of it */
	int64_t gone;                 /* when it was deleted; 0: it is there */
	int mirrored;                 /* the test's: the version that the mirror has; -1: none */
};

struct world_list {
	const struct endpoint *list;
	struct world_row *rows; /* also those that are gone */
	size_t count, room, there;
	int64_t served; /* requests */
};

struct world {
	int64_t now;
	unsigned seed;
	struct world_list lists[ENDPOINTS_MAX]; /* whole lists alone */
	size_t count;
	bool ignores; /* every filter and ordering */
	int changes, deletions;
};

/* `pages(path)` tells how many rows each list has. */
void world_init(struct world *world, int64_t now, int64_t (*rows)(const char *path));
void world_fini(struct world *world);

/* By chance; 0 to just below 1, and 1 to most. */
double world_chance(struct world *world);
int64_t world_pick(struct world *world, int64_t most);

/* An editor at work: changes a row of the list, adds or deletes one. */
void world_edit(struct world *world, struct world_list *list);

/* The answer to a request: the page or the row; false where there is none such (404). */
bool world_answer(struct world *world, const char *url, struct strbuf *body);

/* The list of a request; NULL: none. */
struct world_list *world_list_of(struct world *world, const char *url);

/* The field whose value tells the version of a row, as `VERSION_MARK` and a number in a text, or seconds behind
   the row's time. */
const struct field *world_version_field(const struct endpoint *list);
#define VERSION_MARK " version "

/* The launch that a flight or an update belongs to; NULL: it was deleted. */
const struct world_row *world_launch_of(const struct world *world, const struct world_row *row);

/* A number of the query; `otherwise` where it has none. */
int64_t world_parameter(const char *url, const char *name, int64_t otherwise);

#endif
