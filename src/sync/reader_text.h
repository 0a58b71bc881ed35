/* Texts within a JSON text, for the reader. */
#ifndef READER_TEXT_H
#define READER_TEXT_H

#include "sync/reader.h"

/* Passes a text in quotes and checks it: UTF-8, no control characters, escapes well formed. */
bool text_scan(struct reader *reader, bool *escapes) MUST_CHECK;

/* Undoes the escapes of a text that was scanned; what comes out is the arena's and never longer. */
bool text_decode(struct reader *reader, struct slice raw, struct slice *text) MUST_CHECK;

#endif
