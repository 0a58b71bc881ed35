/* Collects the pictures in a document. */
#include "json_scan.h"
#include "page_internal.h"

#define DEPTH_MAX 32

static bool has_thumbnail(const struct picture_list *list, struct text thumbnail)
{
	for (size_t i = 0; i < list->count; i++)
		if (text_equal(list->picture[i].thumbnail, thumbnail))
			return true;
	return false;
}

/* Adds an image under the name of its owner, once. */
static void add_picture(struct arena *arena, struct picture_list *list, struct text owner,
                        struct text image)
{
	struct text thumbnail =
		format_value(arena, text_of("web"), scan_at(image, "thumbnail_url"), NULL);
	struct text owner_name = scan_at(owner, "name");
	struct text name = scan_string(arena, scan_at(image, "name"));
	struct text caption = scan_is_string(owner_name) ? scan_string(arena, owner_name) : name;

	if (list->count == PICTURES_MAX || thumbnail.length == 0 || has_thumbnail(list, thumbnail))
		return;
	list->picture[list->count++] = (struct picture){
		.caption = caption.length > 0 ? caption : text_of("Unnamed"),
		.note = scan_string(arena, scan_at(image, "credit")),
		.link = format_value(arena, text_of("web"), scan_at(image, "image_url"), NULL),
		.thumbnail = thumbnail,
		.alt = name,
	};
}

/* The images of an object or array and of all that is in it; not its logos, which would be more than half of
   the pictures. */
static void collect(struct arena *arena, struct picture_list *list, struct text value, int depth)
{
	struct text rest = scan_begin(value);
	struct text key, member;

	if (depth == DEPTH_MAX)
		return;
	if (!scan_is_object(value)) {
		while (scan_item(&rest, &member))
			collect(arena, list, member, depth + 1);
		return;
	}
	while (scan_member(&rest, &key, &member)) {
		if (text_is(key, "image"))
			add_picture(arena, list, value, member);
		else
			collect(arena, list, member, depth + 1);
	}
}

struct picture_list *pictures_of(struct arena *arena, struct text document)
{
	struct picture_list *list = arena_alloc(arena, sizeof(*list));

	collect(arena, list, document, 0);
	return list;
}
