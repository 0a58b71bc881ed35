/* Puts bodies together from documents: small ones as one text, large ones in pieces. */
#include "query/body.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/metrics.h"
#include "base/temporal.h"
#include "protocol/link.h"
#include "protocol/pagination.h"
#include "serializer/template.h"

/* Bytes of documents. A body in pieces needs one more call of the system for its head, and below that many,
   copying them together takes less. */
#define PIECES_FROM (256 * 1024)

/* --- Pieces. --- */

void pieces_free(struct pieces *pieces)
{
	for (size_t i = 0; i < pieces->count; i++)
		cache_entry_unref(pieces->piece[i].owner);
	free(pieces);
}

size_t pieces_length(const struct pieces *pieces)
{
	size_t length = 0;
	for (size_t i = 0; i < pieces->count; i++)
		length += pieces->piece[i].length;
	return length;
}

XXH128_hash_t pieces_hash(const struct pieces *pieces, const char *begin, size_t length)
{
	XXH128_hash_t both[2] = {XXH3_128bits(begin, length)};
	for (size_t i = 0; i < pieces->count; i++) {
		both[1] = pieces->piece[i].hash;
		both[0] = XXH3_128bits(both, sizeof(both));
	}
	return both[0];
}

/* --- Documents' texts, filled in once for all pages of a host and format that show them. --- */

struct document_text {
	char *data; /* begins with a comma */
	size_t length;
	XXH128_hash_t hash; /* without the comma */
	int64_t expires_at; /* as cache_put has it */
};

static void free_text(void *value)
{
	struct document_text *text = value;
	metric_add(METRIC_http_answer_bytes, -(int64_t)text->length);
	free(text->data);
	free(text);
}

/* What a text depends on, beside the data and the time. Begins with a byte that no key of a whole response begins
   with. */
static void make_key(struct strbuf *out, const struct decision *decision, struct key key,
                     const struct rendering *rendering)
{
	const unsigned char head[] = {1, (unsigned char)decision->endpoint->resource->index,
	                              (unsigned char)decision_view(decision)};
	strbuf_reset(out);
	strbuf_add(out, head, sizeof(head));
	strbuf_add(out, &key, sizeof(key));
	strbuf_add(out, rendering->base, rendering->base_length);
	strbuf_char(out, '\0');
	strbuf_add(out, rendering->suffix, rendering->suffix_length);
}

static struct cache_entry *make_text(const struct text_template *template,
                                     const struct rendering *rendering, int64_t now)
{
	struct strbuf bytes = STRBUF_INIT;
	struct document_text *text = must(malloc(sizeof(*text)));
	int64_t good_for = template_good_for(template, rendering->now);
	strbuf_reserve(&bytes, 1 + template_filled_size(template, rendering));
	strbuf_char(&bytes, ',');
	template_fill(template, rendering, &bytes);
	text->data = strbuf_steal(&bytes, &text->length);
	metric_add(METRIC_http_answer_bytes, (int64_t)text->length);
	text->hash = XXH3_128bits(text->data + 1, text->length - 1);
	text->expires_at = good_for == INT64_MAX ? CACHE_NEVER_EXPIRES : now + good_for;
	return cache_entry_new(text, sizeof(*text) + text->length + 1, free_text);
}

/* A text that is not cached yet is cached only if it is requested again: each new Host has other texts, and the
   documents that they are made of are cached. */
static struct cache_entry *text_entry(struct content_source *source, const struct content *content,
                                      size_t i, const struct strbuf *key,
                                      const struct rendering *rendering, int64_t now)
{
	bool may_cache = content->generation != 0;
	struct cache_entry *entry =
		may_cache ? cache_get(source->texts, key->data, key->length, content->generation)
			  : NULL;
	if (entry != NULL)
		return entry;
	entry = make_text(cache_entry_value(content->documents[i]), rendering, now);
	const struct document_text *text = cache_entry_value(entry);
	if (may_cache && cache_admits(source->texts, key->data, key->length, text->length))
		cache_put(source->texts, key->data, key->length, content->generation,
		          text->expires_at, entry);
	return entry;
}

/* --- Bodies. --- */

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

/* For how long the documents stay true. */
static int64_t documents_good_for(const struct content *content, int64_t now)
{
	int64_t good_for = INT64_MAX;
	for (size_t i = 0; i < content->key_count; i++) {
		int64_t document = template_good_for(cache_entry_value(content->documents[i]), now);
		good_for = document < good_for ? document : good_for;
	}
	return good_for;
}

