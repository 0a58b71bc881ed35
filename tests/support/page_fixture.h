/* Renders the browsable page of a request and its response, without a server. */
#ifndef SUPPORT_PAGE_FIXTURE_H
#define SUPPORT_PAGE_FIXTURE_H

#include "base/arena.h"
#include "browsable/pages.h"

#define PAGE_FIXTURE_NOW (INT64_C(1767323045) * 1000000) /* 2026-01-02T03:04:05Z */

struct page_fixture {
	struct arena arena;
	struct decision decision;
	struct page page; /* 200, with three headers; to be changed before it is rendered */
	struct page_choices choices[FILTERS_MAX]; /* of the page, by filter; empty */
	struct format_clock clock;                /* of the page */
};

/* A GET of the target (`/path?query`) from a browser at http://ll.example.org. Borrows both strings. */
void page_fixture_init(struct page_fixture *fixture, const char *target, const char *json);

/* The page's HTML, new; ends the fixture. */
char *page_fixture_render(struct page_fixture *fixture);

void assert_has(const char *html, const char *part);
void assert_has_not(const char *html, const char *part);

#endif
