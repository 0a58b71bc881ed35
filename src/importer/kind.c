/* Tells documents of endpoints apart. */
#include "importer/kind.h"

#include <stdio.h>
#include <string.h>

#include "importer/parse.h"
#include "path.h"
#include "resources/all.h"

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
