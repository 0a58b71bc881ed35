/* Shows what an answer says as it was negotiated. */
#include "finish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "http/page.h"
#include "http/refusal.h"
#include "serializer/text.h"

static void show_indented(struct answer *answer, int indent)
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

/* The spacecraft that can be chosen; new. */
static struct page_spacecraft *choices(const struct catalog *catalog)
{
	struct page_spacecraft *all = must(calloc(catalog->spacecraft_count + 1, sizeof(*all)));
	for (size_t i = 0; i < catalog->spacecraft_count; i++)
		all[i] = (struct page_spacecraft){catalog->spacecraft[i], catalog->names[i]};
	return all;
}

static enum page_kind page_kind_of(enum route route)
{
	if (route == ROUTE_THROTTLE)
		return PAGE_THROTTLE;
	return route == ROUTE_FLIGHT ? PAGE_FLIGHT : PAGE_LIST;
}

/* HEAD is answered as GET is, to the last byte: an answer that is kept goes to both. */
static const char *shown_method(const struct decision *decision)
{
	return strcmp(decision->method, "HEAD") == 0 ? "GET" : decision->method;
}

static void show_page(const struct decision *decision, const struct material *material,
                      struct answer *answer)
{
	struct page_header headers[4];
	struct page_spacecraft *spacecraft = NULL;
	char retry_after[24];
	struct strbuf body = STRBUF_INIT;
	struct page page = {
		.kind = page_kind_of(decision->route),
		.method = shown_method(decision),
		.link = &decision->link,
		.query = &decision->query,
		.status = answer->status,
		.reason = MHD_get_reason_phrase_for((unsigned)answer->status),
		.headers = headers,
		.json = {answer->body.data, answer->body.length},
	};
	page.header_count = inner_headers(answer, retry_after, headers);
	if (material != NULL) {
		page.count = (int64_t)material->count;
		if (material->catalog->names != NULL) {
			page.spacecraft = spacecraft = choices(material->catalog);
			page.spacecraft_count = material->catalog->spacecraft_count;
		}
	}
	page_write(&page, &body);
	free(spacecraft);
	strbuf_fini(&answer->body);
	answer->body = body;
	answer->policy = page_policy;
	answer->content_type = "text/html; charset=utf-8";
}

void finish_body(const struct decision *decision, const struct material *material,
                 struct answer *answer)
{
	answer->negotiated = true;
	answer->content_type = "application/json";
	if (decision->negotiation.renderer == RENDERER_HTML)
		show_page(decision, material, answer);
	else if (decision->negotiation.indent > 0)
		show_indented(answer, decision->negotiation.indent);
}

static void answer_empty(struct answer *answer, const struct decision *decision)
{
	answer->location = decision->location;
	answer->preflight = decision->kind == DECISION_PREFLIGHT;
	if (answer->location != NULL)
		answer->content_type = "text/html; charset=utf-8";
}

void decision_answer(const struct decision *decision, enum decision_kind kind, int64_t wait,
                     struct answer *answer)
{
	struct decision refused = *decision;
	refused.kind = kind;
	*answer = (struct answer){.status = decision_rows[kind].status, .retry_after = wait};
	switch (decision_rows[kind].form) {
	case FORM_PAGE:
		answer_fixed_page(answer, fixed_page_of(answer->status));
		break;
	case FORM_EMPTY:
		answer_empty(answer, decision);
		break;
	default:
		refusal_write(&answer->body, &refused, wait);
		finish_body(decision, NULL, answer);
	}
}
