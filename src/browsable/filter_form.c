/* Writes the form that filters, searches and orders a list. */
#include "base/embed.h"
#include "page_internal.h"

struct filter_form_slots {
	const struct page *page;
	const struct endpoint *endpoint;
	struct arena *arena;
	bool open;
	struct text action, clear_url, limit;
	struct text format, search, ordering; /* as the request has them */
	struct text search_hint;
	bool folded,
		more_given; /* there are filters in the fold, and the request has some of them */
	bool in_fold;       /* which filters are written now */
	bool is_main[FILTERS_MAX]; /* by filter: it is above the fold */
	/* Of the current filter. */
	const struct filter *filter;
	struct text filter_name, filter_label;
	struct text filter_given; /* as the request has it */
	bool select, several;
	/* Of the current choice. */
	struct text choice_name, choice_value;
	bool chosen;
	/* Of the current order. */
	struct ordering id_order; /* that of every endpoint */
	struct text order_term;   /* as the parameter `ordering` has it, with its sign */
	struct text order_label;
	bool ordered;
	struct text other_order;
	bool has_modes;
	/* Of the current mode. */
	struct text mode_name, mode_value;
	bool mode_chosen;
};

/* The form is open if the request has any of its parameters. */
static bool is_open(const struct endpoint *endpoint, const struct query *query)
{
	for (size_t i = 0; i < endpoint->filter_count; i++)
		if (query->filters_given[i].length > 0)
			return true;
	return query->given[QUERY_SEARCH].length > 0 || query->given[QUERY_ORDERING].length > 0 ||
	       query->given[QUERY_MODE].length > 0 || query->given[QUERY_LIMIT].length > 0;
}

/* --- Filters. --- */

/* Filters above the fold, at most. */
#define MAIN_FILTERS 20
#define RANKS_LAST 3

/* Of a filter that chooses. */
static const struct page_choices *choices_of(const struct filter_form_slots *slots)
{
	return &slots->page->choices[slots->filter - slots->endpoint->filters];
}

/* Without their names choices of several rows cannot be offered: an empty input field is an error there. */
static bool is_offered(const struct filter_form_slots *slots, size_t index)
{
	return slots->endpoint->filters[index].match != MATCH_CHOICES ||
	       slots->page->choices[index].choice;
}

/* How often a filter of that kind is wanted, the most often first. */
static int rank_of(const struct filter *filter)
{
	if (match_chooses(filter->match) || filter->match == MATCH_BOOLEAN)
		return 0;
	if (filter->match == MATCH_NUMBER || filter->lookup == LOOKUP_GT ||
	    filter->lookup == LOOKUP_LT)
		return 3;
	if (filter->match == MATCH_TEXT || filter->lookup == LOOKUP_GTE ||
	    filter->lookup == LOOKUP_LTE)
		return 1;
	return 2;
}

/* The filters above the fold: those that are wanted most often, as many as MAIN_FILTERS. */
static void choose_main_filters(struct filter_form_slots *slots)
{
	const struct query *query = &slots->page->decision->query;
	size_t main = 0;

	for (int rank = 0; rank <= RANKS_LAST; rank++)
		for (size_t i = 0; i < slots->endpoint->filter_count; i++)
			if (rank_of(&slots->endpoint->filters[i]) == rank && main < MAIN_FILTERS) {
				slots->is_main[i] = true;
				main++;
			}
	for (size_t i = 0; i < slots->endpoint->filter_count; i++) {
		slots->folded = slots->folded || !slots->is_main[i];
		slots->more_given = slots->more_given ||
		                    (!slots->is_main[i] && query->filters_given[i].length > 0);
	}
}

/* The index of the filter that is the index-th on its side of the fold; filter_count: there is none. */
static size_t filter_at(const struct filter_form_slots *slots, size_t index)
{
	size_t i = 0;

	for (; i < slots->endpoint->filter_count; i++)
		if (slots->is_main[i] != slots->in_fold && is_offered(slots, i) && index-- == 0)
			break;
	return i;
}

