/* Stores pages: their documents and how far the pass is, in one transaction. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "importer/import.h"
#include "known.h"
#include "pass_internal.h"
#include "repository/execute.h"

/* A page on its way into the database. */
struct page_store {
	struct pass *pass;
	const struct upstream_page *page;
	/* Of the documents that the pass has not read before: where the list moves, pages overlap. */
	size_t count;
	const struct upstream_document **documents;
	struct key *keys;
	bool *unreadable; /* which are left out */
	struct import *import;
	struct import_counts counts;
	struct pass_record after; /* the pass's record once the page is stored */
};

static void init_after(struct page_store *store, const char *next)
{
	const struct upstream_page *page = store->page;
	struct pass_record *after = &store->after;

	*after = store->pass->record;
	after->next = (struct strbuf)STRBUF_INIT;
	strbuf_str(&after->next, next ? next : "");
	if (page->document_count > 0)
		after->last = page->documents[page->document_count - 1].key;
	after->has_last = after->has_last || page->document_count > 0;
	after->pages++;
	after->documents += (int64_t)store->count;
}

static void page_store_init(struct page_store *store, struct pass *pass,
                            const struct upstream_page *page, const char *next)
{
	size_t most = page->document_count + 1;

	*store = (struct page_store){.pass = pass, .page = page};
	store->documents = must(calloc(most, sizeof(const struct upstream_document *)));
	store->keys = must(calloc(most, sizeof(*store->keys)));
	store->unreadable = must(calloc(most, sizeof(*store->unreadable)));
	for (size_t i = 0; i < page->document_count; i++) {
		if (keys_contain(&pass->seen, page->documents[i].key))
			continue;
		store->documents[store->count] = &page->documents[i];
		store->keys[store->count++] = page->documents[i].key;
	}
	store->import = import_new(&pass->response.date);
	init_after(store, next);
}

static void page_store_fini(struct page_store *store)
{
	record_fini(&store->after);
	import_free(store->import);
	free(store->unreadable);
	free(store->keys);
	free(store->documents);
}

/* Reads the documents but for those that are known to be unreadable. False for another such one, *at. */
static bool import_documents(struct page_store *store, size_t *at, struct error *error)
{
	const struct endpoint *list = store->pass->list;

	for (size_t i = 0; i < store->count; i++) {
		const struct upstream_document *document = store->documents[i];
		char name[80], key[KEY_TEXT_SIZE];

		*at = i;
		key_format(list->resource->uuid, document->key, key);
		snprintf(name, sizeof(name), "%s %s", list->noun, key);
		if (!store->unreadable[i] &&
		    !import_document(store->import, list->resource, name, document->json, error))
			return false;
	}
	return true;
}

static void report_unreadable(struct pass *pass, size_t count, const struct error *first)
{
	pass_log(pass, LOG_ERROR,
	         "sync: cannot understand %zu %s of a page, and leaves what is stored; the first: "
	         "%s",
	         count, endpoint_noun(pass->list, (int64_t)count), first->text);
	if (!pass->unreadable_reported)
		pass_add_message(pass, "%s could not be understood; the first: %.200s",
		                 pass->list->nouns, first->text);
	pass->unreadable_reported = pass->trouble = true;
}

/* Reads all documents that can be read. One that cannot spoils the import: then it begins again without. */
static void read_documents(struct page_store *store)
{
	struct error first = {0}, later = {0};
	size_t count = 0;
	size_t at;

	while (!import_documents(store, &at, count == 0 ? &first : &later)) {
		store->unreadable[at] = true;
		count++;
		import_free(store->import);
		store->import = import_new(&store->pass->response.date);
	}
	if (count > 0)
		report_unreadable(store->pass, count, &first);
}

/* The rows that the upstream has, and the record; a full pass also needs to know what it has seen. */
static bool store_progress(struct page_store *store)
{
	struct pass *pass = store->pass;
	size_t count = store->count;

	return known_add(pass->session, pass->list, store->keys, count, pass->error) &&
	       missing_remove(pass->session, pass->settings->upstream.url, pass->list, store->keys,
	                      count, pass->error) &&
	       (store->after.kind != PASS_FULL ||
	        record_page(pass->session, &store->after, store->keys, count, pass->error)) &&
	       record_update(pass->session, &store->after, pass_now(pass), pass->error);
}

/* Inside the transaction. */
static bool store_all(void *context)
{
	struct page_store *store = context;
	struct pass *pass = store->pass;

	if (!import_store(store->import, pass->session, &store->counts, pass->error))
		return false;
	store->after.created += (int64_t)store->counts.created;
	store->after.changed += (int64_t)store->counts.changed;
	store->after.older += (int64_t)store->counts.older;
	return pass->order->dry_run || store_progress(store);
}

static void take_result(struct pass *pass, struct page_store *store)
{
	keys_add(&pass->seen, store->keys, store->count);
	unknown_fields_merge(&pass->unknown, import_unknown_fields(store->import));
	record_fini(&pass->record);
	pass->record = store->after;
	store->after.next = (struct strbuf)STRBUF_INIT;
}

bool pass_store_page(struct pass *pass, const struct upstream_page *page, const char *next)
{
	struct page_store store;
	bool stored;

	page_store_init(&store, pass, page, next);
	read_documents(&store);
	stored = transaction_run(pass->session, pass->order->dry_run, store_all, &store,
	                         pass->error);
	if (stored)
		take_result(pass, &store);
	else
		pass->end = PASS_FAILED;
	page_store_fini(&store);
	return stored;
}
