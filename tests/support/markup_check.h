/* Whether a template and its slots fit each other. */
#ifndef SUPPORT_MARKUP_CHECK_H
#define SUPPORT_MARKUP_CHECK_H

#include "base/error.h"
#include "browsable/markup.h"
#include "resources/all.h"

/* What the documents of a slot over JSON are of; resource NULL: of none, so that any member may be. A list of
   these ends with slot NULL. */
struct markup_root {
	const char *slot;
	const struct resource *resource;
};

/* Whether every tag has a slot of its kind, or a field of the documents that the sections around it are over,
   every slot is used, and sections are closed, innermost first. `roots` may be NULL. */
bool markup_check(const struct markup *markup, const struct markup_root *roots,
                  struct error *error);

#endif
