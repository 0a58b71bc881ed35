/* Ends full passes: deletes the rows that the upstream has no more, where that is certain. */
#include <inttypes.h>

#include "importer/import.h"
#include "known.h"
#include "base/temporal.h"
#include "pass_internal.h"
#include "repository/execute.h"
#include "upstream/url.h"

/* So many are deleted whatever part of the list they are. */
#define GONE_ALWAYS 3
/* Rows that one pass looks up by their own addresses, at most; the next ones do the rest. */
#define LOOKED_UP_MOST 20
/* What changed so long before a pass began is surely among what it read, by whatever clock. */
#define CLOCK_DIFFERENCE (HOUR_MICROSECONDS / 6)

/* Whether it has read rows that were not stored before. */
static bool any_new(const struct pass *pass)
{
	struct strbuf added = STRBUF_INIT;
	bool any;

	keys_subtract(&pass->seen, &pass->stored, &added);
	any = added.length > 0;
	strbuf_fini(&added);
	return any;
}

/* Whether a page shows that the row is gone: by its key it would be between two of the page's rows, or
   before the first or behind the last of the list, and it is not there. */
static bool page_shows_gone(const struct upstream_page *page, int64_t offset, struct key key)
{
	size_t count = page->document_count;

	if (count == 0)
		return offset == 0;
	if (offset > 0 && key_compare(true, page->documents[0].key, key) > 0)
		return false;
	if (page->next && key_compare(true, page->documents[count - 1].key, key) < 0)
		return false;
	for (size_t i = 0; i < count; i++)
		if (key_equal(page->documents[i].key, key))
			return false;
	return true;
}

/* Reads the page on which the missing row `first` would be. *gone is how many of those from `first` on it
   shows to be gone: 0 where one is there, or the list still moves. Then the page has a row that the pass
   has not read, so it is stored. */
static bool confirm_some(struct pass *pass, const struct strbuf *missing, size_t first,
                         size_t *gone)
{
	int64_t before = (int64_t)keys_rank(&pass->seen, keys_array(missing)[first]);
	struct page_position position = {.offset = before > 0 ? before - 1 : 0};
	struct strbuf url = STRBUF_INIT;
	struct upstream_page page;
	bool done;

	url_list_page(&url, &pass->request, pass->pace.limit, position.offset);
	done = pass_fetch(pass, url.data, &position, NULL, &page);
	*gone = 0;
	/* Without an order a page does not show who would be on it. */
	while (done && pass->record.ordered && page.count == pass->record.upstream_count &&
	       first + *gone < keys_count(missing) &&
	       page_shows_gone(&page, position.offset, keys_array(missing)[first + *gone]))
		++*gone;
	if (done && *gone == 0)
		done = pass->order->dry_run || pass_store_page(pass, &page, NULL);
	upstream_page_fini(&page);
	strbuf_fini(&url);
	return done;
}

/* A row that is added while another is deleted leaves the count as it was and moves a third one from a page
   that is still to be read to one that was: it would seem gone too. Where rows are both new and missing, the
   missing ones are looked up once more; so are those of a resumed pass, since rows that came meanwhile are
   stored already and do not seem new. */
static bool confirm_missing(struct pass *pass, const struct strbuf *missing, bool *confirmed)
{
	size_t gone = 1;

	*confirmed = true;
	if (!any_new(pass) && !pass->summary->resumed)
		return true;
	for (size_t i = 0; i < keys_count(missing) && *confirmed; i += gone) {
		if (!confirm_some(pass, missing, i, &gone))
			return false;
		*confirmed = gone > 0;
	}
	return true;
}

/* Whether rows that it did not find are looked up, though the list moved. Among other lists the next pass may be days
   away, and no list stands still for as long as a pass with others between its pages takes. It must have seen nearly
   all rows: else it is the upstream that is not as it should be. */
static bool may_look_up(const struct pass *pass)
{
	return pass->order->as_due && pass->settings->list_count > 1 &&
	       (int64_t)keys_count(&pass->seen) >= pass->record.upstream_count * 9 / 10;
}

/* What forbids to delete is logged. */
static bool may_delete(struct pass *pass, const struct strbuf *missing)
{
	size_t gone = keys_count(missing);
	size_t all = keys_count(&pass->stored);

	if (!pass->record.consistent && !may_look_up(pass)) {
		pass_log(pass, LOG_WARNING,
		         "sync: did not find %zu %s, but the list moved meanwhile: nothing is "
		         "deleted",
		         gone, endpoint_noun(pass->list, (int64_t)gone));
		return false;
	}
	/* Of a short list one row is more than a few percent. An upstream without any row is one that has lost its
	   database, whatever the setting says. */
	if ((gone <= GONE_ALWAYS || gone * 100 <= all * (size_t)pass->settings->delete_percent) &&
	    pass->seen.length > 0)
		return true;
	pass->trouble = true;
	pass_log(pass, LOG_ERROR,
	         "sync: %zu of %zu %s are gone from the upstream, more than %" PRId64
	         " %%: NOTHING IS DELETED; if that is right, run sync with sync.delete_percent=100",
	         gone, all, pass->list->nouns, pass->settings->delete_percent);
	pass_add_message(pass,
	                 "%zu of %zu %s are gone from the upstream, more than %" PRId64
	                 " %%: nothing was deleted",
	                 gone, all, pass->list->nouns, pass->settings->delete_percent);
	return false;
}

/* The end of a pass on its way into the database. */
struct ending {
	struct pass *pass;
	struct strbuf missing; /* set of keys: stored, but not found */
	struct strbuf gone;    /* of these, those to delete */
	int64_t deleted;
};

