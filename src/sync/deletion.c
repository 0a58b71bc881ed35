/* Ends full passes: deletes the flights that the upstream has no more, where that is certain. */
#include <inttypes.h>

#include "flights.h"
#include "importer/import.h"
#include "pass_internal.h"
#include "repository/execute.h"
#include "upstream/url.h"

/* Whether it has read flights that were not stored before. */
static bool any_new(const struct pass *pass)
{
	struct strbuf added = STRBUF_INIT;
	bool any;

	ids_subtract(&pass->seen, &pass->stored, &added);
	any = added.length > 0;
	strbuf_fini(&added);
	return any;
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
	int64_t before = (int64_t)ids_rank(&pass->seen, ids_array(missing)[first]);
	struct page_position position = {.offset = before > 0 ? before - 1 : 0};
	struct strbuf url = STRBUF_INIT;
	struct upstream_page page;
	bool done;

	url_list_page(&url, pass->settings->upstream.url, pass->list->path, pass->pace.limit,
	              position.offset);
	done = pass_fetch(pass, url.data, &position, &page);
	*gone = 0;
	/* Without an order a page does not show who would be on it. */
	while (done && pass->record.ordered && page.count == pass->record.upstream_count &&
	       first + *gone < ids_count(missing) &&
	       page_shows_gone(&page, position.offset, ids_array(missing)[first + *gone]))
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
	for (size_t i = 0; i < ids_count(missing) && *confirmed; i += gone) {
		if (!confirm_some(pass, missing, i, &gone))
			return false;
		*confirmed = gone > 0;
	}
	return true;
}

/* What forbids to delete is logged. */
static bool may_delete(struct pass *pass, const struct strbuf *missing)
{
	size_t gone = ids_count(missing);
	size_t all = ids_count(&pass->stored);

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
	struct strbuf missing; /* set of ids: stored, but not found */
	struct strbuf gone;    /* of these, those to delete */
	int64_t deleted;
};

/* Which of the missing flights were missing from the last complete pass, too. */
static bool find_missing_again(struct ending *ending)
{
	struct pass *pass = ending->pass;
	struct strbuf before = STRBUF_INIT;
	bool done =
		flights_missing(pass->session, pass->settings->upstream.url, &before, pass->error);
	size_t waiting;

	ids_intersect(&ending->missing, &before, &ending->gone);
	strbuf_fini(&before);
	waiting = ids_count(&ending->missing) - ids_count(&ending->gone);
	if (done && waiting > 0)
		pass_add_message(pass,
		                 "%zu flights were not found; they are deleted when the next "
		                 "complete pass does not find them either",
		                 waiting);
	return done;
}

/* Which of the missing flights go: on a list in the order of ids those that are not where they would be, else
   those that two complete passes in a row did not find. */
static bool find_gone(struct ending *ending)
{
	struct pass *pass = ending->pass;
	bool confirmed;

	if (!pass->record.ordered)
		return find_missing_again(ending);
	if (!confirm_missing(pass, &ending->missing, &confirmed))
		return false;
	if (confirmed) {
		ids_intersect(&ending->missing, &ending->missing, &ending->gone);
		return true;
	}
	pass->record.consistent = false;
	pass_add_message(pass, "the list moved while flights were looked for: nothing was deleted");
	return true;
}

/* What the upstream has, and what is missing, as a pass that saw all of a list at rest knows it. */
static bool store_known(struct ending *ending)
{
	struct pass *pass = ending->pass;
	const char *upstream = pass->settings->upstream.url;
	struct strbuf waiting = STRBUF_INIT;
	bool done;

	ids_subtract(&ending->missing, &ending->gone, &waiting);
	done = flights_set_known(pass->session, ids_array(&pass->seen), ids_count(&pass->seen),
	                         pass->error) &&
	       flights_set_missing(pass->session, upstream, ids_array(&waiting),
	                           ids_count(&waiting), pass->error) &&
	       (pass->record.ordered == pass->trusts_order ||
	        record_set_ordered(pass->session, upstream, pass->record.ordered, pass->error));
	strbuf_fini(&waiting);
	return done;
}

/* Inside a transaction: deletes the flights and records that the pass is done. */
static bool store_ending(void *context)
{
	struct ending *ending = context;
	struct pass *pass = ending->pass;
	const struct strbuf *gone = &ending->gone;
	struct pass_record done = pass->record; /* shares its text */
	struct session *session = pass->session;
	struct error *error = pass->error;

	if (!session_run(session, IMPORT_LOCK_SQL, error))
		return false;
	if (gone->length > 0 &&
	    !flights_delete(session, ids_array(gone), ids_count(gone), &ending->deleted, error))
		return false;
	if (pass->record.consistent && !store_known(ending))
		return false;
	done.deleted = ending->deleted;
	return record_end(session, &done, pass_now(pass), "done", pass->summary->message, error);
}

static bool end(struct ending *ending)
{
	struct pass *pass = ending->pass;

	pass_report_unknown(pass);
	if (pass->order->dry_run)
		ending->deleted = (int64_t)ids_count(&ending->gone);
	else if (!transaction_run(pass->session, false, store_ending, ending, pass->error)) {
		pass->end = PASS_FAILED;
		return false;
	}
	pass->record.deleted = ending->deleted;
	return true;
}

bool pass_finish_full(struct pass *pass)
{
	struct ending ending = {.pass = pass};
	bool done = true;

	if ((int64_t)ids_count(&pass->seen) != pass->record.upstream_count) {
		pass->record.consistent = false;
		pass_add_message(pass, "%zu flights were read where %" PRId64 " were due",
		                 ids_count(&pass->seen), pass->record.upstream_count);
	}
	ids_subtract(&pass->stored, &pass->seen, &ending.missing);
	if (ending.missing.length > 0 && may_delete(pass, &ending.missing))
		done = find_gone(&ending);
	done = done && end(&ending);
	strbuf_fini(&ending.missing);
	strbuf_fini(&ending.gone);
	return done;
}
