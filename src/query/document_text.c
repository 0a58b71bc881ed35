/* Fills documents in once for all pages of a host and format that show them. */
#include "document_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/metrics.h"

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

/* What a text depends on, beside the data and the time. */
struct text_key {
	size_t length; /* 0: longer than it may be, so that the text is not cached */
	char bytes[384];
};

static char *put(char *end, const void *data, size_t length)
{
	memcpy(end, data, length);
	return end + length;
}

/* Begins with a byte that no key of a whole response begins with. */
static void make_key(struct text_key *text_key, const struct decision *decision, struct key key,
                     const struct rendering *rendering)
{
	const unsigned char head[] = {1, (unsigned char)decision->endpoint->resource->index,
	                              (unsigned char)decision_view(decision)};
	char *end = text_key->bytes;
	text_key->length =
		sizeof(head) + sizeof(key) + rendering->base_length + 1 + rendering->suffix_length;
	if (text_key->length > sizeof(text_key->bytes)) {
		text_key->length = 0;
		return;
	}
	end = put(end, head, sizeof(head));
	end = put(end, &key, sizeof(key));
	end = put(end, rendering->base, rendering->base_length);
	end = put(end, "", 1);
	put(end, rendering->suffix, rendering->suffix_length);
}

static struct cache_entry *find_text(struct content_source *source, const struct text_key *key,
                                     uint64_t generation)
{
	if (key->length == 0 || generation == 0)
		return NULL;
	return cache_get(source->texts, key->bytes, key->length, generation);
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

/* Only if it is wanted again: each new Host has other texts, and the documents that they are made of are there. */
static void cache_text(struct content_source *source, const struct text_key *key,
                       uint64_t generation, struct cache_entry *entry)
{
	const struct document_text *text = cache_entry_value(entry);
	if (key->length > 0 && generation != 0 &&
	    cache_second_hit(source->texts, key->bytes, key->length, text->length))
		cache_put(source->texts, key->bytes, key->length, generation, text->expires_at,
		          entry);
}

int64_t document_texts_add(struct content_source *source, const struct decision *decision,
                           const struct content *content, const struct rendering *rendering,
                           struct pieces *pieces)
{
	struct text_key key;
	int64_t now = clock_monotonic(), expires_at = INT64_MAX;
	for (size_t i = 0; i < content->key_count; i++) {
		size_t skipped = i == 0; /* the comma */
		make_key(&key, decision, content->keys[i], rendering);
		struct cache_entry *entry = find_text(source, &key, content->generation);
		if (entry == NULL) {
			entry = make_text(cache_entry_value(content->documents[i]), rendering, now);
			cache_text(source, &key, content->generation, entry);
		}
		const struct document_text *text = cache_entry_value(entry);
		pieces_add(pieces, (struct piece){entry, text->data + skipped,
		                                  text->length - skipped, text->hash});
		expires_at = text->expires_at < expires_at ? text->expires_at : expires_at;
	}
	return expires_at == INT64_MAX ? INT64_MAX : expires_at - now;
}
