/* Whether a template and its slots fit each other. */
#ifndef SUPPORT_MARKUP_CHECK_H
#define SUPPORT_MARKUP_CHECK_H

#include "base/error.h"
#include "browsable/markup.h"

/* Whether every tag has a slot of its kind, every slot is used, and sections are closed, innermost first. */
bool markup_check(const struct markup *markup, struct error *error) MUST_CHECK;

#endif
