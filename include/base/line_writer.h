/* Lines on their way to a descriptor whose reader may be slow or gone: a thread of its own writes them, so that
   adding one never waits for it. What finds no room is dropped and counted, and the count is written where those
   lines would have been. */
#ifndef BASE_LINE_WRITER_H
#define BASE_LINE_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct line_writer;
struct strbuf;

struct line_writer_settings {
	int fd;          /* borrowed */
	size_t capacity; /* bytes that wait, at most; as many again may be under way */
	/* Milliseconds that lines may wait for others to be written with them; 0: none do. Where there are many, it
	   spares most of what writing costs. */
	int64_t gather;
	/* Adds the line that says how many were dropped; called by the thread. */
	void (*write_dropped)(struct strbuf *out, uint64_t count);
};

/* New; all memory is taken now. NULL with the error set: there is no thread. */
struct line_writer *line_writer_start(const struct line_writer_settings *settings,
                                      struct error *error) MUST_CHECK;

/* A line with its newline. Any thread; also after line_writer_stop, when it is dropped. False: dropped. */
bool line_writer_add(struct line_writer *writer, const char *line, size_t length);

/* Waits until all is written, but no longer than so many seconds; then the thread ends, even where it hangs in a
   write. One thread, once. */
void line_writer_stop(struct line_writer *writer, int seconds);

/* After line_writer_stop, when nobody adds any more. */
void line_writer_free(struct line_writer *writer);

#endif
