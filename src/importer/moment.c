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

int64_t moment_of_document(const struct import *import, int64_t of_text, const json_t *document)
{
	int64_t moment;

	return !import->as_of_given && own_moment(document, &moment) ? moment : of_text;
}

int64_t moment_of_text(const struct import *import, const json_t *documents)
{
	bool found = false;
	int64_t latest = import->as_of;

	for (size_t i = 0; i < json_array_size(documents) && !import->as_of_given; i++) {
		int64_t moment;

		if (own_moment(json_array_get(documents, i), &moment) &&
		    (!found || moment > latest)) {
			latest = moment;
			found = true;
		}
	}
	return latest;
}
