/* Texts of a JSON text, for the other half of the reader. */
#ifndef READER_TEXT_H
#define READER_TEXT_H

#include "sync/reader.h"

/* Passes a text in quotes and checks it: UTF-8, no control characters, escapes well formed. */
bool text_scan(struct reader *reader, bool *escapes) MUST_CHECK;

#endif
