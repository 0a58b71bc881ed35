/* Represents answers as they were negotiated. */
#include "representation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "browsable/pages.h"
#include "protocol/error_body.h"
#include "serializer/json_text.h"

static void indent_body(struct answer *answer, int indent)
{
	struct strbuf indented = STRBUF_INIT;
	text_write_indented(&indented, answer->body.data, answer->body.length, indent);
	strbuf_fini(&answer->body);
	answer->body = indented;
}

/* The headers of the answer within the page, sorted. */
static size_t inner_headers(const struct answer *answer, char retry_after[static 24],
                            struct page_header headers[static 4])
{
	size_t count = 0;
	headers[count++] = (struct page_header){"Allow", "GET"};
	headers[count++] = (struct page_header){"Content-Type", "application/json"};
	if (answer->retry_after > 0) {
		snprintf(retry_after, 24, "%lld", (long long)answer->retry_after);
		headers[count++] = (struct page_header){"Retry-After", retry_after};
	}
	headers[count++] = (struct page_header){"Vary", "Accept"};
	return count;
}

/* What the filters of a list choose from, by filter; new, as is each one's. */
static struct page_choices *list_choices(const struct endpoint *endpoint,
                                         const struct content *content)
{
	struct page_choices *all = must(calloc(endpoint->filter_count + 1, sizeof(*all)));
	for (size_t i = 0; i < endpoint->filter_count; i++) {
		const struct filter *filter = &endpoint->filters[i];
		struct field_path path = field_path_of(endpoint->resource, filter->path);
		const struct catalog *catalog =
			match_chooses(filter->match)
				? content_catalog(content, field_path_end(&path)->of)
				: NULL;
		if (catalog == NULL || catalog_name(catalog, 0) == NULL)
			continue;
		all[i].count = catalog_count(catalog);
		all[i].choice = must(calloc(all[i].count + 1, sizeof(struct page_choice)));
		for (size_t place = 0; place < all[i].count; place++)
			all[i].choice[place] = (struct page_choice){catalog_key(catalog, place),
			                                            catalog_name(catalog, place)};
	}
	return all;
}

static void free_choices(const struct endpoint *endpoint, struct page_choices *choices)
{
	for (size_t i = 0; choices != NULL && i < endpoint->filter_count; i++)
		free(choices[i].choice);
	free(choices);
}

static int64_t write_page(const struct decision *decision, const struct content *content,
                          struct answer *answer)
{
	struct format_clock clock = {clock_now(), INT64_MAX};
	struct page_header headers[4];
	struct page_choices *choices = NULL;
	char retry_after[24];
	struct strbuf body = STRBUF_INIT;
	struct page page = {
		.decision = decision,
		/* HEAD is answered as GET is, to the last byte: a cached answer goes to both. */
		.method = strcmp(decision->method, "HEAD") == 0 ? "GET" : decision->method,
		.status = answer->status,
		.reason = MHD_get_reason_phrase_for((unsigned)answer->status),
		.headers = headers,
		.header_count = inner_headers(answer, retry_after, headers),
		.json = {answer->body.data, answer->body.length},
		.clock = &clock,
	};
	if (content != NULL) {
		page.count = (int64_t)content->count;
		page.data = (struct text){content->page_data.data, content->page_data.length};
		page.choices = choices = list_choices(decision->endpoint, content);
	}
	page_write(&page, &body);
	free_choices(decision->endpoint, choices);
	strbuf_fini(&answer->body);
	answer->body = body;
	return clock.good_for;
}

/* Routes whose answers are made of page data. */
static int64_t represent_page_data(const struct decision *decision, const struct content *content,
                                   struct answer *answer)
{
	struct format_clock clock = {clock_now(), INT64_MAX};
	struct page page = {
		.decision = decision,
		.data = {content->page_data.data, content->page_data.length},
		.clock = &clock,
	};
	if (decision->route == ROUTE_SPACE) {
		answer->negotiated = true;
		answer->policy = page_policy;
		answer->content_type = "text/html; charset=utf-8";
		page_write_space(&page, &answer->body);
	} else if (decision->route == ROUTE_CALENDAR) {
		answer->content_type = "text/calendar; charset=utf-8";
		page_write_calendar(&page, &answer->body);
	} else {
		answer->content_type = "application/atom+xml; charset=utf-8";
		page_write_feed(&page, &answer->body);
	}
	return clock.good_for;
}

int64_t represent(const struct decision *decision, const struct content *content,
                  struct answer *answer)
{
	if (content != NULL && route_is_of_page_data(decision->route))
		return represent_page_data(decision, content, answer);
	answer->negotiated = true;
	answer->content_type = "application/json";
	if (decision->negotiation.renderer == RENDERER_HTML) {
		answer->policy = page_policy;
		answer->content_type = "text/html; charset=utf-8";
	}
	/* How long a page is good is known once it is made. */
	if (answer->bodiless)
		return decision->negotiation.renderer == RENDERER_HTML ? 0 : INT64_MAX;
	if (decision->negotiation.renderer == RENDERER_HTML)
		return write_page(decision, content, answer);
	if (decision->negotiation.indent > 0)
		indent_body(answer, decision->negotiation.indent);
	return INT64_MAX;
}

void represent_refusal(const struct decision *decision, struct answer *answer)
{
	const struct decision_row *row = &decision_rows[decision->kind];
	*answer = (struct answer){.status = row->status, .retry_after = decision->wait};
	error_body_write(&answer->body, decision);
	if (row->form == FORM_PAGE) {
		answer->content_type = "text/html";
	} else if (row->form == FORM_EMPTY) {
		answer->location = decision->location;
		answer->preflight = decision->kind == DECISION_PREFLIGHT;
		if (answer->location != NULL)
			answer->content_type = "text/html; charset=utf-8";
	} else {
		(void)represent(decision, NULL, answer);
	}
}
