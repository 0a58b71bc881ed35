/* Finds out when documents were true, from what they say. */
#include "base/temporal.h"
#include "import_internal.h"

#define MOMENT_FIRST (INT64_C(-62135596800) * MICROSECONDS) /* the year 1 */
#define MOMENT_END (INT64_C(253402300800) * MICROSECONDS)   /* the year 10000 */

/* The text of a member; NULL where it has none. What is of a wrong type is refused when it is read. */
static const char *member_text(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

/* A flight that has not ended has lasted from its launch to the moment of the response. Documents of others do
   not have these fields together. */
static bool own_moment(const json_t *document, int64_t *moment)
{
	const char *net_text = member_text(json_object_get(document, "launch"), "net");
	const char *duration_text = member_text(document, "duration");
	int64_t net, duration;

	if (!net_text || !duration_text || !moment_parse(net_text, &net) ||
	    !duration_parse(duration_text, &duration) || member_text(document, "mission_end"))
		return false;
	*moment = net + duration;
	return *moment >= MOMENT_FIRST && *moment < MOMENT_END;
}

int64_t moment_of_document(const struct reading *reading, const json_t *document)
{
	int64_t moment;

	return !reading->moment_given && own_moment(document, &moment) ? moment
	                                                               : reading->text_moment;
}

/* The latest of the moments that were found. */
struct latest {
	bool found;
	int64_t moment;
};

static void take_moment(struct latest *latest, const json_t *document)
{
	int64_t moment;

	if (!own_moment(document, &moment) || (latest->found && moment <= latest->moment))
		return;
	*latest = (struct latest){true, moment};
}

/* A document, an array of them, or a page. */
static void take_moments(struct latest *latest, const json_t *json)
{
	const json_t *results = json_object_get(json, "results");
	const json_t *list = results ? results : json;

	if (json_is_object(list))
		take_moment(latest, list);
	for (size_t i = 0; i < json_array_size(list); i++)
		take_moment(latest, json_array_get(list, i));
}

int64_t moment_of_text(const struct import *import, const struct json_values *values)
{
	struct latest latest = {false, import->as_of};

	for (size_t i = 0; i < values->count && !import->as_of_given; i++)
		take_moments(&latest, values->items[i].json);
	return latest.moment;
}
