/* Chooses a content coding by Accept-Encoding, and compares entity tags for If-None-Match. */
#include "protocol/variant.h"

#include <string.h>

#include "base/text.h"

/* --- Content codings. --- */

/* Qualities in thousandths. */
#define QUALITY_MOST 1000
#define QUALITY_UNSAID (-1)

const char *const encoding_names[ENCODING_COUNT] = {"identity", "gzip", "zstd"};

struct wishes {
	int named[ENCODING_COUNT];
	int any; /* `*` */
};

/* `0`, `1`, and these with a point and up to three digits, but no more than 1. */
static bool quality_parse(struct text text, int *quality)
{
	int unit = QUALITY_MOST;

	if (text.length == 0 || text.length > 5 || (text.length > 1 && text.data[1] != '.'))
		return false;
	*quality = 0;
	for (size_t i = 0; i < text.length; i += i == 0 ? 2 : 1, unit /= 10) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		*quality += (text.data[i] - '0') * unit;
	}
	return *quality <= QUALITY_MOST;
}

/* Of `;q=0.5` and the like; false: it cannot be read. */
static bool parameters_parse(struct text rest, int *quality)
{
	struct text parameter, name;

	*quality = QUALITY_MOST;
	while (text_split(&rest, ';', &parameter)) {
		text_split(&parameter, '=', &name);
		if (text_is_word(text_trim(name), "q") &&
		    !quality_parse(text_trim(parameter), quality))
			return false;
	}
	return true;
}

/* One element of the list; what cannot be read or is unknown says nothing. */
static void wish(struct wishes *wishes, struct text element)
{
	struct text coding;
	int quality;

	text_split(&element, ';', &coding);
	coding = text_trim(coding);
	if (!parameters_parse(element, &quality))
		return;
	if (text_is_word(coding, "*"))
		wishes->any = quality;
	else if (text_is_word(coding, "x-gzip"))
		wishes->named[ENCODING_GZIP] = quality;
	for (enum encoding encoding = 0; encoding < ENCODING_COUNT; encoding++)
		if (text_is_word(coding, encoding_names[encoding]))
			wishes->named[encoding] = quality;
}

/* Identity will do unless it is excluded, but counts for little where it is not named. */
static int quality_of(const struct wishes *wishes, enum encoding encoding, bool *named)
{
	int quality = wishes->named[encoding];

	*named = quality != QUALITY_UNSAID;
	if (*named)
		return quality;
	if (wishes->any != QUALITY_UNSAID)
		return wishes->any;
	return encoding == ENCODING_IDENTITY ? 1 : 0;
}

enum encoding encoding_choose(const char *accept_encoding, bool *acceptable)
{
	/* In the order of our own liking. */
	static const enum encoding order[] = {ENCODING_ZSTD, ENCODING_GZIP, ENCODING_IDENTITY};
	struct wishes wishes = {{QUALITY_UNSAID, QUALITY_UNSAID, QUALITY_UNSAID}, QUALITY_UNSAID};
	enum encoding chosen = ENCODING_IDENTITY;
	struct text rest = text_of(accept_encoding);
	struct text element;
	int best = 0;

	while (text_split(&rest, ',', &element))
		wish(&wishes, element);
	for (size_t i = 0; i < ENCODING_COUNT; i++) {
		bool named;
		int quality = quality_of(&wishes, order[i], &named);
		/* Twice the quality leaves room for one that `*` covers just below those named. */
		int rank = quality == 0 ? 0 : quality * 2 + (named || order[i] != ENCODING_ZSTD);

		if (rank > best) {
			best = rank;
			chosen = order[i];
		}
	}
	*acceptable = best > 0;
	return chosen;
}

/* --- Entity tags. --- */

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
