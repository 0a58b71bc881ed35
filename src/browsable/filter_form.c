/* Writes the form that filters, orders and searches a list. */
#include "page_internal.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/embed.h"
#include "protocol/percent.h"

/* A term of the parameter `ordering` with its sign, and what it is called. */
struct order {
	char term[64];
	char label[96];
};

struct form {
	const struct page *page;
	size_t filter, choice, mode; /* of these rounds */
	struct order order;          /* likewise */
};

static const struct endpoint *endpoint_of_form(const struct form *form)
{
	return page_endpoint(form->page);
}

static struct text given(const struct form *form, enum query_parameter parameter)
{
	return page_query(form->page)->given[parameter];
}

static bool is_given(const struct form *form, enum query_parameter parameter)
{
	return given(form, parameter).length > 0;
}

static void write_given(struct strbuf *out, const struct form *form, enum query_parameter parameter)
{
	if (is_given(form, parameter))
		strbuf_add(out, given(form, parameter).data, given(form, parameter).length);
}

/* The form is open where it holds something. */
static bool is_filtered(void *context, size_t number)
{
	const struct form *form = context;
	bool filtered = is_given(form, QUERY_SEARCH) || is_given(form, QUERY_ORDERING) ||
	                is_given(form, QUERY_MODE) || is_given(form, QUERY_LIMIT);

	for (size_t i = 0; i < endpoint_of_form(form)->filter_count; i++)
		filtered = filtered || page_query(form->page)->filters_given[i].length > 0;
	return number == 0 && filtered;
}

static void write_action(struct strbuf *out, void *context)
{
	const struct form *form = context;

	percent_encode_path(out, page_link(form->page)->path);
}

static bool has_format(void *context, size_t number)
{
	return number == 0 && is_given(context, QUERY_FORMAT);
}

static void write_format(struct strbuf *out, void *context)
{
	write_given(out, context, QUERY_FORMAT);
}

/* --- Filters. --- */

static const struct filter *filter_of(const struct form *form)
{
	return &endpoint_of_form(form)->filters[form->filter];
}

static struct text filter_given(const struct form *form)
{
	return page_query(form->page)->filters_given[form->filter];
}

static bool next_filter(void *context, size_t number)
{
	struct form *form = context;

	form->filter = number;
	return number < endpoint_of_form(form)->filter_count;
}

static void write_filter_name(struct strbuf *out, void *context)
{
	strbuf_str(out, filter_of(context)->name);
}

static void write_filter_label(struct strbuf *out, void *context)
{
	strbuf_str(out, filter_of(context)->label);
}

static void write_filter_given(struct strbuf *out, void *context)
{
	strbuf_add(out, filter_given(context).data ? filter_given(context).data : "",
	           filter_given(context).length);
}

static const struct page_choices *choices_of(const struct form *form)
{
	return &form->page->choices[form->filter];
}

/* Choices that the catalog does not name are typed in. */
static bool is_select(void *context, size_t number)
{
	const struct form *form = context;
	enum match match = filter_of(form)->match;

	return number == 0 && (match == MATCH_BOOLEAN ||
	                       (match == MATCH_CHOICE && choices_of(form)->choice));
}

static bool is_input(void *context, size_t number)
{
	return number == 0 && !is_select(context, 0);
}

static const char *const truths[] = {"true", "false"};

static bool next_choice(void *context, size_t number)
{
	struct form *form = context;

	form->choice = number;
	return number < (filter_of(form)->match == MATCH_BOOLEAN ? 2 : choices_of(form)->count);
}

static void write_choice_value(struct strbuf *out, void *context)
{
	const struct form *form = context;
	struct field_path path =
		field_path_of(endpoint_of_form(form)->resource, filter_of(form)->path);
	char key[KEY_TEXT_SIZE];

	if (filter_of(form)->match == MATCH_BOOLEAN) {
		strbuf_str(out, truths[form->choice]);
		return;
	}
	key_format(field_path_end(&path)->of->uuid, choices_of(form)->choice[form->choice].key, key);
	strbuf_str(out, key);
}

static void write_choice_name(struct strbuf *out, void *context)
{
	const struct form *form = context;

	if (filter_of(form)->match == MATCH_BOOLEAN)
		strbuf_str(out, form->choice == 0 ? "yes" : "no");
	else
		strbuf_str(out, choices_of(form)->choice[form->choice].name);
}

static bool is_chosen(void *context, size_t number)
{
	const struct form *form = context;
	const struct query *query = page_query(form->page);

	for (size_t i = 0; number == 0 && i < query->condition_count; i++) {
		const struct condition *condition = &query->conditions[i];

		if (condition->filter != filter_of(form))
			continue;
		return condition->filter->match == MATCH_BOOLEAN
		               ? condition->truth == (form->choice == 0)
		               : key_equal(condition->key,
		                           choices_of(form)->choice[form->choice].key);
	}
	return false;
}

/* --- Search and ordering. --- */

static void write_search(struct strbuf *out, void *context)
{
	write_given(out, context, QUERY_SEARCH);
}

