/* Listens, reads requests and keeps what they were. */
#include "support/fake_upstream.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/cmocka.h"
#include "support/command.h"
#include "support/fake_answer.h"
#include "support/poll.h"

#define CONNECTIONS_MOST 4096
#define REQUESTS_MOST 8192
#define HEAD_MOST 8192

struct request {
	char *head; /* the whole of it */
	char *target;
};

struct connection {
	struct fake_upstream *upstream;
	pthread_t thread;
	int fd; /* -1 once closed */
};

struct fake_upstream {
	int listener;
	char url[64];
	pthread_t thread;
	pthread_mutex_t mutex; /* guards all below */
	struct fake_list list;
	const char *origin; /* of links; NULL: its own */
	enum fake_order order;
	enum fake_fault fault;
	int after, times;
	int throttle_requests, throttle_seconds;
	int64_t stamps[REQUESTS_MOST]; /* of requests that were let through */
	int stamp_count;
	void (*hook)(struct fake_list *list, int n, void *user);
	void *hook_user;
	struct request requests[REQUESTS_MOST];
	int request_count, throttle_count;
	struct connection *connections[CONNECTIONS_MOST];
	int connection_count;
};

static int64_t parameter(const char *target, const char *name, int64_t otherwise)
{
	size_t length = strlen(name);

	for (const char *at = strpbrk(target, "?&"); at; at = strpbrk(at + 1, "?&"))
		if (strncmp(at + 1, name, length) == 0 && at[length + 1] == '=')
			return strtoll(at + length + 2, NULL, 10);
	return otherwise;
}

/* Seconds until the next request is let through; 0: now. */
static int64_t throttle_left(const struct fake_upstream *upstream)
{
	int64_t period = upstream->throttle_seconds * INT64_C(1000000);
	int64_t left;

	if (upstream->throttle_requests == 0 || upstream->stamp_count < upstream->throttle_requests)
		return 0;
	left = upstream->stamps[upstream->stamp_count - upstream->throttle_requests] + period -
	       clock_monotonic();
	return left <= 0 ? 0 : (left + 999999) / 1000000;
}

static void throttle_object(struct fake_upstream *upstream, struct fake_answer *answer)
{
	int64_t left = throttle_left(upstream);

	upstream->throttle_count++;
	*answer = (struct fake_answer){.status = 200, .type = "application/json"};
	/* Where a fault throttles, the object must say the same. */
	if (left == 0 && upstream->throttle_requests == 0)
		left = 1;
	strbuf_printf(&answer->body,
	              "{\"your_request_limit\":15,\"limit_frequency_secs\":3600,\"current_use\":15,"
	              "\"next_use_secs\":%d,\"ident\":\"192.0.2.7\"}",
	              (int)left);
}

static void throttled(struct fake_answer *answer, int64_t left)
{
	*answer = (struct fake_answer){.status = 429, .type = "application/json"};
	strbuf_printf(&answer->headers, "Retry-After: %d\r\n", (int)left);
	strbuf_printf(&answer->body,
	              "{\"detail\":\"Request was throttled. Expected available in %d seconds.\"}",
	              (int)left);
}

static enum fake_fault fault_take(struct fake_upstream *upstream)
{
	if (upstream->after > 0) {
		upstream->after--;
		return FAKE_NONE;
	}
	if (upstream->times == 0)
		return FAKE_NONE;
	upstream->times--;
	return upstream->fault;
}

static void list_answer(struct fake_upstream *upstream, const struct request *request,
                        struct fake_answer *answer)
{
	struct fake_page page = {.origin = upstream->origin ? upstream->origin : upstream->url,
	                         .limit = parameter(request->target, "limit", 10),
	                         .offset = parameter(request->target, "offset", 0),
	                         .count = -1};
	int64_t left = throttle_left(upstream);
	struct fake_list list;
	enum fake_fault fault;

