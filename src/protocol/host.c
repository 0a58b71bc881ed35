/* Checks Host headers. */
#include "host.h"

/* Bytes of the longest host there can be: a name of 253, with a dot at its end and a port. Every url of an answer
   repeats it. */
#define HOST_LONGEST 260

static size_t span(struct text text, const char *accepted)
{
	size_t length = 0;

	while (length < text.length && text.data[length] != '\0' &&
	       strchr(accepted, text.data[length]))
		length++;
	return length;
}

#define DIGITS "0123456789"
#define HEX_DIGITS DIGITS "abcdefABCDEF"
/* Unlike the original an underscore is accepted: names of docker's services have them. */
#define NAME_CHARACTERS DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_"

/* The length of `[address]`, which has a colon and something behind it; 0: here is none. */
static size_t bracketed_length(struct text host)
{
	struct text inside = text_from(host, 1);
	size_t hex = span(inside, HEX_DIGITS);
	size_t all = span(inside, HEX_DIGITS ".:");

	if (hex + 1 >= all || inside.data[hex] != ':' || all == inside.length ||
	    inside.data[all] != ']')
		return 0;
	return all + 2;
}

static bool is_port(struct text text)
{
	return text.length >= 2 && text.data[0] == ':' &&
	       span(text_from(text, 1), DIGITS) == text.length - 1;
}

/* The name of a well-formed host; empty: it is not one. */
static struct text host_name(struct text host)
{
	struct text name = {host.data, 0};

	if (host.length == 0 || host.length > HOST_LONGEST)
		return name;
	name.length = host.data[0] == '[' ? bracketed_length(host) : span(host, NAME_CHARACTERS);
	if (name.length < host.length && !is_port(text_from(host, name.length)))
		name.length = 0;
	if (name.length > 0 && name.data[name.length - 1] == '.')
		name.length--;
	return name;
}

static bool is_same(struct text a, struct text b)
{
	return a.length == b.length && strncasecmp(a.data, b.data, a.length) == 0;
}

static bool matches(struct text name, struct text pattern)
{
	size_t offset;

	if (text_is(pattern, "*") || is_same(name, pattern))
		return true;
	if (pattern.length == 0 || pattern.data[0] != '.')
		return false;
	if (is_same(name, text_from(pattern, 1)))
		return true;
	offset = name.length - pattern.length;
	return name.length > pattern.length && is_same(text_from(name, offset), pattern);
}

bool host_is_allowed(struct text host, const char *allowed_hosts)
{
	struct text name = host_name(host);
	struct text rest = text_of(allowed_hosts);
	struct text pattern;

	if (name.length == 0)
		return false;
	while (text_split(&rest, ',', &pattern)) {
		if (matches(name, text_trim(pattern)))
			return true;
	}
	return false;
}
