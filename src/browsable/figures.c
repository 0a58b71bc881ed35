/* Picks pictures from the JSON of an answer. */
#include "figures.h"

#include <strings.h>

#include "facts.h"

#define DEPTH_MOST 32

struct figures {
	struct figure *figures;
	size_t count;
};

bool figure_is_url(struct text value)
{
	return scan_is_string(value) &&
	       ((value.length > 9 && strncasecmp(value.data, "\"http://", 8) == 0) ||
	        (value.length > 10 && strncasecmp(value.data, "\"https://", 9) == 0));
}

static struct text at_path(struct text row, const char *path)
{
	return path ? json_at_path(row, path) : (struct text){NULL, 0};
}

size_t figures_of_list(const struct card *card, struct text json,
                       struct figure figures[FIGURES_MOST])
{
	struct scan results = scan_begin(scan_get(json, "results"));
	struct text row;
	size_t count = 0;

	while (count < FIGURES_MOST && scan_item(&results, &row)) {
		struct text image = at_path(row, card->image);

		figures[count++] = (struct figure){
			.caption = at_path(row, card->caption),
			.note = at_path(row, card->note),
			.moment = at_path(row, card->moment),
			.link = scan_get(row, "url"),
			.thumbnail = scan_get(image, "thumbnail_url"),
			.description = scan_get(image, "name"),
		};
	}
	return count;
}

static bool is_known(const struct figures *figures, struct text thumbnail)
{
	for (size_t i = 0; i < figures->count; i++) {
		struct text known = figures->figures[i].thumbnail;

		if (known.length == thumbnail.length &&
		    memcmp(known.data, thumbnail.data, known.length) == 0)
			return true;
	}
	return false;
}

static void add_picture(struct figures *figures, struct text owner, struct text image)
{
	struct text thumbnail = scan_get(image, "thumbnail_url");
	struct text name = scan_get(owner, "name");

	if (figures->count == FIGURES_MOST || !figure_is_url(thumbnail) ||
	    is_known(figures, thumbnail))
		return;
	figures->figures[figures->count++] = (struct figure){
		.caption = scan_is_string(name) ? name : scan_get(image, "name"),
		.note = scan_get(image, "credit"),
		.link = scan_get(image, "image_url"),
		.thumbnail = thumbnail,
		.description = scan_get(image, "name"),
	};
}

/* Marks of agencies and of social media would be more than half of all pictures, and say little. */
static bool is_mark(struct text key)
{
	return text_is(key, "logo") || text_is(key, "social_logo") ||
	       text_is(key, "social_media_links");
}

static void collect(struct figures *figures, struct text value, int depth)
{
	struct scan scan = scan_begin(value);
	struct text key, member;

	if (depth == DEPTH_MOST)
		return;
	if (!scan_is_object(value)) {
		while (scan_item(&scan, &member))
			collect(figures, member, depth + 1);
		return;
	}
	while (scan_member(&scan, &key, &member)) {
		if (text_is(key, "image"))
			add_picture(figures, value, member);
		else if (!is_mark(key))
			collect(figures, member, depth + 1);
	}
}

size_t figures_of_row(struct text json, struct figure figures[FIGURES_MOST])
{
	struct figures found = {figures, 0};

	collect(&found, json, 0);
	return found.count;
}