	if (left > 0) {
		throttled(answer, left);
		return;
	}
	upstream->stamps[upstream->stamp_count++] = clock_monotonic();
	if (upstream->hook)
		upstream->hook(&upstream->list, upstream->request_count, upstream->hook_user);
	fault = strstr(request->target, "&moved=1") ? FAKE_NONE : fault_take(upstream);
	list = fake_list_order(&upstream->list, upstream->order, (unsigned)upstream->request_count);
	fake_answer_make(answer, fault, &list, page, request->target);
	free(list.flights);
	/* An odd page comes as zstd. */
	if (strstr(request->head, "gzip"))
		answer->encoding =
			page.offset / page.limit % 2 && fault == FAKE_NONE ? "zstd" : "gzip";
	if (fault == FAKE_HUGE)
		answer->encoding = NULL;
	fake_answer_pack(answer, fault);
}

static void request_keep(struct fake_upstream *upstream, const char *head, const char *target)
{
	struct request *request = &upstream->requests[upstream->request_count++];

	assert_true(upstream->request_count < REQUESTS_MOST);
	request->head = strdup(head);
	request->target = strdup(target);
}

static bool request_answer(struct connection *connection, const char *head)
{
	struct fake_upstream *upstream = connection->upstream;
	struct fake_answer answer = {.status = 404, .type = "text/html"};
	char target[HEAD_MOST];
	bool sent;

	assert_int_equal(sscanf(head, "GET %8000s", target), 1);
	pthread_mutex_lock(&upstream->mutex);
	if (strncmp(target, "/2.3.0/api-throttle/", 20) == 0) {
		throttle_object(upstream, &answer);
	} else if (strncmp(target, "/2.3.0/spacecraft_flights/?", 27) == 0) {
		request_keep(upstream, head, target);
		list_answer(upstream, &upstream->requests[upstream->request_count - 1], &answer);
	}
	pthread_mutex_unlock(&upstream->mutex);
	sent = fake_answer_send(&answer, connection->fd);
	fake_answer_fini(&answer);
	return sent;
}

/* Reads up to the empty line; requests have no bodies and come one at a time. */
static bool head_read(int fd, char head[static HEAD_MOST])
{
	size_t length = 0;

	for (;;) {
		ssize_t got = recv(fd, head + length, HEAD_MOST - 1 - length, 0);

		if (got <= 0)
			return false;
		length += (size_t)got;
		head[length] = '\0';
		if (strstr(head, "\r\n\r\n"))
			return true;
	}
}

static void *connection_run(void *user)
{
	struct connection *connection = user;
	char head[HEAD_MOST];
	int fd;

	while (head_read(connection->fd, head) && request_answer(connection, head))
		continue;
	pthread_mutex_lock(&connection->upstream->mutex);
	fd = connection->fd;
	connection->fd = -1;
	pthread_mutex_unlock(&connection->upstream->mutex);
	close(fd);
	return NULL;
}

static void *upstream_run(void *user)
{
	struct fake_upstream *upstream = user;

	for (;;) {
		int fd = accept4(upstream->listener, NULL, NULL, SOCK_CLOEXEC);
		struct connection *connection;

		if (fd < 0)
			return NULL;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
		connection = calloc(1, sizeof(*connection));
		*connection = (struct connection){.upstream = upstream, .fd = fd};
		pthread_mutex_lock(&upstream->mutex);
		assert_true(upstream->connection_count < CONNECTIONS_MOST);
		upstream->connections[upstream->connection_count++] = connection;
		pthread_create(&connection->thread, NULL, connection_run, connection);
		pthread_mutex_unlock(&upstream->mutex);
	}
}

struct fake_upstream *fake_upstream_new(void)
{
	struct fake_upstream *upstream = calloc(1, sizeof(*upstream));
	struct sockaddr_in address = {.sin_family = AF_INET,
	                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);

	assert_non_null(upstream);
	pthread_mutex_init(&upstream->mutex, NULL);
	upstream->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(upstream->listener, (struct sockaddr *)&address, length), 0);
	assert_int_equal(listen(upstream->listener, 64), 0);
	assert_int_equal(getsockname(upstream->listener, (struct sockaddr *)&address, &length), 0);
	snprintf(upstream->url, sizeof(upstream->url), "http://127.0.0.1:%d",
	         ntohs(address.sin_port));
	assert_int_equal(pthread_create(&upstream->thread, NULL, upstream_run, upstream), 0);
	return upstream;
}

