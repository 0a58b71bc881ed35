/* Lines on stderr, one an event, whole lines even when threads write at once: text for people
   (time, level, message) or JSON objects for machines (log.format). */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

/* Any thread. Until then info and above are written as text. */
void log_configure(enum log_level least, bool json);

/* From now on a thread writes the lines: whoever logs does not wait for who reads them. Lines that find no room
   are dropped and counted, and a line says how many. Once, before other threads start. */
bool log_start(struct error *error) MUST_CHECK;

/* Gives the last lines a second to be written, and ends that thread; later lines are dropped. Once, at the end of
   the process; nothing before log_start. */
void log_stop(void);

/* Control characters in the message are escaped, so that nobody can forge a line. */
void log_write(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Writes a short error without taking memory, past the thread of log_start, and without waiting for who reads it: for
   the end of a process that cannot go on. */
void log_last(const char *message);

#define log_debug(...) log_write(LOG_DEBUG, __VA_ARGS__)
#define log_info(...) log_write(LOG_INFO, __VA_ARGS__)
#define log_warning(...) log_write(LOG_WARNING, __VA_ARGS__)
#define log_error(...) log_write(LOG_ERROR, __VA_ARGS__)

#endif
