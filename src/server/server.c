/* Starts libmicrohttpd, hands requests to exchanges, and ends in good order. */
#include "server/server.h"

#include <errno.h>
#include <malloc.h>
#include <microhttpd.h>
#include <netdb.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "exchange.h"
#include "state.h"

enum {
	/* Room for a request's head. The library clears it for every request, so that more costs speed:
	   64 KiB cost 15 %. */
	CONNECTION_MEMORY = 16 * 1024,
	BACKLOG = 1024,
	ADDRESS_SIZE = NI_MAXHOST + NI_MAXSERV + 4, /* with brackets and colon */
	ANSWER_SECONDS = 5,  /* how long the end waits for answers to be made and taken */
	REFUSAL_SECONDS = 1, /* and for the 503s of those that waited in vain */
};

/* Called with the target before anything of it is decoded. The library would now parse the query into its
   own list, which takes time, and 64 bytes a field of the connection's little memory (where that is not
   enough, it forgets to answer). As all of it is read anew from the raw target, the query is emptied; the
   library has found its begin already, behind the question mark. */
static void *begin_exchange(void *state, const char *target, struct MHD_Connection *connection)
{
	struct exchange *exchange = exchange_new(state, target);
	char *query = strchr(target, '?');
	exchange->connection = connection;
	if (query != NULL)
		query[1] = '\0';
	return exchange;
}

/* The library closes after the answer where the request has said so, to which one may add; a header of the
   response would go to all who are given it. Without room for it the connection just stays open. */
static void close_after_response(struct MHD_Connection *connection)
{
	(void)MHD_set_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONNECTION,
	                               "close");
}

static enum MHD_Result handle(void *user_state, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *data_size, void **user)
{
	struct exchange *exchange = *user;
	const struct server_state *state = user_state;
	enum server_phase phase = atomic_load(&state->phase);
	(void)url;
	(void)version;
	(void)data;
	exchange->method = method;
	/* Bodies are skipped. A response before the end of the request, which a call of its own
	   announces, would cost the connection. */
	if (!exchange->complete || *data_size > 0) {
		if (!exchange->complete && phase == PHASE_CLOSED)
			return MHD_NO;
		*data_size = 0;
		exchange->complete = true;
		return MHD_YES;
	}
	if (phase != PHASE_SERVING)
		close_after_response(connection);
	return exchange_handle(exchange);
}

static void end_exchange(void *state, struct MHD_Connection *connection, void **user,
                         enum MHD_RequestTerminationCode code)
{
	(void)state;
	(void)connection;
	(void)code;
	if (*user != NULL)
		exchange_free(*user);
	*user = NULL;
}

static size_t leave_encoded(void *state, struct MHD_Connection *connection, char *text)
{
	(void)state;
	(void)connection;
	return strlen(text);
}

static void log_library(void *state, const char *format, va_list arguments)
{
	char text[256];
	(void)state;
	vsnprintf(text, sizeof(text), format, arguments);
	text[strcspn(text, "\n")] = '\0';
	log_debug("libmicrohttpd: %s", text);
}

/* `127.0.0.1:8000` or `[::1]:8000`. */
static void format_address(const struct sockaddr_storage *address, socklen_t length,
                           char text[ADDRESS_SIZE])
{
	char host[NI_MAXHOST] = "?", port[NI_MAXSERV] = "?";
	(void)getnameinfo((const struct sockaddr *)address, length, host, sizeof(host), port,
	                  sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV);
	snprintf(text, ADDRESS_SIZE, address->ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host,
	         port);
}

/* Connections have what their listening socket has. Left alone, the system lets each grow to megabytes: few
   are then served much faster than the others, and what is copied into them falls out of the processor's
   caches before it is sent. */
static bool limit_send_buffer(int fd, int64_t bytes)
{
	int size = (int)bytes;
	return size == 0 || setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)) == 0;
}