/* Which of the missing rows were missing from the last complete pass, too. */
static bool find_missing_again(struct ending *ending)
{
	struct pass *pass = ending->pass;
	struct strbuf before = STRBUF_INIT;
	bool done = missing_read(pass->session, pass->settings->upstream.url, pass->list, &before,
	                         pass->error);
	size_t waiting;

	keys_intersect(&ending->missing, &before, &ending->gone);
	strbuf_fini(&before);
	waiting = keys_count(&ending->missing) - keys_count(&ending->gone);
	if (done && waiting > 0)
		pass_add_message(pass,
		                 "did not find %zu %s; what the next complete pass does not find "
		                 "either is deleted",
		                 waiting, endpoint_noun(pass->list, (int64_t)waiting));
	return done;
}

/* Looks up the missing rows by their own addresses, and stores those that are there. What another pass has read since
   this one began is there. */
static bool look_up_missing(struct ending *ending)
{
	struct pass *pass = ending->pass;
	struct strbuf read = STRBUF_INIT, missing = STRBUF_INIT;
	bool done = stored_read_since(pass->session, pass->list, pass->record.started, &read,
	                              pass->error);

	keys_subtract(&ending->missing, &read, &missing);
	for (size_t i = 0; i < keys_count(&missing) && i < LOOKED_UP_MOST && done; i++) {
		struct key key = keys_array(&missing)[i];
		struct upstream_page page;

		done = pass_fetch_row(pass, key, &page);
		if (done && page.document_count == 0)
			keys_add(&ending->gone, &key, 1);
		else if (done)
			done = pass->order->dry_run || pass_store_page(pass, &page, NULL);
		upstream_page_fini(&page);
	}
	strbuf_fini(&read);
	strbuf_fini(&missing);
	return done;
}

/* Which of the missing rows go: on a list in the order of ids those that are not where they would be. Where another
   order was requested, or the list moved, each is looked up. An upstream that does not obey ordering may not have what
   else it should: there it takes two complete passes in a row that did not find them. */
static bool find_gone(struct ending *ending)
{
	struct pass *pass = ending->pass;
	bool confirmed;

	if (!pass->record.consistent || !ordering_is_id(pass->request.ordering))
		return look_up_missing(ending);
	if (!pass->record.ordered)
		return find_missing_again(ending);
	if (!confirm_missing(pass, &ending->missing, &confirmed))
		return false;
	if (confirmed) {
		keys_intersect(&ending->missing, &ending->missing, &ending->gone);
		return true;
	}
	pass->record.consistent = false;
	pass_add_message(pass, "the list moved while rows were looked for: nothing was deleted");
	return true;
}

/* What is missing, which may be gone. */
static bool store_missing(struct ending *ending)
{
	struct pass *pass = ending->pass;
	struct strbuf waiting = STRBUF_INIT;
	bool done;

	keys_subtract(&ending->missing, &ending->gone, &waiting);
	done = missing_set(pass->session, pass->settings->upstream.url, pass->list,
	                   keys_array(&waiting), keys_count(&waiting), pass->error);
	strbuf_fini(&waiting);
	return done;
}

/* What the upstream has, and what is missing, as a pass that saw all of a list at rest knows it; what one knows that
   saw nearly all of a list that moved. */
static bool store_known(struct ending *ending)
{
	struct pass *pass = ending->pass;
	const struct strbuf *gone = &ending->gone;

	if (pass->record.consistent)
		return known_set(pass->session, pass->list, keys_array(&pass->seen),
		                 keys_count(&pass->seen), pass->error) &&
		       store_missing(ending);
	return !may_look_up(pass) || (known_remove(pass->session, pass->list, keys_array(gone),
	                                           keys_count(gone), pass->error) &&
	                              store_missing(ending));
}

/* What the pass has found out about the list: whether it is in order, if it requested it in that of ids; and that
   whatever changed before it began has been read. */
static bool store_about(struct pass *pass)
{
	int64_t until = pass->record.started - CLOCK_DIFFERENCE;

	if (pass->record.consistent && ordering_is_id(pass->request.ordering))
		pass->about.ordered = pass->record.ordered;
	if (until > pass->about.changed_until)
		pass->about.changed_until = until;
	return pass_store_about(pass, pass->error);
}

/* Inside a transaction: deletes the rows and records that the pass is done. */
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
	if (gone->length > 0 && !stored_delete(session, pass->list, keys_array(gone),
	                                       keys_count(gone), &ending->deleted, error))
		return false;
	if (!store_known(ending) || !store_about(pass))
		return false;
	done.deleted = ending->deleted;
	return record_end(session, &done, pass_now(pass), "done", pass->summary->message, error);
}

static bool end(struct ending *ending)
{
	struct pass *pass = ending->pass;

	pass_report_unknown(pass);
	if (pass->order->dry_run)
		ending->deleted = (int64_t)keys_count(&ending->gone);
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

	if ((int64_t)keys_count(&pass->seen) != pass->record.upstream_count) {
		pass->record.consistent = false;
		if (!may_look_up(pass))
			pass_add_message(pass, "read %zu of %" PRId64 " %s",
			                 keys_count(&pass->seen), pass->record.upstream_count,
			                 endpoint_noun(pass->list, pass->record.upstream_count));
	}
	keys_subtract(&pass->stored, &pass->seen, &ending.missing);
	if (ending.missing.length > 0 && may_delete(pass, &ending.missing))
		done = find_gone(&ending);
	done = done && end(&ending);
	strbuf_fini(&ending.missing);
	strbuf_fini(&ending.gone);
	return done;
}
