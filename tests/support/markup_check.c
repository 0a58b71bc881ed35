/* Reads a template's tags in their order and looks for the slot of each. */
#include "support/markup_check.h"

#include <string.h>

#define DEPTH_MAX 8

static const struct markup_slot *find_slot(const struct markup *markup, struct text name)
{
	for (size_t i = 0; i < markup->slot_count; i++)
		if (text_is(name, markup->slots[i].name))
			return &markup->slots[i];
	return NULL;
}

/* The next tag between {{ and }}, with its kind. */
static bool next_tag(const char **template, struct text *tag)
{
	const char *begin = strstr(*template, "{{");
	const char *end = begin ? strstr(begin, "}}") : NULL;

	if (!end)
		return false;
	*tag = (struct text){begin + 2, (size_t)(end - begin - 2)};
	*template = end + 2;
	return true;
}

static bool may_be(const struct markup_slot *slot, char kind)
{
	if (kind == '#')
		return !slot->html;
	if (kind == '^')
		return slot->text > 0 || slot->flag > 0;
	return slot->text > 0 || slot->html;
}

static bool check_tag(const struct markup *markup, struct text tag, struct text *open,
                      size_t *depth, struct error *error)
{
	char kind = strchr("#^/", tag.data[0]) ? tag.data[0] : '\0';
	struct text name = kind ? text_from(tag, 1) : tag;
	const struct markup_slot *slot = find_slot(markup, name);

	if (!slot)
		return error_set(error, "no slot is called \"%.*s\"", (int)name.length, name.data);
	if (kind == '/') {
		if (*depth == 0 || !text_equal(open[*depth - 1], name))
			return error_set(error, "{{/%s}} closes nothing", slot->name);
		--*depth;
		return true;
	}
	if (!may_be(slot, kind) || (kind && *depth == DEPTH_MAX))
		return error_set(error, "\"%s\" is not of that kind", slot->name);
	if (kind)
		open[(*depth)++] = name;
	return true;
}

static bool is_used(const struct markup *markup, const char *name)
{
	const char *template = markup->template;
	struct text tag;

	while (next_tag(&template, &tag))
		if (text_is(strchr("#^", tag.data[0]) ? text_from(tag, 1) : tag, name))
			return true;
	return false;
}

bool markup_check(const struct markup *markup, struct error *error)
{
	const char *template = markup->template;
	struct text tag, open[DEPTH_MAX];
	size_t depth = 0;

	for (size_t i = 0; i < markup->slot_count; i++)
		if (!is_used(markup, markup->slots[i].name))
			return error_set(error, "\"%s\" is not used", markup->slots[i].name);
	while (next_tag(&template, &tag))
		if (!check_tag(markup, tag, open, &depth, error))
			return false;
	if (depth > 0)
		return error_set(error, "{{#%.*s}} is not closed", (int)open[depth - 1].length,
		                 open[depth - 1].data);
	return true;
}
