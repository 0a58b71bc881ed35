/* Tells documents of endpoints apart. */
#include "importer/kind.h"

#include <string.h>

#include "base/strbuf.h"
#include "importer/parse.h"
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

/* `agencies or pads` */
static void write_names(struct strbuf *out, const struct resource *expected)
{
	if (expected) {
		strbuf_str(out, expected->path);
		return;
	}
	for (size_t i = 0; i < endpoint_count; i++)
		if (!endpoints[i]->whole)
			strbuf_printf(out, "%s%s", i > 0 ? " or " : "", endpoints[i]->path);
}

static bool refuse_url(const char *name, const char *path, const json_t *url,
                       const struct resource *expected, struct error *error)
{
	struct text found = endpoint_name(json_string_value(url));
	struct strbuf wanted = STRBUF_INIT;
	struct strbuf place = STRBUF_INIT;

	strbuf_str(&wanted, "a document of ");
	write_names(&wanted, expected);
	strbuf_printf(&place, "%s%surl", path, *path ? "." : "");
	/* Names come from outside: only plain ones are shown as they are. */
	if (found.length > 0 && found.length < 60 &&
	    strspn(found.data, "abcdefghijklmnopqrstuvwxyz_") >= found.length)
		error_set(error, "%.200s: %s: expected %s, found %.*s", name, place.data,
		          wanted.data, (int)found.length, found.data);
	else
		refuse_value(name, place.data, wanted.data, url, error);
	strbuf_fini(&wanted);
	strbuf_fini(&place);
	return false;
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
	struct strbuf wanted = STRBUF_INIT;

	for (size_t i = 0; i < endpoint_count; i++)
		if (has_signature(document, endpoints[i]))
			return endpoints[i]->resource;
	strbuf_str(&wanted, "the url of a document");
	for (size_t i = 0; i < endpoint_count; i++)
		for (size_t k = 0; k < SIGNATURE_MAX && endpoints[i]->signature[k]; k++)
			strbuf_printf(&wanted, "%s%s", k > 0 ? " and " : ", or ",
			              endpoints[i]->signature[k]);
	error_set(error, "%.200s: %s%sexpected %s, found none of these", name, path,
	          *path ? ": " : "", wanted.data);
	strbuf_fini(&wanted);
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
