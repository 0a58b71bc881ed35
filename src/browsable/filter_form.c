/* Writes the form that filters, searches and orders a list. */
#include <stdio.h>
#include <stdlib.h>

#include "base/embed.h"
#include "page_internal.h"

struct filter_form_slots {
	const struct page *page;
	const struct endpoint *endpoint;
	struct text format, search, ordering; /* as the request has them */
	struct text search_hint;
	const struct filter *filter; /* the current one */
	struct text filter_name, filter_label;
	struct text filter_given; /* as the request has it */
	size_t choice;            /* the index of the current one */
	struct text choice_name;
	struct ordering id_order;     /* that of every endpoint */
	const struct ordering *order; /* the current one and its direction */
	bool descending;
	char order_term[64]; /* as the parameter `ordering` has it, with its sign */
	size_t mode;         /* the index of the current one */
};

/* The form is open if the request has any of its parameters. */
static bool is_open(const void *context)
{
	const struct filter_form_slots *slots = context;
	const struct query *query = page_query(slots->page);

	for (size_t i = 0; i < slots->endpoint->filter_count; i++)
		if (query->filters_given[i].length > 0)
			return true;
	return slots->search.length > 0 || slots->ordering.length > 0 ||
	       query->given[QUERY_MODE].length > 0 || query->given[QUERY_LIMIT].length > 0;
}

static void write_action(struct strbuf *out, const void *context)
{
	const struct filter_form_slots *slots = context;

	link_write_path(out, page_link(slots->page));
}

static bool has_format(const void *context)
{
	const struct filter_form_slots *slots = context;

	return slots->format.length > 0;
}

/* --- Filters. --- */

static bool next_filter(void *context, size_t index)
{
	struct filter_form_slots *slots = context;

	if (index >= slots->endpoint->filter_count)
		return false;
	slots->filter = &slots->endpoint->filters[index];
	slots->filter_name = text_of(slots->filter->name);
	slots->filter_label = text_of(slots->filter->label);
	slots->filter_given = page_query(slots->page)->filters_given[index];
	return true;
}

/* Of a MATCH_CHOICE. */
static const struct page_choices *choices_of(const struct filter_form_slots *slots)
{
	return &slots->page->choices[slots->filter - slots->endpoint->filters];
}

static bool is_boolean(const struct filter_form_slots *slots)
{
	return slots->filter->match == MATCH_BOOLEAN;
}

static bool is_select(const void *context)
{
	const struct filter_form_slots *slots = context;

	return is_boolean(slots) ||
	       (slots->filter->match == MATCH_CHOICE && choices_of(slots)->choice);
}

/* Text, and choices whose names are unknown. */
static bool is_input(const void *context)
{
	return !is_select(context);
}

static bool next_choice(void *context, size_t index)
{
	struct filter_form_slots *slots = context;

	if (index >= (is_boolean(slots) ? 2 : choices_of(slots)->count))
		return false;
	slots->choice = index;
	slots->choice_name = text_of(is_boolean(slots) ? (index == 0 ? "yes" : "no")
	                                               : choices_of(slots)->choice[index].name);
	return true;
}

static void write_choice_value(struct strbuf *out, const void *context)
{
	const struct filter_form_slots *slots = context;
	struct field_path path;
	char key[KEY_TEXT_SIZE];

	if (is_boolean(slots)) {
		strbuf_str(out, slots->choice == 0 ? "true" : "false");
		return;
	}
	path = field_path_of(slots->endpoint->resource, slots->filter->path);
	key_format(field_path_end(&path)->of->uuid, choices_of(slots)->choice[slots->choice].key,
	           key);
	strbuf_str(out, key);
}

static bool is_chosen(const void *context)
{
	const struct filter_form_slots *slots = context;
	const struct query *query = page_query(slots->page);

	for (size_t i = 0; i < query->condition_count; i++) {
		const struct condition *condition = &query->conditions[i];

		if (condition->filter != slots->filter)
			continue;
		if (is_boolean(slots))
			return condition->truth == (slots->choice == 0);
		return key_equal(condition->key, choices_of(slots)->choice[slots->choice].key);
	}
	return false;
}

/* --- Ordering. --- */

/* Finds the index-th order: those of the endpoint and, last, that by id, each in both directions. */
static bool find_order(struct filter_form_slots *slots, size_t index)
{
	const struct endpoint *endpoint = slots->endpoint;
	size_t ordering = index / 2;

	if (ordering > endpoint->ordering_count)
		return false;
	slots->order = ordering < endpoint->ordering_count ? &endpoint->orderings[ordering]
	                                                   : &slots->id_order;
	slots->descending = (index % 2 == 0) == slots->order->descending_first;
	snprintf(slots->order_term, sizeof(slots->order_term), "%s%s", slots->descending ? "-" : "",
	         slots->order->term);
	return true;
}

static bool next_order(void *context, size_t index)
{
	return find_order(context, index);
}

static void write_order_term(struct strbuf *out, const void *context)
{
	const struct filter_form_slots *slots = context;

	strbuf_str(out, slots->order_term);
}