static void write_search_hint(struct strbuf *out, void *context)
{
	strbuf_str(out, endpoint_of_form(context)->search_hint);
}

/* Orders come in pairs; behind the endpoint's is that by id. */
static bool order_at(const struct endpoint *endpoint, size_t number, struct order *order)
{
	char id_label[64];
	struct ordering id = {.term = "id",
	                      .label = id_label,
	                      .ascending = "lowest first",
	                      .descending = "highest first"};
	const struct ordering *ordering =
		number / 2 < endpoint->ordering_count ? &endpoint->orderings[number / 2] : &id;
	bool descending = (number % 2 == 0) == ordering->descending_first;

	if (number / 2 > endpoint->ordering_count)
		return false;
	snprintf(id_label, sizeof(id_label), "%c%s number", toupper((unsigned char)endpoint->noun[0]),
	         endpoint->noun + 1);
	snprintf(order->term, sizeof(order->term), "%s%s", descending ? "-" : "", ordering->term);
	snprintf(order->label, sizeof(order->label), "%s, %s", ordering->label,
	         descending ? ordering->descending : ordering->ascending);
	return true;
}

static bool next_ordering(void *context, size_t number)
{
	struct form *form = context;

	return order_at(endpoint_of_form(form), number, &form->order);
}

static bool is_ordered(void *context, size_t number)
{
	const struct form *form = context;

	return number == 0 && text_is(given(form, QUERY_ORDERING), form->order.term);
}

/* By several terms, or by one that means nothing: what was given stays as it is. */
static bool is_ordered_otherwise(void *context, size_t number)
{
	const struct form *form = context;
	struct order order;

	if (number > 0 || !is_given(form, QUERY_ORDERING))
		return false;
	for (size_t i = 0; order_at(endpoint_of_form(form), i, &order); i++)
		if (text_is(given(form, QUERY_ORDERING), order.term))
			return false;
	return true;
}

static void write_ordering_term(struct strbuf *out, void *context)
{
	const struct form *form = context;

	strbuf_str(out, form->order.term);
}

static void write_ordering_label(struct strbuf *out, void *context)
{
	const struct form *form = context;

	strbuf_str(out, form->order.label);
}

static void write_ordering_given(struct strbuf *out, void *context)
{
	write_given(out, context, QUERY_ORDERING);
}

/* --- Mode and limit. --- */

static bool next_mode(void *context, size_t number)
{
	struct form *form = context;

	form->mode = number;
	return number < MODES_MAX && endpoint_of_form(form)->modes[number].name;
}

/* The default needs no parameter. */
static void write_mode_value(struct strbuf *out, void *context)
{
	const struct form *form = context;

	if (form->mode > 0)
		strbuf_str(out, endpoint_of_form(form)->modes[form->mode].name);
}

static void write_mode_name(struct strbuf *out, void *context)
{
	const struct form *form = context;

	strbuf_str(out, endpoint_of_form(form)->modes[form->mode].name);
}

static bool is_mode_chosen(void *context, size_t number)
{
	const struct form *form = context;

	return number == 0 && form->mode > 0 &&
	       page_query(form->page)->view == endpoint_of_form(form)->modes[form->mode].view;
}

static void write_limit(struct strbuf *out, void *context)
{
	const struct form *form = context;

	strbuf_printf(out, "%d", page_query(form->page)->limit);
}

static void write_clear_url(struct strbuf *out, void *context)
{
	const struct form *form = context;

	page_write_list_url(form->page, out);
}

EMBED(filter_form_html, "src/browsable/filter_form.html");

static const struct markup_slot slots[] = {
	{"filtered", .round = is_filtered},
	{"action", .text = write_action},
	{"format", .round = has_format},
	{"format_value", .text = write_format},
	{"filter", .round = next_filter},
	{"filter_name", .text = write_filter_name},
	{"filter_label", .text = write_filter_label},
	{"filter_given", .text = write_filter_given},
	{"select", .round = is_select},
	{"input", .round = is_input},
	{"choice", .round = next_choice},
	{"choice_value", .text = write_choice_value},
	{"choice_name", .text = write_choice_name},
	{"chosen", .round = is_chosen},
	{"search", .text = write_search},
	{"search_hint", .text = write_search_hint},
	{"ordering", .round = next_ordering},
	{"ordering_term", .text = write_ordering_term},
	{"ordering_label", .text = write_ordering_label},
	{"ordered", .round = is_ordered},
	{"ordered_otherwise", .round = is_ordered_otherwise},
	{"ordering_given", .text = write_ordering_given},
	{"mode", .round = next_mode},
	{"mode_value", .text = write_mode_value},
	{"mode_name", .text = write_mode_name},
	{"mode_chosen", .round = is_mode_chosen},
	{"limit", .text = write_limit},
	{"clear_url", .text = write_clear_url},
};

const struct markup filter_form_markup = {filter_form_html, filter_form_html_end, slots,
                                          sizeof(slots) / sizeof(slots[0])};

void page_filters_write(const struct page *page, struct strbuf *out)
{
	struct form form = {.page = page};

	if (page_is_list(page) && page_is_good(page))
		markup_write(&filter_form_markup, &form, out);
}