/* Fills in the documents. */
static void write_documents(const struct content *content, const struct rendering *rendering,
                            struct strbuf *out)
{
	strbuf_reserve(out, documents_size(content, rendering) + content->key_count + 2);
	for (size_t i = 0; i < content->key_count; i++) {
		if (i > 0)
			strbuf_char(out, ',');
		template_fill(cache_entry_value(content->documents[i]), rendering, out);
	}
}

/* Likewise, as pieces, with the page's end. */
static int64_t add_documents(struct content_source *source, const struct decision *decision,
                             const struct content *content, const struct rendering *rendering,
                             struct pieces **out)
{
	static const char end[] = "]}";
	size_t size = sizeof(struct pieces) + (content->key_count + 1) * sizeof(struct piece);
	struct pieces *pieces = *out = must(calloc(1, size));
	struct strbuf key = STRBUF_INIT;
	int64_t now = clock_monotonic(), expires_at = CACHE_NEVER_EXPIRES;
	for (size_t i = 0; i < content->key_count; i++) {
		size_t skipped = i == 0; /* the comma */
		make_key(&key, decision, content->keys[i], rendering);
		struct cache_entry *entry = text_entry(source, content, i, &key, rendering, now);
		const struct document_text *text = cache_entry_value(entry);
		pieces->piece[pieces->count++] = (struct piece){entry, text->data + skipped,
		                                                text->length - skipped, text->hash};
		expires_at = text->expires_at < expires_at ? text->expires_at : expires_at;
	}
	pieces->piece[pieces->count++] = (struct piece){NULL, end, 2, XXH3_128bits(end, 2)};
	strbuf_fini(&key);
	return expires_at == CACHE_NEVER_EXPIRES ? INT64_MAX : expires_at - now;
}

/* How long rows stay in their order while the data does not change: by durations of flights, of which some may
   be under way, for as long as the shortest change that shows. */
static int64_t order_good_for(const struct decision *decision)
{
	const struct query *query = &decision->query;
	for (size_t i = 0; i < query->sort_count; i++) {
		const struct ordering *ordering = query->sorts[i].ordering;
		if (ordering == NULL)
			continue;
		struct field_path path =
			field_path_of(decision->endpoint->resource, ordering_path(ordering));
		if (field_path_end(&path)->kind == ELAPSED)
			return MICROSECONDS;
	}
	return INT64_MAX;
}

static struct rendering rendering_of(const struct decision *decision)
{
	const char *suffix = query_url_suffix(&decision->query);
	return (struct rendering){decision->link.base.data, decision->link.base.length, suffix,
	                          strlen(suffix), clock_now()};
}

size_t body_size(const struct decision *decision, const struct content *content)
{
	struct rendering rendering = rendering_of(decision);
	return documents_size(content, &rendering);
}

bool body_is_large(const struct decision *decision, const struct content *content)
{
	return decision->route != ROUTE_ROW && body_size(decision, content) >= PIECES_FROM;
}

static int64_t good_for_at(const struct decision *decision, const struct content *content,
                           int64_t now)
{
	int64_t order = decision->route == ROUTE_ROW ? INT64_MAX : order_good_for(decision);
	int64_t documents = documents_good_for(content, now);
	int64_t good_for = documents < order ? documents : order;
	if (content->rows_until == INT64_MAX)
		return good_for;
	int64_t rows = content->rows_until > now ? content->rows_until - now : 0;
	return rows < good_for ? rows : good_for;
}

int64_t body_good_for(const struct decision *decision, const struct content *content)
{
	return good_for_at(decision, content, clock_now());
}

int64_t body_write(struct content_source *source, const struct decision *decision,
                   const struct content *content, struct strbuf *body, struct pieces **pieces)
{
	struct rendering rendering = rendering_of(decision);
	if (pieces != NULL)
		*pieces = NULL;
	if (route_is_of_page_data(decision->route))
		return INT64_MAX;
	int64_t good_for = good_for_at(decision, content, rendering.now);
	if (decision->route == ROUTE_ROW) {
		write_documents(content, &rendering, body);
		return good_for;
	}
	write_page_head(decision, content->count, body);
	if (pieces != NULL && body_is_large(decision, content)) {
		int64_t texts = add_documents(source, decision, content, &rendering, pieces);
		return texts < good_for ? texts : good_for;
	}
	write_documents(content, &rendering, body);
	strbuf_str(body, "]}");
	return good_for;
}
