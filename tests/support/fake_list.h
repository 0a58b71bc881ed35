/* The upstream's list of flights as tests play it: small documents in the contract's shape, and pages of
   them as the original makes them. */
#ifndef SUPPORT_FAKE_LIST_H
#define SUPPORT_FAKE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

struct fake_flight {
	int64_t id;
	char *document;
};

struct fake_list {
	struct fake_flight *flights; /* ascending by id */
	size_t count, capacity;
};

void fake_list_fini(struct fake_list *list);

/* Adds a flight or puts another document in its place; copies it. */
void fake_list_put(struct fake_list *list, int64_t id, const char *document);
void fake_list_remove(struct fake_list *list, int64_t id);

/* What tests care about in a flight. Texts are put into JSON as they are; NULL is null. */
struct fake_facts {
	int64_t id;
	const char *destination;
	const char *net; /* of the launch */
	const char *mission_end;
	const char *provider; /* name of agency 1, which all flights share; NULL: without */
	bool in_space;
};

void fake_list_put_facts(struct fake_list *list, const struct fake_facts *facts);

/* Flights 1 to count, each `destination` and its id, launched in 2020 and over. */
void fake_list_fill(struct fake_list *list, int64_t count, const char *destination);

/* The order of the list on its pages. */
enum fake_order {
	FAKE_BY_ID,
	FAKE_SHUFFLED, /* always the same other one */
	FAKE_CHANGING, /* another one for each seed */
};

/* The list in that order, which borrows its documents: free `flights` alone. */
struct fake_list fake_list_order(const struct fake_list *list, enum fake_order order,
                                 unsigned seed);

/* How a page is made; negative: as it should be. */
struct fake_page {
	const char *origin; /* scheme://host:port */
	int64_t limit, offset;
	int64_t count;    /* said instead of the true count */
	const char *next; /* said instead; NULL: as it should be */
	int64_t cut;      /* so many flights are left out at the page's end */
};
void fake_list_page(const struct fake_list *list, const struct fake_page *page, struct strbuf *out);

#endif
