/* Documents' texts as one host and format have them, cached to be sent as pieces of many pages. */
#ifndef DOCUMENT_TEXT_H
#define DOCUMENT_TEXT_H

#include "query/content.h"
#include "query/pieces.h"
#include "serializer/template.h"

/* Appends the texts of the content's documents, with commas between them. Returns for how many microseconds
   they all stay true while the data does not change; INT64_MAX: that long. */
int64_t document_texts_add(struct content_source *source, const struct decision *decision,
                           const struct content *content, const struct rendering *rendering,
                           struct pieces *pieces);

#endif
