/* hot PORT THREADS TARGETS: requests the targets of a file, one a line, at random and without a pause, until SIGTERM,
   half of them with gzip, and holds each answer against the first one of its target, byte for byte. `soak-` and six
   digits in an answer is a number that imports count up: it must not fall behind one that was seen before, except in
   an answer that says that it is stale. Prints a line for each second: when it was, answers, stale ones among them, the
   highest number so far, and the slowest in microseconds; at the end `total` with answers, microseconds at the median
   and at 99 %, and wrong ones, which standard error describes. */
#include <arpa/inet.h>
#include <libdeflate.h>
#include <pthread.h>
#include <signal.h>
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

#define NUMBER "soak-"

enum {
	TARGETS_MOST = 1000,
	THREADS_MOST = 16,
	HEAD_MOST = 16384,
	BODY_MOST = 4 << 20,
	DIGITS = 6,
	DESCRIBED_MOST = 30,
	BODY_SHOWN = 100,
	/* Of durations, in steps of an eighth of a power of two. */
	BUCKETS = 8 * 40,
	ANSWER_SECONDS = 20,
};

struct target {
	char *path;
	char *body; /* of the first answer, its numbers zeroed */
	size_t length;
};

struct reply {
	char head[HEAD_MOST];
	char *body; /* as received */
	size_t length;
	bool open; /* the connection goes on */
};

struct client {
	pthread_t thread;
	unsigned seed;
	int fd; /* or -1 */
	struct reply reply;
	char *plain; /* BODY_MOST */
	struct libdeflate_decompressor *decompressor;
};

static struct target targets[TARGETS_MOST];
static size_t target_count;
static int port;
static atomic_bool ending;
static _Atomic long newest = -1, answered, stale, wrong, buckets[BUCKETS];
static _Atomic int64_t slowest;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "hot: %s\n", what);
	exit(1);
}

static void *take(size_t size)
{
	void *block = calloc(1, size);

	if (block == NULL)
		die("out of memory");
	return block;
}

static void describe(const struct target *target, bool gzip, const char *what,
                     const struct reply *reply)
{
	size_t shown = reply->length < BODY_SHOWN ? reply->length : BODY_SHOWN;
	if (atomic_fetch_add(&wrong, 1) < DESCRIBED_MOST)
		fprintf(stderr, "hot: %.3f %s%s: %s; %.*s %.*s\n", (double)clock_now() / 1e6,
		        target->path, gzip ? " with gzip" : "", what,
		        (int)strcspn(reply->head, "\r"), reply->head, (int)shown, reply->body);
}

/* --- One request. --- */

static bool connect_to(struct client *client)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	                              .sin_port = htons((uint16_t)port),
	                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in from = address;
	const struct timeval bound = {.tv_sec = ANSWER_SECONDS};

	/* Not a client that floods. */
	from.sin_port = 0;
	from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 0x800);
	client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client->fd < 0)
		die("no sockets");
	(void)setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof(bound));
	if (bind(client->fd, (struct sockaddr *)&from, sizeof(from)) != 0)
		return false;
	return connect(client->fd, (struct sockaddr *)&address, sizeof(address)) == 0;
}

static bool receive_body(int fd, struct reply *reply, size_t have)
{
	while (have < reply->length) {
		ssize_t got = recv(fd, reply->body + have, reply->length - have, 0);

		if (got <= 0)
			return false;
		have += (size_t)got;
	}
	return true;
}

/* False: there was none, or not all of it. */
static bool receive(int fd, struct reply *reply)
{
	size_t have = 0;
	const char *end = NULL, *length;

	reply->head[0] = '\0';
	while (end == NULL && have < HEAD_MOST - 1) {
		ssize_t got = recv(fd, reply->head + have, HEAD_MOST - 1 - have, 0);

		if (got <= 0)
			return false;
		have += (size_t)got;
		reply->head[have] = '\0';
		end = strstr(reply->head, "\r\n\r\n");
	}
	if (end == NULL)
		return false;
	length = strcasestr(reply->head, "\r\nContent-Length:");
	reply->length = length && length < end ? strtoul(length + 17, NULL, 10) : BODY_MOST + 1;
	have -= (size_t)(end + 4 - reply->head);
	if (reply->length > BODY_MOST || have > reply->length)
		return false;
	memcpy(reply->body, end + 4, have);
	reply->head[end + 2 - reply->head] = '\0';
	reply->open = strcasestr(reply->head, "\r\nConnection: close") == NULL;
	return receive_body(fd, reply, have);
}