int server_listen(const struct config *config, struct error *error)
{
	const struct address *address = &config->server_listen;
	int on = 1, family = address->socket.ss_family;
	char text[ADDRESS_SIZE];
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    (family == AF_INET6 &&
	     setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) != 0) ||
	    !limit_send_buffer(fd, config->server_send_buffer) ||
	    bind(fd, (const struct sockaddr *)&address->socket, address->length) != 0 ||
	    listen(fd, BACKLOG) != 0) {
		int code = errno;
		format_address(&address->socket, address->length, text);
		error_set(error, "server.listen: cannot listen on %s: %s", text, strerror(code));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

static void log_address(int fd)
{
	struct sockaddr_storage bound = {0};
	socklen_t length = sizeof(bound);
	char text[ADDRESS_SIZE];
	if (getsockname(fd, (struct sockaddr *)&bound, &length) != 0)
		return;
	format_address(&bound, length, text);
	log_info("listening on http://%s/", text);
}

/* Answers are made on some threads and freed on others, small ones that stay between large ones that go:
   with the library's defaults a third more memory is held than is in use. */
static void configure_memory(void)
{
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	mallopt(M_TRIM_THRESHOLD, 16 << 20);
}

/* As many files as connections may need; what the system allows, where that is less. */
static void raise_file_limit(const struct config *config)
{
	struct rlimit limit;
	rlim_t wanted = (rlim_t)config->server_connections + 256;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < wanted)
		log_warning("server.connections: the system allows only %llu open files",
		            (unsigned long long)limit.rlim_cur);
}

static struct MHD_Daemon *start_daemon(struct server_state *state, int fd)
{
	const struct config *config = state->config;
	unsigned threads = (unsigned)config->server_threads;
	struct MHD_OptionItem pool[] = {
		{MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)threads, NULL},
		{MHD_OPTION_END, 0, NULL},
	};
	if (threads == 1) /* a pool of one is refused */
		pool[0] = pool[1];
	return MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0,
		NULL, NULL, handle, state, MHD_OPTION_EXTERNAL_LOGGER, log_library, NULL,
		MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)config->server_connections, MHD_OPTION_CONNECTION_TIMEOUT,
		(unsigned)config->server_idle_timeout, MHD_OPTION_URI_LOG_CALLBACK, begin_exchange,
		state, MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded, state,
		MHD_OPTION_NOTIFY_COMPLETED, end_exchange, state, MHD_OPTION_ARRAY, pool,
		MHD_OPTION_END);
}

/* Stopping the library cuts off what it is sending. */
static void await_answers(const struct server_state *state, int seconds)
{
	const struct timespec pause = {0, 2000000};
	int64_t end = clock_monotonic() + seconds * INT64_C(1000000);
	while (atomic_load(&state->under_way) > 0 && clock_monotonic() < end)
		nanosleep(&pause, NULL);
}

/* New connections are refused first; connections get the response they wait for, and no other; then jobs end,
   which wakes requests that still wait for them. A request that comes at the very end finds its connection closed
   before any byte of an answer, as an idle one may be at any time. */
static void drain(struct MHD_Daemon *daemon, struct server_state *state)
{
	atomic_store(&state->phase, PHASE_DRAINING);
	MHD_socket fd = MHD_quiesce_daemon(daemon);
	if (fd != MHD_INVALID_SOCKET)
		shutdown(fd, SHUT_RDWR); /* closed when the library's threads are done with it */
	await_answers(state, ANSWER_SECONDS);
	atomic_store(&state->phase, PHASE_CLOSED);
	if (!state_end_jobs(state)) {
		log_warning("ended with requests under way");
		_exit(EXIT_SUCCESS);
	}
	await_answers(state, REFUSAL_SECONDS);
	MHD_stop_daemon(daemon);
	if (fd != MHD_INVALID_SOCKET)
		close(fd);
	state_fini(state);
}

bool server_run(const struct config *config, int fd, struct error *error)
{
	struct server_state state;
	sigset_t signals;
	int received = 0;
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	raise_file_limit(config);
	configure_memory();
	if (!state_init(&state, config, error)) {
		close(fd);
		return false;
	}
	struct MHD_Daemon *daemon = start_daemon(&state, fd);
	if (daemon == NULL) {
		close(fd);
		if (state_end_jobs(&state))
			state_fini(&state);
		return error_set(error, "cannot start the HTTP server: %s", strerror(errno));
	}
	log_address(fd);
	sigwait(&signals, &received);
	log_info("%s: draining", strsignal(received));
	drain(daemon, &state);
	log_info("ended");
	return true;
}
