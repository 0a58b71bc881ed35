/* Renders the browsable page of a request and its response. */
#include "support/page_fixture.h"

#include <string.h>

#include "support/cmocka.h"

static const struct page_header headers[] = {
	{"Allow", "GET"}, {"Content-Type", "application/json"}, {"Vary", "Accept"}};

void page_fixture_init(struct page_fixture *fixture, const char *target, const char *json)
{
	const struct decision_rules rules = {.allowed_hosts = "*", .public_url = ""};
	const struct request request = {
		.method = "GET",
		.target = text_of(target),
		.host = "ll.example.org",
		.accept = "text/html",
	};

	*fixture = (struct page_fixture){0};
	arena_init(&fixture->arena);
	decide(&fixture->decision, &request, &rules, &fixture->arena);
	assert_int_equal(fixture->decision.negotiation.renderer, RENDERER_HTML);
	fixture->page = (struct page){
		.decision = &fixture->decision,
		.method = "GET",
		.status = 200,
		.reason = "OK",
		.headers = headers,
		.header_count = 3,
		.json = text_of(json),
		.choices = fixture->choices,
		.clock = &fixture->clock,
	};
	fixture->clock = (struct format_clock){PAGE_FIXTURE_NOW, INT64_MAX};
}

char *page_fixture_render(struct page_fixture *fixture)
{
	struct strbuf out = STRBUF_INIT;
	size_t length;

	page_write(&fixture->page, &out);
	arena_fini(&fixture->arena);
	return strbuf_steal(&out, &length);
}

void assert_has(const char *html, const char *part)
{
	if (!strstr(html, part))
		fail_msg("no %s", part);
}

void assert_has_not(const char *html, const char *part)
{
	const char *found = strstr(html, part);

	if (found)
		fail_msg("%s: %.80s", part, found);
}
