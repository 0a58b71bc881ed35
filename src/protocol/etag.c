/* Compares entity tags. */
#include "protocol/etag.h"

#include <string.h>

/* Past the end of an opaque tag, quotes included; NULL: here is none. */
static const char *opaque_end(const char *at)
{
	const char *end = *at == '"' ? strchr(at + 1, '"') : NULL;

	return end ? end + 1 : NULL;
}

static const char *without_weakness(const char *tag)
{
	return strncmp(tag, "W/", 2) == 0 ? tag + 2 : tag;
}

bool etag_matches(const char *if_none_match, const char *etag)
{
	const char *at = if_none_match;
	size_t length;

	if (!at)
		return false;
	etag = without_weakness(etag);
	length = strlen(etag);
	at += strspn(at, " \t");
	if (*at == '*')
		return at[1 + strspn(at + 1, " \t")] == '\0';
	for (;;) {
		const char *end;

		at = without_weakness(at + strspn(at, " \t,"));
		end = opaque_end(at);
		if (!end)
			return false;
		if ((size_t)(end - at) == length && memcmp(at, etag, length) == 0)
			return true;
		at = end + strspn(end, " \t");
		if (*at != ',')
			return false;
	}
}
