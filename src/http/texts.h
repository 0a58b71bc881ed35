/* The documents' texts as one host and format have them, kept to be sent as parts of many pages. */
#ifndef TEXTS_H
#define TEXTS_H

#include "material.h"
#include "parts.h"
#include "serializer/template.h"

/* Appends the documents' texts, in that view, with commas between them. Returns for how many microseconds
   they all stay true while the data does not change; INT64_MAX: that long. */
int64_t texts_add(struct service *service, const struct material *material, enum level level,
                  const struct rendering *rendering, struct parts *parts);

#endif
