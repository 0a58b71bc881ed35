/* Works out the pages of a list. */
#include "protocol/pagination.h"

#include <inttypes.h>
#include <stdio.h>

/* An offset of 0 is left out. */
static void write_page(struct strbuf *out, const struct link *link, int limit, int64_t offset)
{
	char limit_text[16];
	char offset_text[24];
	const struct link_change changes[] = {
		{query_parameter_keys[QUERY_LIMIT], limit_text},
		{query_parameter_keys[QUERY_OFFSET], offset > 0 ? offset_text : NULL},
	};

	snprintf(limit_text, sizeof(limit_text), "%d", limit);
	snprintf(offset_text, sizeof(offset_text), "%" PRId64, offset);
	link_write_url(out, link, changes, 2);
}

bool pagination_write_next(struct strbuf *out, const struct link *link, const struct query *query,
                           int64_t count)
{
	/* The sum of both might not fit. */
	if (query->offset >= count - query->limit)
		return false;
	write_page(out, link, query->limit, query->offset + query->limit);
	return true;
}

bool pagination_write_previous(struct strbuf *out, const struct link *link,
                               const struct query *query)
{
	int64_t offset = query->offset - query->limit;

	if (query->offset <= 0)
		return false;
	write_page(out, link, query->limit, offset > 0 ? offset : 0);
	return true;
}

#define ALL_SHOWN 5 /* up to so many pages all have a link */
#define EDGE 4      /* this far from the first or the last page nothing is left out before it */

/* Rounds up; `count - offset` may be below 0. */
static int64_t divide_up(int64_t a, int64_t b)
{
	return a / b + (a % b > 0);
}

static bool is_shown(int64_t number, int64_t current, int64_t final)
{
	if (final <= ALL_SHOWN || number == 1 || number == final)
		return true;
	if (number >= current - 1 && number <= current + 1)
		return true;
	if (current <= EDGE && number <= 3)
		return true;
	return current >= final - (EDGE - 1) && number >= final - 2;
}

/* The first page behind `number` that may have a link: those around the current one, or the last. The loop stays
   short, however many pages there are. */
static int64_t next_candidate(int64_t number, int64_t current, int64_t final)
{
	int64_t next = number + 1;
	int64_t wanted = next <= current + 1 ? current - 1 : final - 2;

	if (number < ALL_SHOWN)
		return next;
	if (wanted > final - 2)
		wanted = final - 2;
	return wanted > next ? wanted : next;
}

int pagination_list(int64_t count, int64_t limit, int64_t offset,
                    struct page_link links[PAGES_MOST])
{
	int64_t before = divide_up(offset, limit);
	int64_t final = divide_up(count - offset, limit) + before;
	int64_t current = before < INT64_MAX ? before + 1 : before;
	int64_t last = 0;
	int length = 0;

	if (final < 1)
		final = 1;
	if (current > final)
		current = final;
	for (int64_t i = 1; i <= final; i = next_candidate(i, current, final)) {
		if (!is_shown(i, current, final))
			continue;
		if (i > last + 1)
			links[length++] = (struct page_link){.gap = true};
		links[length++] = (struct page_link){
			.current = i == current,
			.number = i,
			.offset = i == 1 ? 0 : offset + (i - current) * limit,
		};
		last = i;
	}
	return length;
}