static void write_order_label(struct strbuf *out, const void *context)
{
	const struct filter_form_slots *slots = context;
	const struct ordering *order = slots->order;

	strbuf_printf(out, "%s, %s", order->label,
	              slots->descending ? order->descending : order->ascending);
}

static bool is_ordered(const void *context)
{
	const struct filter_form_slots *slots = context;

	return text_is(slots->ordering, slots->order_term);
}

/* An ordering by several terms, or by an unknown one, becomes an option of its own, so that sending the
   form again does not lose it. */
static bool is_other_order(const void *context)
{
	const struct filter_form_slots *slots = context;
	struct filter_form_slots other = *slots;

	if (slots->ordering.length == 0)
		return false;
	for (size_t i = 0; find_order(&other, i); i++)
		if (is_ordered(&other))
			return false;
	return true;
}

/* --- Mode and limit. --- */

static const struct mode *current_mode(const struct filter_form_slots *slots)
{
	return &slots->endpoint->modes[slots->mode];
}

static bool next_mode(void *context, size_t index)
{
	struct filter_form_slots *slots = context;

	slots->mode = index;
	return index < MODES_MAX && current_mode(slots)->name;
}

static void write_mode_name(struct strbuf *out, const void *context)
{
	strbuf_str(out, current_mode(context)->name);
}

/* Empty for the default, which needs no parameter. */
static void write_mode_value(struct strbuf *out, const void *context)
{
	const struct filter_form_slots *slots = context;

	if (slots->mode > 0)
		write_mode_name(out, slots);
}

static bool is_mode_chosen(const void *context)
{
	const struct filter_form_slots *slots = context;

	return slots->mode > 0 && page_query(slots->page)->view == current_mode(slots)->view;
}

static void write_limit(struct strbuf *out, const void *context)
{
	const struct filter_form_slots *slots = context;

	strbuf_printf(out, "%d", page_query(slots->page)->limit);
}

static void write_clear_url(struct strbuf *out, const void *context)
{
	const struct filter_form_slots *slots = context;

	page_write_list_url(slots->page, out);
}

EMBED(filter_form_html, "src/browsable/filter_form.html");

static const struct markup_slot slot_table[] = {
	{"open", .when = is_open},
	{"action", .text = write_action},
	{"format", .when = has_format},
	{"format_value", .member = MARKUP_MEMBER(struct filter_form_slots, format)},
	{"filter", .each = next_filter},
	{"filter_name", .member = MARKUP_MEMBER(struct filter_form_slots, filter_name)},
	{"filter_label", .member = MARKUP_MEMBER(struct filter_form_slots, filter_label)},
	{"filter_given", .member = MARKUP_MEMBER(struct filter_form_slots, filter_given)},
	{"select", .when = is_select},
	{"input", .when = is_input},
	{"choice", .each = next_choice},
	{"choice_value", .text = write_choice_value},
	{"choice_name", .member = MARKUP_MEMBER(struct filter_form_slots, choice_name)},
	{"chosen", .when = is_chosen},
	{"search", .member = MARKUP_MEMBER(struct filter_form_slots, search)},
	{"search_hint", .member = MARKUP_MEMBER(struct filter_form_slots, search_hint)},
	{"order", .each = next_order},
	{"order_term", .text = write_order_term},
	{"order_label", .text = write_order_label},
	{"ordered", .when = is_ordered},
	{"other_order", .when = is_other_order},
	{"ordering_given", .member = MARKUP_MEMBER(struct filter_form_slots, ordering)},
	{"mode", .each = next_mode},
	{"mode_value", .text = write_mode_value},
	{"mode_name", .text = write_mode_name},
	{"mode_chosen", .when = is_mode_chosen},
	{"limit", .text = write_limit},
	{"clear_url", .text = write_clear_url},
};

const struct markup filter_form_markup = {filter_form_html, filter_form_html_end, slot_table,
                                          sizeof(slot_table) / sizeof(slot_table[0])};

/* "Flight number" and the like. */
static char *id_label_new(const struct endpoint *endpoint)
{
	struct strbuf label = STRBUF_INIT;
	size_t length;

	page_write_capitalized(endpoint->noun, &label);
	strbuf_str(&label, " number");
	return strbuf_steal(&label, &length);
}

void filter_form_write(const struct page *page, struct strbuf *out)
{
	const struct text *given = page_query(page)->given;
	struct filter_form_slots slots = {.page = page, .endpoint = page_endpoint(page)};
	char *id_label;

	if (!page_is_list(page) || !page_is_ok(page))
		return;
	id_label = id_label_new(slots.endpoint);
	slots.format = given[QUERY_FORMAT];
	slots.search = given[QUERY_SEARCH];
	slots.ordering = given[QUERY_ORDERING];
	slots.search_hint = text_of(slots.endpoint->search_hint);
	slots.id_order = (struct ordering){.term = "id",
	                                   .label = id_label,
	                                   .ascending = "lowest first",
	                                   .descending = "highest first"};
	markup_write(&filter_form_markup, &slots, out);
	free(id_label);
}
