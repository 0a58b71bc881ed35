/* Which pages of a list the browsable page links to. */
#include "http/pages.h"

#define ALL_SHOWN 5 /* as many pages are shown one by one */
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

/* The first page behind `number` that may be shown: those around the current one, or the end's. Keeps
   the loop short, however many pages there are. */
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

int pages_list(int64_t count, int64_t limit, int64_t offset, struct page_link links[PAGES_MOST])
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
