/* paced PORT RATE SECONDS METHOD TARGETS HEADER: so many requests a second, whether or not those before are answered,
   over connections of their own, as far as 64 of them suffice. TARGETS: a file, of which each line is requested in
   turn. In lines and HEADER `#` stands for the request's number. Prints of each how many microseconds after it was due
   it was answered, and whether with 200: 1 or 0. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

enum { THREADS = 64, LINES_MOST = 10000 };

static struct {
	int port;
	int64_t interval, begin; /* microseconds */
	size_t count;            /* of requests */
	const char *method, *header;
	char *lines[LINES_MOST];
	size_t line_count;
	_Atomic size_t next;
	struct result {
		int64_t duration; /* microseconds */
		bool good;
	} * results;
} work;

static void die(const char *what)
{
	fprintf(stderr, "paced: %s\n", what);
	exit(1);
}

static int connect_to(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	                              .sin_port = htons((uint16_t)port),
	                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		die("no server there");
	return fd;
}

static void write_numbered(char *out, size_t size, const char *text, size_t number)
{
	const char *place = strchr(text, '#');

	if (place == NULL)
		snprintf(out, size, "%s", text);
	else
		snprintf(out, size, "%.*s%zu%s", (int)(place - text), text, number, place + 1);
}

/* Reads an answer; whether it was one of 200. *open: whether the connection goes on. */
static bool receive(int fd, bool bodiless, bool *open)
{
	static _Thread_local char bytes[1 << 18];
	size_t length = 0, body;
	const char *end = NULL, *stated;
	ssize_t got;

	*open = false;
	while (end == NULL && length < 16384) {
		got = recv(fd, bytes + length, 16384 - length, 0);
		if (got <= 0)
			return false;
		length += (size_t)got;
		bytes[length] = '\0';
		end = strstr(bytes, "\r\n\r\n");
	}
	if (end == NULL)
		return false;
	stated = strcasestr(bytes, "\r\nContent-Length:");
	*open = strcasestr(bytes, "\r\nConnection: close") == NULL;
	body = bodiless || stated == NULL ? 0 : strtoul(stated + 17, NULL, 10);
	length -= (size_t)(end + 4 - bytes);
	bool good = strncmp(bytes, "HTTP/1.1 200", 12) == 0;
	while (length < body) {
		got = recv(fd, bytes, sizeof(bytes), 0);
		if (got <= 0)
			return *open = false;
		length += (size_t)got;
	}
	return good;
}

static bool request(int *fd, size_t number)
{
	char target[1024], header[512], text[2048];
	bool open = true, good;
	int length;

	write_numbered(target, sizeof(target), work.lines[number % work.line_count], number);
	write_numbered(header, sizeof(header), work.header, number);
	length = snprintf(text, sizeof(text), "%s %s HTTP/1.1\r\n%s\r\n\r\n", work.method, target,
	                  header);
	if (*fd < 0)
		*fd = connect_to(work.port);
	if (send(*fd, text, (size_t)length, MSG_NOSIGNAL) != length)
		die("cannot send");
	good = receive(*fd, strcmp(work.method, "HEAD") == 0, &open);
	if (!open) {
		close(*fd);
		*fd = -1;
	}
	return good;
}

static void *run(void *unused)
{
	int fd = -1;
	size_t number;

	(void)unused;
	while ((number = atomic_fetch_add(&work.next, 1)) < work.count) {
		int64_t due = work.begin + (int64_t)number * work.interval, left;

		while ((left = due - clock_monotonic()) > 0)
			nanosleep(&(struct timespec){left / 1000000, left % 1000000 * 1000}, NULL);
		bool good = request(&fd, number);
		work.results[number] = (struct result){clock_monotonic() - due, good};
	}
	return NULL;
}

static void read_lines(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t room = 0;
	ssize_t length;

	if (file == NULL)
		die(path);
	while (work.line_count < LINES_MOST &&
	       (length = getline(&work.lines[work.line_count], &room, file)) > 0) {
		work.lines[work.line_count++][length - 1] = '\0';
		room = 0;
	}
	fclose(file);
	if (work.line_count == 0)
		die("no targets");
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	double rate = argc == 7 ? atof(argv[2]) : 0;

	if (rate <= 0) {
		fprintf(stderr, "usage: paced PORT RATE SECONDS METHOD TARGETS HEADER\n");
		return 2;
	}
	work.port = atoi(argv[1]);
	work.interval = (int64_t)(1e6 / rate);
	work.count = (size_t)(rate * atof(argv[3]));
	work.method = argv[4];
	read_lines(argv[5]);
	work.header = argv[6];
	work.results = calloc(work.count + 1, sizeof(*work.results));
	work.begin = clock_monotonic();
	for (int i = 0; i < THREADS; i++)
		if (work.results == NULL || pthread_create(&threads[i], NULL, run, NULL) != 0)
			die("out of memory");
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (size_t i = 0; i < work.count; i++)
		printf("%lld %d\n", (long long)work.results[i].duration, work.results[i].good);
	free(work.results);
	return 0;
}
