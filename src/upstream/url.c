/* Addresses of pages: the query is read here, the origin by libcurl's own parser. */
#include "upstream/url.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

void url_list_page(struct strbuf *out, const struct url_list *list, int64_t limit, int64_t offset)
{
	strbuf_printf(out, "%s%s?", list->upstream, list->path);
	if (list->mode)
		strbuf_printf(out, "mode=%s&", list->mode);
	strbuf_printf(out, "limit=%" PRId64, limit);
	if (offset > 0)
		strbuf_printf(out, "&offset=%" PRId64, offset);
	if (list->ordering)
		strbuf_printf(out, "&ordering=%s", list->ordering);
	if (list->filter)
		strbuf_printf(out, "&%s", list->filter);
	strbuf_str(out, "&format=json");
}

/* The value of a parameter in the query, and its length; NULL where there is none. */
static const char *parameter_find(const char *url, const char *name, size_t *length)
{
	size_t name_length = strlen(name);
	const char *at = strchr(url, '?');

	while (at) {
		at++;
		if (strncmp(at, name, name_length) == 0 && at[name_length] == '=') {
			at += name_length + 1;
			*length = strcspn(at, "&#");
			return at;
		}
		at = strchr(at, '&');
	}
	return NULL;
}

bool url_parameter(const char *url, const char *name, int64_t *value)
{
	size_t length;
	const char *text = parameter_find(url, name, &length);
	int64_t number = 0;

	if (!text || length == 0)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9' || __builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, text[i] - '0', &number))
			return false;
	}
	*value = number;
	return true;
}

void url_with_limit(struct strbuf *out, const char *url, int64_t limit)
{
	size_t length;
	const char *text = parameter_find(url, "limit", &length);

	if (!text) {
		strbuf_printf(out, "%s%climit=%" PRId64, url, strchr(url, '?') ? '&' : '?', limit);
		return;
	}
	strbuf_add(out, url, (size_t)(text - url));
	strbuf_printf(out, "%" PRId64 "%s", limit, text + length);
}

struct url_parts {
	CURLU *handle;
	char *scheme, *host, *port, *path, *query;
};

static void url_parts_fini(struct url_parts *parts)
{
	curl_free(parts->scheme);
	curl_free(parts->host);
	curl_free(parts->port);
	curl_free(parts->path);
	curl_free(parts->query);
	curl_url_cleanup(parts->handle);
}

static bool get_part(struct url_parts *parts, CURLUPart part, char **text)
{
	return curl_url_get(parts->handle, part, text, CURLU_DEFAULT_PORT) == CURLUE_OK;
}

/* False for what is no URL of HTTP. A relative one is taken from `base`, where that is not NULL. */
static bool url_parts_init(struct url_parts *parts, const char *base, const char *url)
{
	*parts = (struct url_parts){.handle = curl_url()};
	if (!parts->handle || (base && curl_url_set(parts->handle, CURLUPART_URL, base, 0)) ||
	    curl_url_set(parts->handle, CURLUPART_URL, url, 0) ||
	    !get_part(parts, CURLUPART_SCHEME, &parts->scheme) ||
	    !get_part(parts, CURLUPART_HOST, &parts->host) ||
	    !get_part(parts, CURLUPART_PORT, &parts->port) ||
	    !get_part(parts, CURLUPART_PATH, &parts->path))
		return false;
	if (!get_part(parts, CURLUPART_QUERY, &parts->query))
		parts->query = NULL; /* it has none */
	return strcmp(parts->scheme, "http") == 0 || strcmp(parts->scheme, "https") == 0;
}

static bool has_user(const struct url_parts *parts)
{
	char *user = NULL;
	bool has = curl_url_get(parts->handle, CURLUPART_USER, &user, 0) == CURLUE_OK;

	curl_free(user);
	return has;
}

bool url_same_origin(const char *url, const char *upstream)
{
	struct url_parts own, other;
	bool own_read = url_parts_init(&own, NULL, upstream);
	bool read = url_parts_init(&other, NULL, url);
	bool same = own_read && read && !has_user(&other) &&
	            strcmp(own.scheme, other.scheme) == 0 &&
	            strcasecmp(own.host, other.host) == 0 && strcmp(own.port, other.port) == 0;

	url_parts_fini(&own);
	url_parts_fini(&other);
	return same;
}

bool url_rebase(struct strbuf *out, const char *url, const char *upstream, const char *path)
{
	struct url_parts parts;
	bool rebased =
		url_parts_init(&parts, upstream, url) && text_ends_with(text_of(parts.path), path);

	if (rebased)
		strbuf_printf(out, "%s%s%s%s", upstream, path, parts.query ? "?" : "",
		              parts.query ? parts.query : "");
	url_parts_fini(&parts);
	return rebased;
}
