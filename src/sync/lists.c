/* Tells how lists are requested. */
#include "lists.h"

#include <stdio.h>

const char *list_ordering(const struct endpoint *list, bool filled)
{
	const struct upkeep *upkeep = &list->upkeep;

	if (!filled && upkeep->filling)
		return upkeep->filling;
	if (upkeep->ordering)
		return upkeep->ordering;
	/* Lists whose ordering fields the original does not name take their own columns. */
	if (list->orders_by_id || list->orders_by_all_fields || list->ordering_count == 0)
		return "id";
	return list->orderings[0].term;
}

/* The mode of a single row's view, where the table does not say another. */
static const char *list_mode(const struct endpoint *list)
{
	if (list->upkeep.mode)
		return list->upkeep.mode;
	for (size_t i = 0; i < MODES_MAX && list->modes[i].name; i++)
		if (list->modes[i].view == list->one)
			return list->modes[i].name;
	return list->modes[0].name;
}

struct url_list list_request(const struct endpoint *list, const char *upstream,
                             char path[static LIST_PATH_SIZE])
{
	snprintf(path, LIST_PATH_SIZE, VERSION_PATH "%s/", list->path);
	return (struct url_list){.upstream = upstream, .path = path, .mode = list_mode(list)};
}