static void connections_end(struct fake_upstream *upstream)
{
	pthread_mutex_lock(&upstream->mutex);
	for (int i = 0; i < upstream->connection_count; i++)
		if (upstream->connections[i]->fd >= 0)
			shutdown(upstream->connections[i]->fd, SHUT_RDWR);
	pthread_mutex_unlock(&upstream->mutex);
	for (int i = 0; i < upstream->connection_count; i++) {
		pthread_join(upstream->connections[i]->thread, NULL);
		free(upstream->connections[i]);
	}
}

void fake_upstream_free(struct fake_upstream *upstream)
{
	shutdown(upstream->listener, SHUT_RDWR);
	pthread_join(upstream->thread, NULL);
	close(upstream->listener);
	connections_end(upstream);
	for (int i = 0; i < upstream->request_count; i++) {
		free(upstream->requests[i].head);
		free(upstream->requests[i].target);
	}
	fake_list_fini(&upstream->list);
	pthread_mutex_destroy(&upstream->mutex);
	free(upstream);
}

const char *fake_upstream_url(const struct fake_upstream *upstream)
{
	return upstream->url;
}

struct fake_list *fake_upstream_lock(struct fake_upstream *upstream)
{
	pthread_mutex_lock(&upstream->mutex);
	return &upstream->list;
}

void fake_upstream_unlock(struct fake_upstream *upstream)
{
	pthread_mutex_unlock(&upstream->mutex);
}

void fake_upstream_fault(struct fake_upstream *upstream, enum fake_fault fault, int after,
                         int times)
{
	pthread_mutex_lock(&upstream->mutex);
	upstream->fault = fault;
	upstream->after = after;
	upstream->times = times;
	pthread_mutex_unlock(&upstream->mutex);
}

void fake_upstream_public(struct fake_upstream *upstream, const char *origin)
{
	pthread_mutex_lock(&upstream->mutex);
	upstream->origin = origin;
	pthread_mutex_unlock(&upstream->mutex);
}

void fake_upstream_order(struct fake_upstream *upstream, enum fake_order order)
{
	pthread_mutex_lock(&upstream->mutex);
	upstream->order = order;
	pthread_mutex_unlock(&upstream->mutex);
}

void fake_upstream_throttle(struct fake_upstream *upstream, int requests, int seconds)
{
	pthread_mutex_lock(&upstream->mutex);
	upstream->throttle_requests = requests;
	upstream->throttle_seconds = seconds;
	pthread_mutex_unlock(&upstream->mutex);
}

void fake_upstream_hook(struct fake_upstream *upstream,
                        void (*hook)(struct fake_list *list, int n, void *user), void *user)
{
	pthread_mutex_lock(&upstream->mutex);
	upstream->hook = hook;
	upstream->hook_user = user;
	pthread_mutex_unlock(&upstream->mutex);
}

static int count_of(struct fake_upstream *upstream, const int *count)
{
	int value;

	pthread_mutex_lock(&upstream->mutex);
	value = *count;
	pthread_mutex_unlock(&upstream->mutex);
	return value;
}

int fake_upstream_requests(struct fake_upstream *upstream)
{
	return count_of(upstream, &upstream->request_count);
}

struct awaited_requests {
	struct fake_upstream *upstream;
	int count;
};

static bool requests_reached(void *user)
{
	const struct awaited_requests *awaited = user;

	return fake_upstream_requests(awaited->upstream) >= awaited->count;
}

void fake_upstream_await(struct fake_upstream *upstream, int count)
{
	struct awaited_requests awaited = {upstream, count};

	if (!poll_until(requests_reached, &awaited, COMMAND_SECONDS))
		fail_msg("%d of %d requests", fake_upstream_requests(upstream), count);
}

int fake_upstream_throttle_requests(struct fake_upstream *upstream)
{
	return count_of(upstream, &upstream->throttle_count);
}

int fake_upstream_connections(struct fake_upstream *upstream)
{
	return count_of(upstream, &upstream->connection_count);
}

const char *fake_upstream_target(struct fake_upstream *upstream, int n)
{
	return n < fake_upstream_requests(upstream) ? upstream->requests[n].target : "";
}

const char *fake_upstream_head(struct fake_upstream *upstream, int n)
{
	return n < fake_upstream_requests(upstream) ? upstream->requests[n].head : "";
}
