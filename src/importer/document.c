/* What documents say of themselves: which endpoint they are of, and when they were true. */
#include "importer/document.h"

#include <stdio.h>
#include <string.h>

#include "base/temporal.h"
#include "import_internal.h"
#include "resources/all.h"

#define MOMENT_FIRST (INT64_C(-62135596800) * MICROSECONDS) /* the year 1 */
#define MOMENT_END (INT64_C(253402300800) * MICROSECONDS)   /* the year 10000 */

/* --- Of which endpoint. --- */

/* The name of an endpoint in an address such as `https://ll.example/2.3.0/landings/7/`: `landings`. Empty:
   there is none. */
static struct text endpoint_name(const char *url)
{
	const char *path = strstr(url, VERSION_PATH);

	if (!path)
		return (struct text){url, 0};
	path += strlen(VERSION_PATH);
	return (struct text){path, strcspn(path, "/?#")};
}

static bool refuse_url(const char *name, const char *path, const json_t *url,
                       const struct resource *expected, struct error *error)
{
	struct text found = endpoint_name(json_string_value(url));
	char wanted[100], place[PATH_TEXT_SIZE];

	snprintf(wanted, sizeof(wanted), "a document of %s", expected ? expected->path : "a list");
	snprintf(place, sizeof(place), "%s%surl", path, *path ? "." : "");
	/* Names come from outside: only plain ones are shown as they are. */
	if (found.length > 0 && found.length < 60 &&
	    strspn(found.data, "abcdefghijklmnopqrstuvwxyz_") >= found.length)
		return error_set(error, "%.200s: %s: expected %s, found %.*s", name, place, wanted,
		                 (int)found.length, found.data);
	return refuse_value(name, place, wanted, url, error);
}

static const struct resource *kind_by_url(const char *name, const char *path, const json_t *url,
                                          const struct resource *expected, struct error *error)
{
	const struct endpoint *endpoint = endpoint_at(endpoint_name(json_string_value(url)));

	if (endpoint && (!expected || endpoint->resource == expected))
		return endpoint->resource;
	refuse_url(name, path, url, expected, error);
	return NULL;
}

static bool has_signature(const json_t *document, const struct endpoint *endpoint)
{
	for (size_t i = 0; i < SIGNATURE_MAX && endpoint->signature[i]; i++)
		if (!json_object_get(document, endpoint->signature[i]))
			return false;
	return endpoint->signature[0] != NULL;
}

static const struct resource *kind_by_fields(const char *name, const char *path,
                                             const json_t *document, struct error *error)
{
	for (size_t i = 0; i < endpoint_count; i++)
		if (has_signature(document, endpoints[i]))
			return endpoints[i]->resource;
	error_set(error, "%.200s: %s%sexpected the url of a document, or fields that tell its list",
	          name, path, *path ? ": " : "");
	return NULL;
}

const struct resource *document_kind(const char *name, const char *path, const json_t *document,
                                     const struct resource *expected, struct error *error)
{
	const json_t *url = json_object_get(document, "url");

	/* Where an address is not known, the original says "" as well as null. What is no text at all is
	   refused when the field is read. */
	if (json_string_length(url) > 0)
		return kind_by_url(name, path, url, expected, error);
	return expected ? expected : kind_by_fields(name, path, document, error);
}

/* --- When they were true. --- */

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