/* NULL, or what went wrong. */
static const char *request(struct client *client, const struct target *target, bool gzip)
{
	char text[1200];
	int length = snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\nHost: soak\r\n%s\r\n",
	                      target->path, gzip ? "Accept-Encoding: gzip\r\n" : "");

	client->reply.head[0] = '\0';
	if (client->fd < 0 && !connect_to(client))
		return "not connected";
	if (send(client->fd, text, (size_t)length, MSG_NOSIGNAL) != length)
		return "not sent";
	if (!receive(client->fd, &client->reply))
		return "not answered in full";
	return NULL;
}

static void hang_up(struct client *client)
{
	if (client->fd >= 0)
		close(client->fd);
	client->fd = -1;
}

/* --- Whether it is right. --- */

/* Zeroes the numbers; the highest of them, or -1. */
static long zero_numbers(char *text, size_t length)
{
	const size_t begin = strlen(NUMBER);
	char *at = text, *end = text + length;
	long highest = -1;

	while ((at = memmem(at, (size_t)(end - at), NUMBER, begin)) != NULL) {
		char digits[DIGITS + 1] = "";

		at += begin;
		if (end - at < DIGITS)
			break;
		memcpy(digits, at, DIGITS);
		memset(at, '0', DIGITS);
		if (atol(digits) > highest)
			highest = atol(digits);
	}
	return highest;
}

static bool unpack(struct client *client, bool gzip, size_t *length)
{
	const struct reply *reply = &client->reply;

	if (gzip != (strcasestr(reply->head, "\r\nContent-Encoding: gzip") != NULL))
		return false;
	if (gzip)
		return libdeflate_gzip_decompress(client->decompressor, reply->body, reply->length,
		                                  client->plain, BODY_MOST,
		                                  length) == LIBDEFLATE_SUCCESS;
	memcpy(client->plain, reply->body, reply->length);
	*length = reply->length;
	return true;
}

/* NULL, or what is wrong. `floor`: what had been seen before it was requested. */
static const char *check(struct client *client, const struct target *target, bool gzip, long floor)
{
	const char *head = client->reply.head;
	size_t length;
	long number;

	if (strncmp(head, "HTTP/1.1 200 ", 13) != 0)
		return "another status";
	if (!unpack(client, gzip, &length))
		return "not encoded as requested";
	number = zero_numbers(client->plain, length);
	if (length != target->length || memcmp(client->plain, target->body, length) != 0)
		return "other bytes";
	if (strstr(head, "detail=stale-if-error") != NULL) {
		atomic_fetch_add(&stale, 1);
		return strcasestr(head, "\r\nAge: ") ? NULL : "stale, without Age";
	}
	if (number >= 0 && number < floor)
		return "an older state after a newer one";
	while (number > floor && !atomic_compare_exchange_weak(&newest, &floor, number))
		continue;
	return NULL;
}

/* --- Time. --- */

