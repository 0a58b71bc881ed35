/* Describes views and fields. Where a row of the tables has no description, the field's name gives one. */
#include "openapi_text.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "json_new.h"
#include "resources/all.h"

/* --- Nouns. --- */

/* Of resources whose name does not read as one. */
static const char *const nouns[RESOURCE_COUNT] = {
	[INDEX_info_url] = "page",
	[INDEX_info_url_type] = "kind of page",
	[INDEX_vid_url] = "video",
	[INDEX_vid_url_type] = "kind of video",
	[INDEX_astronaut_flight] = "crew member",
	[INDEX_astronaut_role] = "role",
	[INDEX_social_media] = "social network",
	[INDEX_social_media_link] = "account",
	[INDEX_net_precision] = "precision",
};

/* A name of the tables as words: "launch status". */
static void write_words(struct strbuf *out, const char *name)
{
	for (; *name != '\0'; name++)
		strbuf_char(out, *name == '_' ? ' ' : *name);
}

static void write_noun(struct strbuf *out, const struct resource *resource)
{
	const char *noun = nouns[resource->index];

	write_words(out, noun != NULL ? noun : resource->name);
}

/* Writes a text with the resource's noun in place of each `*`. */
static void write_about(struct strbuf *out, const char *text, const struct resource *resource)
{
	for (; *text != '\0'; text++) {
		if (*text == '*')
			write_noun(out, resource);
		else
			strbuf_char(out, *text);
	}
}

/* --- Fields. --- */

/* Names that mean the same in every resource and do not say it themselves. */
static const struct {
	const char *name, *text;
} meanings[] = {
	{"response_mode", "The level of detail of this object."},
	{"id", "Identifies the *."},
	{"abbrev", "Short name of the *."},
	{"description", "Text about the *."},
	{"type", "What type of * it is."},
	{"status", "What state the * is in."},
	{"featured", "Whether the * is featured."},
	{"active", "Whether the * is active."},
	{"in_use", "Whether the * is in use."},
	{"in_space", "Whether the * is in space now."},
	{"time_in_space", "Time that the * has spent in space."},
	{"latitude", "Latitude of the *, in degrees."},
	{"longitude", "Longitude of the *, in degrees."},
	{"image_url", "Where the picture is."},
	{"thumbnail_url", "Where a smaller picture is."},
	{"feature_image", "Where a picture for the * is."},
	{"map_image", "Where a picture of a map of the * is."},
	{"map_url", "Where a map of the * is."},
	{"info_url", "Where a page about the * is."},
	{"info_link", "Where a page about the * is."},
	{"wiki_url", "Where a wiki has an article about the *."},
	{"wiki_link", "Where a wiki has an article about the *."},
	{"wiki", "Where a wiki has an article about the *."},
	{"spacecraft_flown", "How many spacecraft of the * have flown."},
	{"fastest_turnaround", "Shortest time between two flights."},
};

/* What follows: the notation of a kind. */
static const char *const notations[FIELD_KINDS] = {
	[DURATION] = "An ISO 8601 duration.",
	[CLOCK_DURATION] = "Days and a clock, such as `1 00:00:00`.",
	[LIVE_DURATION] =
		"An ISO 8601 duration that goes on growing, up to the moment of the answer.",
	[ELAPSED] = ("An ISO 8601 duration from the launch to the end of the mission or, before "
                     "that, to the moment of the answer; null before the launch."),
};

bool field_is_url(const struct field *field)
{
	struct text name = text_of(field->name);

	return field->kind == TEXT &&
	       (text_ends_with(name, "url") || text_ends_with(name, "link") ||
	        text_ends_with(name, "_image"));
}

bool field_may_be_empty(const struct field *field)
{
	return field_is_url(field) &&
	       (field->nullable || text_ends_with(text_of(field->name), "_link"));
}

static const char *meaning_of(const struct field *field)
{
	if (field->description != NULL)
		return field->description;
	if (field->kind == URL)
		return "Where this object itself is served.";
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (strcmp(meanings[i].name, field->name) == 0)
			return meanings[i].text;
	return NULL;
}

/* `Serial number of the spacecraft.` */
static void write_from_name(struct strbuf *out, const struct resource *resource,
                            const struct field *field)
{
	strbuf_char(out, (char)toupper((unsigned char)field->name[0]));
	write_words(out, field->name + 1);
	write_about(out, " of the *.", resource);
}

json_t *field_description(const struct resource *resource, const struct field *field)
{
	const char *meaning = meaning_of(field);
	struct strbuf text = STRBUF_INIT;

	if (meaning != NULL)
		write_about(&text, meaning, resource);
	else
		write_from_name(&text, resource, field);
	if (notations[field->kind] != NULL)
		strbuf_printf(&text, " %s", notations[field->kind]);
	if (field_may_be_empty(field))
		strbuf_printf(&text, " Empty%s where it is not known.",
		              field->nullable ? " or null" : "");
	return json_text(&text);
}

/* --- Views. --- */

static const char *const base_names[] = {[MINI] = "smallest",
                                         [LIST] = "short",
                                         [NORMAL] = "normal",
                                         [DETAILED] = "detailed",
                                         [FULL] = "full"};

static size_t view_count(const struct resource *resource)
{
	size_t count = 0;

	for (size_t i = 0; i < VIEWS_MAX; i++)
		count += resource->views[i].schema != NULL;
	return count;
}

static void write_changes(struct strbuf *out, const struct view *view)
{
	for (size_t i = 0; i < VIEW_CHANGES_MAX && view->with[i].field != NULL; i++)
		strbuf_printf(out, "%s `%s`", i == 0 ? ", with" : ",", view->with[i].field);
	for (size_t i = 0; i < VIEW_CHANGES_MAX && view->without[i] != NULL; i++)
		strbuf_printf(out, "%s `%s`", i == 0 ? ", without" : ",", view->without[i]);
}

json_t *view_description(const struct resource *resource, enum view_id view)
{
	const struct view *shown = resource_view(resource, view);
	struct strbuf text = STRBUF_INIT;

	write_noun(&text, resource);
	if (view_count(resource) > 1)
		strbuf_printf(&text, ", the %s view",
		              base_names[view < OTHER_VIEWS ? view : shown->base]);
	write_changes(&text, shown);
	strbuf_char(&text, '.');
	text.data[0] = (char)toupper((unsigned char)text.data[0]);
	return json_text(&text);
}
