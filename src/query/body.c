/* Puts bodies together from documents. */
#include "query/body.h"

#include <string.h>

#include "base/clock.h"
#include "document_text.h"
#include "protocol/link.h"
#include "protocol/pagination.h"
#include "serializer/template.h"

/* Bytes of documents. A body in pieces needs one more call of the system for its head, and below that many,
   copying them together takes less. */
#define PIECES_FROM (256 * 1024)

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
	(void)pagination_write_next(&next, &decision->link, &decision->query, (int64_t)count);
	(void)pagination_write_previous(&previous, &decision->link, &decision->query);
	strbuf_printf(out, "{\"count\":%zu,", count);
	write_link(out, "next", &next);
	write_link(out, "previous", &previous);
	strbuf_str(out, "\"results\":[");
}

static size_t documents_size(const struct content *content, const struct rendering *rendering)
{
	size_t size = 0;
	for (size_t i = 0; i < content->key_count; i++)
		size += template_filled_size(cache_entry_value(content->documents[i]), rendering);
	return size;
}

/* Fills in the documents; returns for how long they stay true. */
static int64_t write_documents(const struct content *content, const struct rendering *rendering,
                               struct strbuf *out)
{
	int64_t good_for = INT64_MAX;
	strbuf_reserve(out, documents_size(content, rendering) + content->key_count + 2);
	for (size_t i = 0; i < content->key_count; i++) {
		const struct text_template *template = cache_entry_value(content->documents[i]);
		int64_t document = template_good_for(template, rendering->now);
		good_for = document < good_for ? document : good_for;
		if (i > 0)
			strbuf_char(out, ',');
		template_fill(template, rendering, out);
	}
	return good_for;
}

/* Likewise, as pieces, with the page's end. */
static int64_t add_documents(struct content_source *source, const struct decision *decision,
                             const struct content *content, const struct rendering *rendering,
                             struct pieces **pieces)
{
	static const char end[] = "]}";
	*pieces = pieces_new(content->key_count + 1);
	int64_t good_for = document_texts_add(source, decision, content, rendering, *pieces);
	pieces_add(*pieces, (struct piece){NULL, end, 2, XXH3_128bits(end, 2)});
	return good_for;
}

int64_t body_write(struct content_source *source, const struct decision *decision,
                   const struct content *content, struct strbuf *body, struct pieces **pieces)
{
	const char *suffix = query_url_suffix(&decision->query);
	struct rendering rendering = {decision->link.base.data, decision->link.base.length, suffix,
	                              strlen(suffix), clock_now()};
	if (pieces != NULL)
		*pieces = NULL;
	if (decision->route == ROUTE_ROW)
		return write_documents(content, &rendering, body);
	write_page_head(decision, content->count, body);
	if (pieces != NULL && documents_size(content, &rendering) >= PIECES_FROM)
		return add_documents(source, decision, content, &rendering, pieces);
	int64_t good_for = write_documents(content, &rendering, body);
	strbuf_str(body, "]}");
	return good_for;
}
