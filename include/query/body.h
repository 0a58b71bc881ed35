/* The body of an answer with status 200: a document, or a page of a list, put together from rendered
   documents. */
#ifndef QUERY_BODY_H
#define QUERY_BODY_H

#include "base/strbuf.h"
#include "query/content.h"
#include "query/pieces.h"

/* Appends the body, compact JSON, to *body. Of large pages, where `pieces` is not NULL, only the beginning:
   *pieces are then new and hold what follows; else *pieces is NULL. Returns for how many microseconds the body
   stays true while the data does not change; INT64_MAX: that long. */
int64_t body_write(struct content_source *source, const struct decision *decision,
                   const struct content *content, struct strbuf *body, struct pieces **pieces);

#endif
