/* Two buffers: lines are added to one under the lock while the thread writes the other without it. */
#include "base/line_writer.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/strbuf.h"

enum { NOTICE_ROOM = 256 }; /* for the line that says how many were dropped */

struct line_writer {
	struct line_writer_settings settings;
	pthread_t thread;
	struct strbuf writing; /* the thread's */
	pthread_mutex_t lock;  /* guards what follows */
	pthread_cond_t changed;
	struct strbuf waiting;
	uint64_t dropped; /* behind the last line that waits */
	bool idle;        /* the thread waits for a line, and is to be woken */
	bool stopping, stopped;
};

/* --- The thread. --- */

/* The bytes of as many whole lines as a pipe takes in one piece, so that others who write to it do not come
   between; at least one line. */
static size_t piece_length(const char *data, size_t length)
{
	const char *end;

	if (length <= PIPE_BUF)
		return length;
	end = memrchr(data, '\n', PIPE_BUF);
	if (end == NULL)
		end = memchr(data, '\n', length);
	return end ? (size_t)(end - data) + 1 : length;
}

/* The only place where the thread can hang, and be cancelled. */
static ssize_t write_some(int fd, const char *data, size_t length)
{
	struct pollfd watched = {.fd = fd, .events = POLLOUT};
	ssize_t written;
	int unused;

	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &unused);
	written = write(fd, data, length);
	if (written < 0 && errno == EAGAIN && poll(&watched, 1, -1) >= 0)
		written = 0;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &unused);
	return written;
}

/* What cannot be written, since its reader has gone, is lost without a count: there is nobody to read it. */
static void write_all(int fd, const char *data, size_t length)
{
	while (length > 0) {
		ssize_t written = write_some(fd, data, piece_length(data, length));

		if (written < 0 && errno != EINTR)
			return;
		if (written > 0) {
			data += written;
			length -= (size_t)written;
		}
	}
}

/* With the lock: waits for more lines, unless half the room is taken already. */
static void gather(struct line_writer *writer)
{
	int64_t end = clock_monotonic() + writer->settings.gather * 1000;
	struct timespec until = {end / 1000000, end % 1000000 * 1000};
	int timed_out = 0;

	while (writer->settings.gather > 0 && timed_out == 0 && !writer->stopping &&
	       writer->waiting.length < writer->settings.capacity / 2)
		timed_out = pthread_cond_clockwait(&writer->changed, &writer->lock, CLOCK_MONOTONIC,
		                                   &until);
}

/* Takes what waits; false: there will be no more. */
static bool take_waiting(struct line_writer *writer)
{
	struct strbuf empty = writer->writing;
	bool any;

	strbuf_reset(&empty);
	pthread_mutex_lock(&writer->lock);
	writer->idle = true;
	while (writer->waiting.length == 0 && writer->dropped == 0 && !writer->stopping)
		pthread_cond_wait(&writer->changed, &writer->lock);
	writer->idle = false;
	gather(writer);
	writer->writing = writer->waiting;
	writer->waiting = empty;
	if (writer->dropped > 0)
		writer->settings.write_dropped(&writer->writing, writer->dropped);
	writer->dropped = 0;
	any = writer->writing.length > 0;
	pthread_mutex_unlock(&writer->lock);
	return any;
}

static void *run(void *context)
{
	struct line_writer *writer = context;
	int unused;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &unused);
	while (take_waiting(writer))
		write_all(writer->settings.fd, writer->writing.data, writer->writing.length);
	pthread_mutex_lock(&writer->lock);
	writer->stopped = true;
	pthread_cond_broadcast(&writer->changed);
	pthread_mutex_unlock(&writer->lock);
	return NULL;
}

/* --- Others. --- */

struct line_writer *line_writer_start(const struct line_writer_settings *settings,
                                      struct error *error)
{
	struct line_writer *writer = must(calloc(1, sizeof(*writer)));
	int failed;

	writer->settings = *settings;
	pthread_mutex_init(&writer->lock, NULL);
	pthread_cond_init(&writer->changed, NULL);
	(void)strbuf_reserve(&writer->waiting, settings->capacity + NOTICE_ROOM);
	(void)strbuf_reserve(&writer->writing, settings->capacity + NOTICE_ROOM);
	failed = pthread_create(&writer->thread, NULL, run, writer);
	if (failed == 0)
		return writer;
	error_set(error, "cannot start the thread that writes lines: %s", strerror(failed));
	line_writer_free(writer);
	return NULL;
}

bool line_writer_add(struct line_writer *writer, const char *line, size_t length)
{
	bool room;

	pthread_mutex_lock(&writer->lock);
	/* Once some were dropped, their count has to come first. */
	room = writer->dropped == 0 && !writer->stopping &&
	       writer->waiting.length + length <= writer->settings.capacity;
	if (room)
		strbuf_add(&writer->waiting, line, length);
	else
		writer->dropped++;
	/* For nothing else it is worth a call of the system's. */
	if (writer->idle || writer->waiting.length >= writer->settings.capacity / 2)
		pthread_cond_broadcast(&writer->changed);
	writer->idle = false;
	pthread_mutex_unlock(&writer->lock);
	return room;
}

void line_writer_stop(struct line_writer *writer, int seconds)
{
	struct timespec until = clock_bound(seconds);
	int timed_out = 0;
	bool hangs;

	pthread_mutex_lock(&writer->lock);
	writer->stopping = true;
	pthread_cond_broadcast(&writer->changed);
	while (!writer->stopped && timed_out == 0)
		timed_out = pthread_cond_timedwait(&writer->changed, &writer->lock, &until);
	hangs = !writer->stopped;
	pthread_mutex_unlock(&writer->lock);
	if (hangs)
		pthread_cancel(writer->thread);
	pthread_join(writer->thread, NULL);
}

void line_writer_free(struct line_writer *writer)
{
	strbuf_fini(&writer->waiting);
	strbuf_fini(&writer->writing);
	pthread_mutex_destroy(&writer->lock);
	pthread_cond_destroy(&writer->changed);
	free(writer);
}
