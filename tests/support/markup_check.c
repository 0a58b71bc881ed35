/* Reads a template's tags in their order and looks for what each stands for: a slot, or a field of the document
   that the section around it is over. */
#include "support/markup_check.h"

#include <string.h>

#define DEPTH_MAX 12

struct checker {
	const struct markup *markup;
	const struct markup_root *roots;
	struct text open[DEPTH_MAX]; /* names of the open sections */
	const struct resource
		*resource[DEPTH_MAX]; /* of the documents that they are over, or NULL */
	size_t depth;
};

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
		return !slot->html && !slot->html_of;
	if (kind == '^')
		return slot->text > 0 || slot->flag > 0 || slot->json > 0;
	return slot->text > 0 || slot->html || slot->html_of;
}

/* --- Members of documents. --- */

/* Stands for JSON that is no resource's document. */
static const struct resource any;

static const struct resource *root_of(const struct checker *checker, struct text name)
{
	for (const struct markup_root *root = checker->roots; root && root->slot; root++)
		if (text_is(name, root->slot))
			return root->resource ? root->resource : &any;
	return NULL;
}

/* Follows names with dots; *end is then what the last refers to, NULL for scalars. */
static bool follow(const struct resource *resource, struct text path, const struct resource **end)
{
	struct text name;

	while (text_split(&path, '.', &name)) {
		char text[64] = "";
		const struct field *field;

		memcpy(text, name.data, name.length < 63 ? name.length : 63);
		field = resource ? resource_field(resource, text) : NULL;
		if (!field)
			return false;
		resource = field->of;
	}
	*end = resource;
	return true;
}

static bool check_member(const struct checker *checker, struct text tag,
                         const struct resource **resource, struct error *error)
{
	struct text format = tag, name;

	text_split(&format, '|', &name);
	if (format.data && !format_exists(format))
		return error_set(error, "no format is called \"%.*s\"", (int)format.length,
		                 format.data);
	for (size_t i = checker->depth; i-- > 0;) {
		*resource = checker->resource[i];
		if (*resource == &any || (*resource && text_is(name, ".")))
			return true;
		if (*resource && follow(*resource, name, resource))
			return true;
	}
	return error_set(error, "no slot is called \"%.*s\"", (int)name.length, name.data);
}

/* --- Tags. --- */

static struct text without_format(struct text tag)
{
	struct text name;

	text_split(&tag, '|', &name);
	return name;
}

static bool check_tag(struct checker *checker, struct text tag, struct error *error)
{
	char kind = strchr("#^/", tag.data[0]) ? tag.data[0] : '\0';
	struct text name = kind ? text_from(tag, 1) : tag;
	const struct markup_slot *slot = find_slot(checker->markup, without_format(name));
	const struct resource *resource = NULL;

	if (kind == '/') {
		if (checker->depth == 0 || !text_equal(checker->open[checker->depth - 1], name))
			return error_set(error, "{{/%.*s}} closes nothing", (int)name.length,
			                 name.data);
		checker->depth--;
		return true;
	}
	if (!slot && !check_member(checker, name, &resource, error))
		return false;
	if (slot && (!may_be(slot, kind) || (kind && checker->depth == DEPTH_MAX)))
		return error_set(error, "\"%s\" is not of that kind", slot->name);
	if (!kind)
		return true;
	if (slot && slot->json > 0)
		resource = root_of(checker, name);
	checker->resource[checker->depth] = text_has(name, '|') ? NULL : resource;
	checker->open[checker->depth++] = name;
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

bool markup_check(const struct markup *markup, const struct markup_root *roots, struct error *error)
{
	struct checker checker = {.markup = markup, .roots = roots};
	const char *template = markup->template;
	struct text tag;

	for (size_t i = 0; i < markup->slot_count; i++)
		if (!is_used(markup, markup->slots[i].name))
			return error_set(error, "\"%s\" is not used", markup->slots[i].name);
	while (next_tag(&template, &tag))
		if (!check_tag(&checker, tag, error))
			return false;
	if (checker.depth > 0)
		return error_set(error, "{{#%.*s}} is not closed",
		                 (int)checker.open[checker.depth - 1].length,
		                 checker.open[checker.depth - 1].data);
	return true;
}
