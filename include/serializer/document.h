/* Renders rows of a loaded graph as JSON documents, by walking the tables of fields. What several documents of
   a page contain, such as an agency, is rendered once and copied. One thread at a time. */
#ifndef SERIALIZER_DOCUMENT_H
#define SERIALIZER_DOCUMENT_H

#include "repository/graph.h"
#include "serializer/template.h"

struct document_maker;

/* A maker of documents of that graph, which must outlive it. It takes the `user` members of the rows. */
struct document_maker *document_maker_new(const struct graph *graph)
	__attribute__((returns_nonnull));
void document_maker_free(struct document_maker *maker); /* NULL is fine */

/* Leaves lists out of documents: those without items for which `omits` is true. To be called before anything is
   announced. */
void document_omit_lists(struct document_maker *maker,
                         bool (*omits)(void *context, const struct row *row,
                                       const struct field *field),
                         void *context);

/* Announces that the row, whose view was loaded, will be rendered in it. To be called for all documents before
   the first is rendered, so that it is known what they have in common. */
void document_announce(struct document_maker *maker, struct row *row, enum view_id view);

/* The document of a row, with holes; new. `null` for a row that is missing. */
struct text_template *document_render(struct document_maker *maker, struct row *row,
                                      enum view_id view) __attribute__((returns_nonnull));

#endif
