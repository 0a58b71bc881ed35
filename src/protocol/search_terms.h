/* Terms of a search. */
#ifndef SEARCH_TERMS_H
#define SEARCH_TERMS_H

#include "base/arena.h"
#include "base/text.h"

/* Splits a search at white space and commas; returns the terms, none of them empty, as the arena's array or the text's
   parts, and their count. `own`: by this project's rules, where the original has no search: double quotes keep a
   phrase, wherever a term begins. Else by those of the original's framework: quotes of either kind keep a phrase
   where they begin and end a part between white space, and a backslash escapes in them. */
const struct text *search_terms(struct arena *arena, struct text search, bool own, size_t *count);

#endif
