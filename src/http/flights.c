/* Puts answers about flights together from their documents. */
#include "flights.h"

#include <string.h>

#include "base/clock.h"
#include "base/temporal.h"
#include "finish.h"
#include "serializer/template.h"
#include "texts.h"

/* Bytes of documents. A body in parts needs one more call of the system for its head, and below that
   many, copying them together takes less. */
#define PARTS_FROM (256 * 1024)

/* `"name":"URL",`, or null where `url` is empty; takes the url's bytes. */
static void write_link(struct strbuf *out, const char *name, struct strbuf *url)
{
	if (url->length > 0)
		strbuf_printf(out, "\"%s\":\"%s\",", name, url->data);
	else
		strbuf_printf(out, "\"%s\":null,", name);
	strbuf_fini(url);
}

static void write_page_head(const struct decision *decision, size_t count, struct strbuf *out)
{
	struct strbuf next = STRBUF_INIT, previous = STRBUF_INIT;
	(void)link_write_next(&next, &decision->link, &decision->query, (int64_t)count);
	(void)link_write_previous(&previous, &decision->link, &decision->query);
	strbuf_printf(out, "{\"count\":%zu,", count);
	write_link(out, "next", &next);
	write_link(out, "previous", &previous);
	strbuf_str(out, "\"results\":[");
}

static size_t documents_size(const struct material *material, const struct rendering *rendering)
{
	size_t size = 0;
	for (size_t i = 0; i < material->id_count; i++)
		size += template_filled_size(cache_entry_thing(material->documents[i]), rendering);
	return size;
}

/* Fills in the documents; returns for how long they stay true. */
static int64_t write_documents(const struct material *material, const struct rendering *rendering,
                               struct strbuf *out)
{
	int64_t good_for = INT64_MAX;
	strbuf_reserve(out, documents_size(material, rendering) + material->id_count + 2);
	for (size_t i = 0; i < material->id_count; i++) {
		const struct template *template = cache_entry_thing(material->documents[i]);
		int64_t document = template_good_for(template, rendering->now);
		good_for = document < good_for ? document : good_for;
		if (i > 0)
			strbuf_char(out, ',');
		template_fill(template, rendering, out);
	}
	return good_for;
}

/* Likewise, as parts of the answer, with the page's end. */
static int64_t add_documents(struct service *service, const struct decision *decision,
                             const struct material *material, const struct rendering *rendering,
                             struct answer *answer)
{
	static const char end[] = "]}";
	answer->parts = parts_new(material->id_count + 1);
	int64_t good_for =
		texts_add(service, material, decision->query.detailed ? DETAILED : NORMAL,
	                  rendering, answer->parts);
	parts_add(answer->parts, NULL, end, 2, XXH3_128bits(end, 2));
	return good_for;
}

static int64_t write_body(struct service *service, const struct decision *decision,
                          const struct material *material, bool whole, struct answer *answer)
{
	const char *suffix = query_url_suffix(&decision->query);
	struct rendering rendering = {decision->link.base.data, decision->link.base.length, suffix,
	                              strlen(suffix), clock_now()};
	if (decision->route == ROUTE_FLIGHT)
		return write_documents(material, &rendering, &answer->body);
	write_page_head(decision, material->count, &answer->body);
	if (!whole && documents_size(material, &rendering) >= PARTS_FROM)
		return add_documents(service, decision, material, &rendering, answer);
	int64_t good_for = write_documents(material, &rendering, &answer->body);
	strbuf_str(&answer->body, "]}");
	return good_for;
}

/* Seconds that a client may keep the answer: not beyond a live duration's second. */
static int64_t max_age(const struct service *service, int64_t good_for)
{
	int64_t most = service->config->cache_max_age;
	return good_for / MICROSECONDS < most ? good_for / MICROSECONDS : most;
}

int64_t flights_answer(struct service *service, const struct decision *decision,
                       const struct material *material, bool whole, struct answer *answer)
{
	enum decision_kind kind = material->kind;
	if (kind == DECISION_SERVED && decision->route == ROUTE_FLIGHT && material->id_count == 0)
		kind = DECISION_NO_FLIGHT;
	if (kind != DECISION_SERVED) {
		decision_answer(decision, kind, 0, answer);
		return 0;
	}
	*answer = (struct answer){.status = 200};
	int64_t good_for = write_body(service, decision, material, whole, answer);
	answer->has_etag = true;
	answer->max_age = max_age(service, good_for);
	finish_body(decision, material, answer);
	return good_for;
}
