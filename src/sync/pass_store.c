/* Stores pages: documents that are not stored yet as they are, and how far the pass is, all at once. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "pass_parts.h"
#include "sync/import.h"
#include "transaction.h"

/* A page on its way into the database. */
struct storing {
	struct pass *pass;
	const struct sync_page *page;
	int64_t *ids;
	bool *unreadable; /* documents that cannot be understood */
	struct import *import;
	struct import_counts counts;
	struct store_pass after; /* the pass's record once the page is stored */
};

static void after_init(struct storing *storing, const char *next)
{
	const struct sync_page *page = storing->page;
	struct store_pass *after = &storing->after;

	*after = storing->pass->record;
	after->next = (struct strbuf)STRBUF_INIT;
	strbuf_str(&after->next, next ? next : "");
	if (page->document_count > 0)
		after->last_id = page->documents[page->document_count - 1].id;
	after->pages++;
	after->flights += (int64_t)page->document_count;
}

static void storing_init(struct storing *storing, struct pass *pass, const struct sync_page *page,
                         struct arena *arena)
{
	size_t count = page->document_count;

	*storing = (struct storing){.pass = pass, .page = page};
	storing->ids = arena_array(arena, count, sizeof(*storing->ids));
	storing->unreadable = arena_array(arena, count, sizeof(*storing->unreadable));
	for (size_t i = 0; i < count; i++)
		storing->ids[i] = page->documents[i].id;
	storing->import = import_new(&pass->answer.date);
}

/* Reads the documents, but for those that are known to be unreadable. False for another such one, which
   *at then is. */
static bool documents_read(struct storing *storing, size_t *at, struct error *error)
{
	for (size_t i = 0; i < storing->page->document_count; i++) {
		const struct sync_document *document = &storing->page->documents[i];
		char name[48];

		*at = i;
		if (storing->unreadable[i])
			continue;
		snprintf(name, sizeof(name), "flight %" PRId64, document->id);
		if (!import_read(storing->import, name, document->text, document->length, error))
			return false;
	}
	return true;
}

/* Tells of a page's documents that are left out. */
static void unreadable_tell(struct pass *pass, size_t count, const struct error *first)
{
	pass_log(pass, LOG_ERROR,
	         "sync: %zu flights of a page are left as they are, since they cannot be "
	         "understood; the first: %s",
	         count, first->text);
	if (!pass->unreadable)
		pass_note(pass, "flights could not be understood; the first: %.200s", first->text);
	pass->unreadable = pass->trouble = true;
}

/* Reads the documents without those that cannot be understood: these leave an import behind that is good
   for nothing. */
static void documents_take(struct storing *storing)
{
	struct pass *pass = storing->pass;
	struct error first = {0}, later = {0};
	size_t count = 0;
	size_t at;

	while (!documents_read(storing, &at, count == 0 ? &first : &later)) {
		storing->unreadable[at] = true;
		count++;
		import_free(storing->import);
		storing->import = import_new(&pass->answer.date);
	}
	if (count > 0)
		unreadable_tell(pass, count, &first);
}

/* What sync keeps of the page; a full pass also needs to know what it has seen. */
static bool progress_put(struct storing *storing)
{
	struct pass *pass = storing->pass;
	size_t count = storing->page->document_count;

	if (!store_documents_add(pass->session, storing->ids, count, pass->error))
		return false;
	if (storing->after.kind == SYNC_FULL &&
	    !store_page(pass->session, &storing->after, storing->ids, count, pass->error))
		return false;
	return store_pass_update(pass->session, &storing->after, pass_now(pass), pass->error);
}

/* Inside the transaction. */
static bool page_put(void *context)
{
	struct storing *storing = context;
	struct pass *pass = storing->pass;

	if (!import_store(storing->import, pass->session, &storing->counts, pass->error))
		return false;
	storing->after.created += (int64_t)storing->counts.created;
	storing->after.changed += (int64_t)storing->counts.changed;
	return pass->order->try_only || progress_put(storing);
}

/* Stays ascending, also where a page is read that goes back a little. */
static void seen_add(struct pass *pass, const struct storing *storing)
{
	for (size_t i = 0; i < storing->page->document_count; i++) {
		size_t count = id_count(&pass->seen);

		if (count == 0 || id_array(&pass->seen)[count - 1] < storing->ids[i])
			strbuf_add(&pass->seen, &storing->ids[i], sizeof(int64_t));
	}
}

/* What was stored is how far the pass is. */
static void record_take(struct pass *pass, struct storing *storing)
{
	seen_add(pass, storing);
	import_unknown_merge(storing->import, &pass->unknown);
	store_pass_fini(&pass->record);
	pass->record = storing->after;
	storing->after.next = (struct strbuf)STRBUF_INIT;
}

bool pass_store(struct pass *pass, const struct sync_page *page, const char *next)
{
	struct storing storing;
	struct arena arena;
	bool stored;

	arena_init(&arena);
	storing_init(&storing, pass, page, &arena);
	after_init(&storing, next);
	documents_take(&storing);
	stored = transaction_run(pass->session, pass->order->try_only, page_put, &storing,
	                         pass->error);
	if (stored)
		record_take(pass, &storing);
	store_pass_fini(&storing.after);
	import_free(storing.import);
	arena_fini(&arena);
	pass->end = stored ? pass->end : SYNC_FAILED;
	return stored;
}