/* Text has an input field, as do choices whose names are unknown. */
static bool next_filter(void *context, size_t index)
{
	struct filter_form_slots *slots = context;
	const struct filter *filter;

	index = filter_at(slots, index);
	if (index == slots->endpoint->filter_count)
		return false;
	slots->filter = filter = &slots->endpoint->filters[index];
	slots->filter_name = text_of(filter->name);
	slots->filter_label = text_of(filter->label);
	slots->filter_given = slots->page->decision->query.filters_given[index];
	slots->several = filter->match == MATCH_CHOICES;
	slots->select = filter->match == MATCH_BOOLEAN ||
	                (match_chooses(filter->match) && choices_of(slots)->choice);
	return true;
}

/* What the request has for the current filter; NULL: nothing. */
static const struct condition *current_condition(const struct filter_form_slots *slots)
{
	const struct query *query = &slots->page->decision->query;

	for (size_t i = 0; i < query->condition_count; i++)
		if (query->conditions[i].filter == slots->filter)
			return &query->conditions[i];
	return NULL;
}

static void set_boolean(struct filter_form_slots *slots, bool truth)
{
	const struct condition *condition = current_condition(slots);

	slots->choice_name = text_of(truth ? "yes" : "no");
	slots->choice_value = text_of(truth ? "true" : "false");
	slots->chosen = condition && condition->truth == truth;
}

static bool is_chosen(const struct condition *condition, struct key key)
{
	if (condition->filter->match == MATCH_CHOICE)
		return key_equal(condition->key, key);
	for (size_t i = 0; i < condition->count; i++)
		if (key_equal(condition->keys[i], key))
			return true;
	return false;
}

static void set_choice(struct filter_form_slots *slots, const struct page_choice *choice)
{
	const struct condition *condition = current_condition(slots);
	struct field_path path = field_path_of(slots->endpoint->resource, slots->filter->path);
	char key[KEY_TEXT_SIZE];

	key_format(field_path_end(&path)->of->uuid, choice->key, key);
	slots->choice_name = text_of(choice->name);
	slots->choice_value = text_of(arena_string(slots->arena, key));
	slots->chosen = condition && is_chosen(condition, choice->key);
}

static bool next_choice(void *context, size_t index)
{
	struct filter_form_slots *slots = context;
	bool boolean = slots->filter->match == MATCH_BOOLEAN;

	if (index >= (boolean ? 2 : choices_of(slots)->count))
		return false;
	if (boolean)
		set_boolean(slots, index == 0);
	else
		set_choice(slots, &choices_of(slots)->choice[index]);
	return true;
}

/* --- Ordering. --- */

/* The orders of the endpoint and, last, that by id, each in both directions. An ordering by several terms, or by
   an unknown one, is left for an option of its own, so that sending the form again does not lose it. */
static bool next_order(void *context, size_t index)
{
	struct filter_form_slots *slots = context;
	const struct endpoint *endpoint = slots->endpoint;
	size_t i = index / 2;
	const struct ordering *order =
		i < endpoint->ordering_count ? &endpoint->orderings[i] : &slots->id_order;
	bool descending = (index % 2 == 0) == order->descending_first;

	if (i > endpoint->ordering_count)
		return false;
	slots->order_term =
		text_of(arena_printf(slots->arena, "%s%s", descending ? "-" : "", order->term));
	slots->order_label =
		text_of(arena_printf(slots->arena, "%s, %s", order->label,
	                             descending ? order->descending : order->ascending));
	slots->ordered = text_equal(slots->ordering, slots->order_term);
	if (slots->ordered)
		slots->other_order.length = 0;
	return true;
}

/* --- Modes. --- */

/* The default mode needs no parameter. */
static bool next_mode(void *context, size_t index)
{
	struct filter_form_slots *slots = context;
	const struct mode *mode = &slots->endpoint->modes[index];

	if (index >= MODES_MAX || !mode->name)
		return false;
	slots->mode_name = text_of(mode->name);
	slots->mode_value = text_of(index > 0 ? mode->name : "");
	slots->mode_chosen = index > 0 && slots->page->decision->query.view == mode->view;
	return true;
}

EMBED(filter_form_html, "src/browsable/filter_form.html");
EMBED(filter_fields_html, "src/browsable/filter_fields.html");