static size_t bucket_of(int64_t duration)
{
	uint64_t value = duration > 8 ? (uint64_t)duration : 8;
	size_t power = 63 - (size_t)__builtin_clzll(value);
	size_t bucket = (power - 3) * 8 + ((value >> (power - 3)) & 7);

	return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

static int64_t percentile(int percent)
{
	long all = atomic_load(&answered), seen = 0;
	size_t bucket = 0;

	while (bucket < BUCKETS - 1 &&
	       (seen += atomic_load(&buckets[bucket])) < all * percent / 100)
		bucket++;
	return (int64_t)(8 + bucket % 8) << (bucket / 8);
}

static void note(int64_t duration)
{
	int64_t most = atomic_load(&slowest);

	atomic_fetch_add(&answered, 1);
	atomic_fetch_add(&buckets[bucket_of(duration)], 1);
	while (duration > most && !atomic_compare_exchange_weak(&slowest, &most, duration))
		continue;
}

/* --- All requests. --- */

static void *run(void *context)
{
	struct client *client = context;

	while (!atomic_load(&ending)) {
		const struct target *target =
			&targets[(size_t)rand_r(&client->seed) % target_count];
		bool gzip = rand_r(&client->seed) % 2;
		long floor = atomic_load(&newest);
		int64_t begin = clock_monotonic();
		const char *fault = request(client, target, gzip);

		note(clock_monotonic() - begin);
		if (fault == NULL)
			fault = check(client, target, gzip, floor);
		if (fault != NULL)
			describe(target, gzip, fault, &client->reply);
		if (fault != NULL || !client->reply.open)
			hang_up(client);
	}
	hang_up(client);
	return NULL;
}

static void client_init(struct client *client, unsigned seed)
{
	*client = (struct client){.seed = seed, .fd = -1};
	client->reply.body = take(BODY_MOST);
	client->plain = take(BODY_MOST);
	client->decompressor = libdeflate_alloc_decompressor();
	if (client->decompressor == NULL)
		die("out of memory");
}

static void client_fini(struct client *client)
{
	libdeflate_free_decompressor(client->decompressor);
	free(client->plain);
	free(client->reply.body);
}

static void learn(struct client *client, struct target *target)
{
	const char *fault = request(client, target, false);

	if (fault != NULL || strncmp(client->reply.head, "HTTP/1.1 200 ", 13) != 0)
		die(target->path);
	target->length = client->reply.length;
	target->body = take(target->length + 1);
	memcpy(target->body, client->reply.body, target->length);
	(void)zero_numbers(target->body, target->length);
}

static void read_targets(const char *path, struct client *client)
{
	FILE *file = fopen(path, "r");
	size_t room = 0;
	ssize_t length;

	if (file == NULL)
		die(path);
	while (target_count < TARGETS_MOST &&
	       (length = getline(&targets[target_count].path, &room, file)) > 0) {
		targets[target_count].path[length - 1] = '\0';
		learn(client, &targets[target_count++]);
		room = 0;
	}
	fclose(file);
	if (target_count == 0)
		die("no targets");
}

static void print_seconds(const sigset_t *awaited)
{
	const struct timespec second = {.tv_sec = 1};

	while (sigtimedwait(awaited, NULL, &second) < 0) {
		printf("%lld %ld %ld %ld %lld\n", (long long)clock_now() / 1000000,
		       atomic_load(&answered), atomic_load(&stale), atomic_load(&newest),
		       (long long)atomic_exchange(&slowest, 0));
		fflush(stdout);
	}
}

int main(int argc, char **argv)
{
	static struct client clients[THREADS_MOST];
	int count = argc == 4 ? atoi(argv[2]) : 0;
	sigset_t awaited;

	if (count < 1 || count > THREADS_MOST) {
		fprintf(stderr, "usage: hot PORT THREADS TARGETS\n");
		return 2;
	}
	port = atoi(argv[1]);
	for (int i = 0; i < count; i++)
		client_init(&clients[i], (unsigned)i + 1);
	read_targets(argv[3], &clients[0]);
	sigemptyset(&awaited);
	sigaddset(&awaited, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &awaited, NULL);
	for (int i = 0; i < count; i++)
		if (pthread_create(&clients[i].thread, NULL, run, &clients[i]) != 0)
			die("no threads");
	print_seconds(&awaited);
	atomic_store(&ending, true);
	for (int i = 0; i < count; i++) {
		pthread_join(clients[i].thread, NULL);
		client_fini(&clients[i]);
	}
	printf("total %ld %lld %lld %ld\n", atomic_load(&answered), (long long)percentile(50),
	       (long long)percentile(99), atomic_load(&wrong));
	for (size_t i = 0; i < target_count; i++) {
		free(targets[i].path);
		free(targets[i].body);
	}
	return atomic_load(&wrong) > 0;
}
