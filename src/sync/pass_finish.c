/* Ends full passes: deletes the flights that the upstream has no more, when that is certain. */
#include <inttypes.h>

#include "pass_parts.h"
#include "sync/import.h"
#include "sync/url.h"
#include "transaction.h"

/* How many of the ids (ascending) are below one. */
static size_t rank(const struct strbuf *ids, int64_t id)
{
	size_t low = 0, high = id_count(ids);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (id_array(ids)[middle] < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool has(const struct strbuf *ids, int64_t id)
{
	size_t place = rank(ids, id);

	return place < id_count(ids) && id_array(ids)[place] == id;
}

/* Flights that are stored and were not seen. */
static void missing_find(const struct pass *pass, struct strbuf *missing)
{
	for (size_t i = 0; i < id_count(&pass->stored); i++)
		if (!has(&pass->seen, id_array(&pass->stored)[i]))
			strbuf_add(missing, &id_array(&pass->stored)[i], sizeof(int64_t));
}

static bool any_new(const struct pass *pass)
{
	for (size_t i = 0; i < id_count(&pass->seen); i++)
		if (!has(&pass->stored, id_array(&pass->seen)[i]))
			return true;
	return false;
}

/* Whether a page shows that the flight is gone: it lies between two of its flights, or before the first
   or behind the last of the list, and is not among them. */
static bool page_shows_gone(const struct sync_page *page, int64_t offset, int64_t id)
{
	size_t count = page->document_count;

	if (count == 0)
		return offset == 0;
	if (offset > 0 && page->documents[0].id > id)
		return false;
	if (page->next && page->documents[count - 1].id < id)
		return false;
	for (size_t i = 0; i < count; i++)
		if (page->documents[i].id == id)
			return false;
	return true;
}

/* Looks at the place of a missing flight once more; *shown is how many of those from `first` on the page
   shows to be gone, none where one is there or the list moves still. Then the page has a flight that the
   pass has not read, so it is stored. */
static bool place_look(struct pass *pass, const struct strbuf *missing, size_t first, size_t *shown)
{
	int64_t place = (int64_t)rank(&pass->seen, id_array(missing)[first]);
	struct sync_place due = {.offset = place > 0 ? place - 1 : 0,
	                         .upstream = pass->settings->upstream};
	struct strbuf url = STRBUF_INIT;
	struct sync_page page;
	bool got;

	sync_url_list(&url, pass->settings->upstream, pass->pace.limit, due.offset);
	got = pass_fetch(pass, url.data, &due, &page);
	*shown = 0;
	while (got && page.count == pass->record.upstream_count &&
	       first + *shown < id_count(missing) &&
	       page_shows_gone(&page, due.offset, id_array(missing)[first + *shown]))
		++*shown;
	if (got && *shown == 0)
		got = pass->order->try_only || pass_store(pass, &page, NULL);
	sync_page_fini(&page);
	strbuf_fini(&url);
	return got;
}

/* A flight that is added while another is deleted leaves the count as it was and moves a third from the
   page that is still to be read to the one that was: it would seem gone too. Where flights are both new
   and missing, the missing ones are looked for once more; so are those of a pass that was cut off, since
   what came meanwhile is stored already and does not seem new. */
static bool missing_confirm(struct pass *pass, const struct strbuf *missing, bool *confirmed)
{
	size_t shown = 1;

	*confirmed = true;
	if (!any_new(pass) && !pass->summary->resumed)
		return true;
	for (size_t i = 0; i < id_count(missing) && *confirmed; i += shown) {
		if (!place_look(pass, missing, i, &shown))
			return false;
		*confirmed = shown > 0;
	}
	return true;
}

/* What is in the way of deleting; it is noted. */
static bool may_delete(struct pass *pass, const struct strbuf *missing)
{
	size_t gone = id_count(missing);
	size_t all = id_count(&pass->stored);

	if (!pass->record.consistent) {
		pass_log(pass, LOG_WARNING,
		         "sync: %zu flights were not found, but the list moved meanwhile: nothing "
		         "is "
		         "deleted",
		         gone);
		return false;
	}
	/* An upstream without any flight is one that has lost its database, whatever the setting says. */
	if (gone * 100 <= all * (size_t)pass->settings->delete_percent && pass->seen.length > 0)
		return true;
	pass->trouble = true;
	pass_log(pass, LOG_ERROR,
	         "sync: %zu of %zu flights are gone from the upstream, more than %" PRId64
	         " %%: NOTHING IS DELETED; if that is right, run sync with sync.delete_percent=100",
	         gone, all, pass->settings->delete_percent);
	pass_note(pass,
	          "%zu of %zu flights are gone from the upstream, more than %" PRId64
	          " %%: nothing was deleted",
	          gone, all, pass->settings->delete_percent);
	return false;
}

/* The end of a pass on its way into the database. */
struct finishing {
	struct pass *pass;
	const struct strbuf *gone;
	int64_t deleted;
};

/* Inside a transaction: the flights, and that the pass is done. */
static bool finish_put(void *context)
{
	struct finishing *finishing = context;
	struct pass *pass = finishing->pass;
	const struct strbuf *gone = finishing->gone;
	struct store_pass done = pass->record; /* lends its text */
	struct session *session = pass->session;
	struct error *error = pass->error;

	if (!session_run(session, IMPORT_LOCK_SQL, error))
		return false;
	if (id_count(gone) > 0 && !store_flights_delete(session, id_array(gone), id_count(gone),
	                                                &finishing->deleted, error))
		return false;
	if (pass->record.consistent &&
	    !store_documents_only(session, id_array(&pass->seen), id_count(&pass->seen), error))
		return false;
	done.deleted = finishing->deleted;
	return store_pass_end(session, &done, pass_now(pass), "done", pass->summary->message,
	                      error);
}

static bool finish(struct pass *pass, const struct strbuf *gone)
{
	struct finishing finishing = {.pass = pass, .gone = gone};

	pass_unknown_tell(pass);
	if (pass->order->try_only)
		finishing.deleted = (int64_t)id_count(gone);
	else if (!transaction_run(pass->session, false, finish_put, &finishing, pass->error))
		return false;
	pass->record.deleted = finishing.deleted;
	return true;
}

bool pass_finish(struct pass *pass)
{
	struct strbuf missing = STRBUF_INIT;
	bool confirmed = false;
	bool done = true;

	if ((int64_t)id_count(&pass->seen) != pass->record.upstream_count) {
		pass->record.consistent = false;
		pass_note(pass, "%zu flights were read where %" PRId64 " were due",
		          id_count(&pass->seen), pass->record.upstream_count);
	}
	missing_find(pass, &missing);
	if (id_count(&missing) > 0 && may_delete(pass, &missing)) {
		done = missing_confirm(pass, &missing, &confirmed);
		if (done && !confirmed) {
			pass->record.consistent = false;
			pass_note(pass, "the list moved while flights were looked for: nothing was "
			                "deleted");
		}
	}
	if (!confirmed)
		strbuf_reset(&missing);
	if (done && !finish(pass, &missing)) {
		pass->end = SYNC_FAILED;
		done = false;
	}
	strbuf_fini(&missing);
	return done;
}
