/* Ends full passes: deletes the flights that the upstream has no more, where that is certain. */
#include <inttypes.h>

#include "flights.h"
#include "importer/import.h"
#include "pass_internal.h"
#include "repository/execute.h"
#include "upstream/url.h"

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

static bool contains(const struct strbuf *ids, int64_t id)
{
	size_t i = rank(ids, id);

	return i < id_count(ids) && id_array(ids)[i] == id;
}

/* Flights that are stored and were not seen. */
static void find_missing(const struct pass *pass, struct strbuf *missing)
{
	for (size_t i = 0; i < id_count(&pass->stored); i++)
		if (!contains(&pass->seen, id_array(&pass->stored)[i]))
			strbuf_add(missing, &id_array(&pass->stored)[i], sizeof(int64_t));
}

static bool any_new(const struct pass *pass)
{
	for (size_t i = 0; i < id_count(&pass->seen); i++)
		if (!contains(&pass->stored, id_array(&pass->seen)[i]))
			return true;
	return false;
}

/* Whether a page shows that the flight is gone: by its id it would be between two of the page's flights, or
   before the first or behind the last of the list, and it is not there. */
static bool page_shows_gone(const struct upstream_page *page, int64_t offset, int64_t id)
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

/* Reads the page on which the missing flight `first` would be. *gone is how many of those from `first` on it
   shows to be gone: 0 where one is there, or the list still moves. Then the page has a flight that the pass
   has not read, so it is stored. */
static bool confirm_some(struct pass *pass, const struct strbuf *missing, size_t first,
                         size_t *gone)
{
	int64_t before = (int64_t)rank(&pass->seen, id_array(missing)[first]);
	struct page_position position = {.offset = before > 0 ? before - 1 : 0};
	struct strbuf url = STRBUF_INIT;
	struct upstream_page page;
	bool done;

	url_list_page(&url, pass->settings->upstream.url, pass->list->path, pass->pace.limit,
	              position.offset);
	done = pass_fetch(pass, url.data, &position, &page);
	*gone = 0;
	while (done && page.count == pass->record.upstream_count &&
	       first + *gone < id_count(missing) &&
	       page_shows_gone(&page, position.offset, id_array(missing)[first + *gone]))
		++*gone;
	if (done && *gone == 0)
		done = pass->order->dry_run || pass_store_page(pass, &page, NULL);
	upstream_page_fini(&page);
	strbuf_fini(&url);
	return done;
}

/* A flight that is added while another is deleted leaves the count as it was and moves a third one from a page
   that is still to be read to one that was: it would seem gone too. Where flights are both new and missing, the
   missing ones are looked up once more; so are those of a resumed pass, since flights that came meanwhile are
   stored already and do not seem new. */
static bool confirm_missing(struct pass *pass, const struct strbuf *missing, bool *confirmed)
{
	size_t gone = 1;

	*confirmed = true;
	if (!any_new(pass) && !pass->summary->resumed)
		return true;
	for (size_t i = 0; i < id_count(missing) && *confirmed; i += gone) {
		if (!confirm_some(pass, missing, i, &gone))
			return false;
		*confirmed = gone > 0;
	}
	return true;
}

/* What forbids to delete is logged. */
static bool may_delete(struct pass *pass, const struct strbuf *missing)
{
	size_t gone = id_count(missing);
	size_t all = id_count(&pass->stored);

	if (!pass->record.consistent) {
		pass_log(pass, LOG_WARNING,
		         "sync: %zu flights were not found, but the list moved meanwhile: nothing "
		         "is deleted",
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
	pass_add_message(pass,
	                 "%zu of %zu flights are gone from the upstream, more than %" PRId64
	                 " %%: nothing was deleted",
	                 gone, all, pass->settings->delete_percent);
	return false;
}

/* The end of a pass on its way into the database. */
struct ending {
	struct pass *pass;
	const struct strbuf *gone;
	int64_t deleted;
};

/* Inside a transaction: deletes the flights and records that the pass is done. */
static bool store_ending(void *context)
{
	struct ending *ending = context;
	struct pass *pass = ending->pass;
	const struct strbuf *gone = ending->gone;
	struct pass_record done = pass->record; /* shares its text */
	struct session *session = pass->session;
	struct error *error = pass->error;

	if (!session_run(session, IMPORT_LOCK_SQL, error))
		return false;
	if (id_count(gone) > 0 &&
	    !flights_delete(session, id_array(gone), id_count(gone), &ending->deleted, error))
		return false;
	if (pass->record.consistent &&
	    !flights_set_known(session, id_array(&pass->seen), id_count(&pass->seen), error))
		return false;
	done.deleted = ending->deleted;
	return record_end(session, &done, pass_now(pass), "done", pass->summary->message, error);
}

static bool end(struct pass *pass, const struct strbuf *gone)
{
	struct ending ending = {.pass = pass, .gone = gone};

	pass_report_unknown(pass);
	if (pass->order->dry_run)
		ending.deleted = (int64_t)id_count(gone);
	else if (!transaction_run(pass->session, false, store_ending, &ending, pass->error))
		return false;
	pass->record.deleted = ending.deleted;
	return true;
}

bool pass_finish_full(struct pass *pass)
{
	struct strbuf missing = STRBUF_INIT;
	bool confirmed = false;
	bool done = true;

	if ((int64_t)id_count(&pass->seen) != pass->record.upstream_count) {
		pass->record.consistent = false;
		pass_add_message(pass, "%zu flights were read where %" PRId64 " were due",
		                 id_count(&pass->seen), pass->record.upstream_count);
	}
	find_missing(pass, &missing);
	if (id_count(&missing) > 0 && may_delete(pass, &missing)) {
		done = confirm_missing(pass, &missing, &confirmed);
		if (done && !confirmed) {
			pass->record.consistent = false;
			pass_add_message(pass, "the list moved while flights were looked for: "
			                       "nothing was deleted");
		}
	}
	if (!confirmed)
		strbuf_reset(&missing);
	if (done && !end(pass, &missing)) {
		pass->end = PASS_FAILED;
		done = false;
	}
	strbuf_fini(&missing);
	return done;
}