static const struct markup_slot field_slots[] = {
	{"filter", .each = next_filter},
	MARKUP_TEXT(struct filter_form_slots, filter_name),
	MARKUP_TEXT(struct filter_form_slots, filter_label),
	MARKUP_TEXT(struct filter_form_slots, filter_given),
	MARKUP_FLAG(struct filter_form_slots, select),
	MARKUP_FLAG(struct filter_form_slots, several),
	{"choice", .each = next_choice},
	MARKUP_TEXT(struct filter_form_slots, choice_value),
	MARKUP_TEXT(struct filter_form_slots, choice_name),
	MARKUP_FLAG(struct filter_form_slots, chosen),
};

const struct markup filter_fields_markup = MARKUP(filter_fields_html, field_slots);

static void write_filters(struct strbuf *out, const void *context, bool in_fold)
{
	struct filter_form_slots slots = *(const struct filter_form_slots *)context;

	slots.in_fold = in_fold;
	markup_write(&filter_fields_markup, &slots, NULL, out);
}

static void write_main_filters(struct strbuf *out, const void *context)
{
	write_filters(out, context, false);
}

static void write_more_filters(struct strbuf *out, const void *context)
{
	write_filters(out, context, true);
}

static const struct markup_slot slot_table[] = {
	MARKUP_FLAG(struct filter_form_slots, open),
	MARKUP_TEXT(struct filter_form_slots, action),
	MARKUP_TEXT(struct filter_form_slots, format),
	{"main_filters", .html = write_main_filters},
	MARKUP_FLAG(struct filter_form_slots, folded),
	MARKUP_FLAG(struct filter_form_slots, more_given),
	{"more_filters", .html = write_more_filters},
	MARKUP_TEXT(struct filter_form_slots, search),
	MARKUP_TEXT(struct filter_form_slots, search_hint),
	{"order", .each = next_order},
	MARKUP_TEXT(struct filter_form_slots, order_term),
	MARKUP_TEXT(struct filter_form_slots, order_label),
	MARKUP_FLAG(struct filter_form_slots, ordered),
	MARKUP_TEXT(struct filter_form_slots, other_order),
	{"mode", .each = next_mode},
	MARKUP_TEXT(struct filter_form_slots, mode_value),
	MARKUP_TEXT(struct filter_form_slots, mode_name),
	MARKUP_FLAG(struct filter_form_slots, mode_chosen),
	MARKUP_FLAG(struct filter_form_slots, has_modes),
	MARKUP_TEXT(struct filter_form_slots, limit),
	MARKUP_TEXT(struct filter_form_slots, clear_url),
};

const struct markup filter_form_markup = MARKUP(filter_form_html, slot_table);

void filter_form_write(const struct page *page, struct strbuf *out)
{
	const struct endpoint *endpoint = page->decision->endpoint;
	const struct query *query = &page->decision->query;
	struct strbuf action = STRBUF_INIT;
	struct filter_form_slots slots;
	struct arena arena;

	if (!page_is_list(page) || !page_is_ok(page))
		return;
	arena_init(&arena);
	link_write_path(&action, &page->decision->link);
	slots = (struct filter_form_slots){
		.page = page,
		.endpoint = endpoint,
		.arena = &arena,
		.open = is_open(endpoint, query),
		.action = page_text(&arena, &action),
		.clear_url = text_of(page_list_url(&arena, page)),
		.limit = text_of(arena_printf(&arena, "%d", query->limit)),
		.format = query->given[QUERY_FORMAT],
		.search = query->given[QUERY_SEARCH],
		.ordering = query->given[QUERY_ORDERING],
		.other_order = query->given[QUERY_ORDERING],
		.search_hint = text_of(endpoint->search_hint),
		.has_modes = endpoint->modes[0].name != NULL,
		.id_order = {.term = "id",
	                     .label = arena_printf(&arena, "%s number",
	                                           page_capitalized(&arena, endpoint->noun)),
	                     .ascending = "lowest first",
	                     .descending = "highest first"},
	};
	choose_main_filters(&slots);
	markup_write(&filter_form_markup, &slots, NULL, out);
	arena_fini(&arena);
}
