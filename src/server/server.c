/* Starts libmicrohttpd, hands requests to exchanges, and ends in good order. */
#include "server/server.h"

#include <errno.h>
#include <malloc.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
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
#include "base/memory.h"
#include "base/temporal.h"
#include "acceptor.h"
#include "access_log.h"
#include "connections.h"
#include "admin.h"
#include "exchange.h"
#include "framing.h"
#include "server/listeners.h"
#include "state.h"

enum {
	/* Room for a request's head. The library clears it for every request, so that more costs speed:
	   64 KiB cost 15 %. */
	CONNECTION_MEMORY = 16 * 1024,
	TARGET_MOST = 9216, /* bytes; RFC 9112, 3, wants 8000 at least */
	STACK_SIZE = 1 << 20,
	FILES_BESIDE = 256, /* those of connections: the database's, the log's and the library's */
	PROBES_MOST = 8,    /* connections of server_responds, beyond the clients' */
	LAST_SECONDS =
		1, /* how long the end waits for the answers of those that waited to be taken */
};

/* Behind a long target there may be no room for its answer in the connection's memory, nor for its headers, for want
   of which the library would say something else or nothing. So this is sent at once, as the only thing that ever
   goes past the library; what it may still send itself goes nowhere. Always true. */
static bool refuse_by_hand(struct exchange *exchange)
{
	static const char answer[] = "HTTP/1.1 414 URI Too Long\r\n"
				     "Content-Type: text/plain; charset=utf-8\r\n"
				     "Content-Length: 24\r\n"
				     "Connection: close\r\n\r\n"
				     "The target is too long.\n";
	int fd = MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD)
	                 ->connect_fd;
	(void)send(fd, answer, sizeof(answer) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	(void)shutdown(fd, SHUT_WR);
	exchange_note_refusal(exchange, MHD_HTTP_URI_TOO_LONG);
	return true;
}

/* Called with the target before anything of it is decoded. The library would now parse the query into its
   own list, which takes time, and 64 bytes a field of the connection's little memory (where that is not
   enough, it forgets to answer). As all of it is read anew from the raw target, the query is emptied; the
   library has found its begin already, behind the question mark. */
static void *begin_exchange(void *state, const char *target, struct MHD_Connection *connection)
{
	struct exchange *exchange = exchange_new(state, target);
	char *query = strchr(target, '?');
	exchange->connection = connection;
	exchange->target_begin = target;
	if (query != NULL)
		query[1] = '\0';
	if (exchange->target.length > TARGET_MOST)
		exchange->refused = refuse_by_hand(exchange);
	return exchange;
}

/* The library closes after the answer where the request has said so, to which one may add; a header of the
   response would go to all who are given it. Without room for it the connection just stays open. */
static void close_after_response(struct MHD_Connection *connection)
{
	(void)MHD_set_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONNECTION,
	                               "close");
}

/* The head is there. A response before the end of the request, which a call of its own announces, would cost the
   connection. */
static enum MHD_Result begin_request(struct exchange *exchange, enum server_phase phase,
                                     const char *version)
{
	const struct framing framing = {
		.connection = exchange->connection,
		.method = exchange->method,
		.version = version,
		.target_begin = exchange->target_begin,
		.target = exchange->target,
	};
	const char *fault;
	exchange->complete = true;
	if (phase == PHASE_CLOSED || exchange->refused)
		return MHD_NO;
	fault = framing_fault(&framing);
	return fault ? exchange_refuse(exchange, MHD_HTTP_BAD_REQUEST, fault) : MHD_YES;
}

static enum MHD_Result handle(void *user_state, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *data_size, void **user)
{
	struct exchange *exchange = *user;
	const struct server_state *state = user_state;
	enum server_phase phase = atomic_load(&state->phase);
	(void)url;
	(void)data;
	exchange->method = method;
	exchange->version = version;
	if (!exchange->complete)
		return begin_request(exchange, phase, version);
	if (*data_size > 0) { /* bodies are skipped */
		*data_size = 0;
		return MHD_YES;
	}
	connection_request_complete(connection);
	if (phase != PHASE_SERVING)
		close_after_response(connection);
	return exchange_handle(exchange);
}

static void end_exchange(void *state, struct MHD_Connection *connection, void **user,
                         enum MHD_RequestTerminationCode code)
{
	(void)state;
	connection_request_ended(connection);
	if (*user != NULL)
		exchange_end(*user, code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
	*user = NULL;
}

static size_t leave_encoded(void *state, struct MHD_Connection *connection, char *text)
{
	(void)state;
	(void)connection;
	return strlen(text);
}

static __attribute__((format(printf, 2, 0))) void log_library(void *state, const char *format,
                                                              va_list arguments)
{
	char text[256];
	(void)state;
	vsnprintf(text, sizeof(text), format, arguments);
	text[strcspn(text, "\n")] = '\0';
	log_debug("libmicrohttpd: %s", text);
}

/* Answers are made on some threads and freed on others, small ones that stay between large ones that go:
   with the library's defaults a third more memory is held than is in use. Of the 8 MiB of addresses that each thread
   would have for its stack, which count where a limit is set for them, they need little. */
static void configure_memory(void)
{
	pthread_attr_t threads;
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	mallopt(M_TRIM_THRESHOLD, 16 << 20);
	pthread_attr_init(&threads);
	pthread_attr_setstacksize(&threads, STACK_SIZE);
	(void)pthread_setattr_default_np(&threads);
	pthread_attr_destroy(&threads);
}

/* Has the system allow so many files, or as many as it will; how many. */
static rlim_t raise_file_limit(rlim_t wanted)
{
	struct rlimit limit, before;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return wanted;
	before = limit;
	limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
	if (limit.rlim_cur > before.rlim_cur && setrlimit(RLIMIT_NOFILE, &limit) == 0)
		return limit.rlim_cur;
	return before.rlim_cur;
}

/* As many connections as there may be files for. Where there are fewer than they need, each connection beyond would
   be accepted in vain, again and again. */
static size_t allowed_connections(const struct config *config)
{
	rlim_t wanted = (rlim_t)config->server_connections;
	rlim_t files = raise_file_limit(wanted + FILES_BESIDE);
	if (files >= wanted + FILES_BESIDE)
		return (size_t)wanted;
	rlim_t beside = files / 2 < FILES_BESIDE ? files / 2 : FILES_BESIDE;
	log_warning("server.connections: %llu instead of %llu, since the system allows only %llu "
	            "open files",
	            (unsigned long long)(files - beside), (unsigned long long)wanted,
	            (unsigned long long)files);
	return (size_t)(files - beside);
}

/* The library's threads, a daemon each, which get their connections from the acceptor. */
struct server {
	struct server_state state;
	struct listeners *listeners;
	struct admin *admin;
	struct MHD_Daemon **daemons;
	size_t daemon_count;
	struct acceptor *acceptor;
	_Atomic size_t connections;
	size_t connections_most;
	struct connections *watched; /* the same ones */
};

static void count_connection(void *context, struct MHD_Connection *connection,
                             void **connection_context, enum MHD_ConnectionNotificationCode code)
{
	struct server *server = context;
	connections_notify(server->watched, connection, connection_context, code);
	if (code == MHD_CONNECTION_NOTIFY_CLOSED)
		atomic_fetch_sub(&server->connections, 1);
}

static bool is_trusted(void *state, const struct ip *address)
{
	struct settings *settings = state_settings(state);
	bool trusted = networks_contain(&settings->config->server_trusted_proxies, address);
	settings_unref(settings);
	return trusted;
}

static size_t connections_per_address(const struct server *server)
{
	const size_t least = 16;
	size_t most = (size_t)server->state.config->server_connections_per_address;
	size_t quarter = server->connections_most / 4;
	if (most > 0)
		return most;
	return quarter > least ? quarter : least;
}

static bool watch_connections(struct server *server, struct error *error)
{
	struct server_state *state = &server->state;
	struct connections_settings settings = {
		.most = server->connections_most,
		.most_per_address = connections_per_address(server),
		.is_trusted = is_trusted,
		.context = state,
		.request_time = state->config->server_request_timeout * MICROSECONDS,
		.send_time = state->config->server_send_timeout * MICROSECONDS,
		.budget = state->send_budget,
	};
	server->watched = connections_start(&settings, error);
	return server->watched != NULL;
}

/* NULL with errno set. */
static struct MHD_Daemon *start_daemon(struct server *server)
{
	struct server_state *state = &server->state;
	const struct config *config = state->config;
	unsigned pedantic = framing_library_refuses() ? MHD_USE_PEDANTIC_CHECKS : 0;
	return MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET |
			MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | pedantic,
		0, NULL, NULL, handle, state, MHD_OPTION_EXTERNAL_LOGGER, log_library, NULL,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)server->connections_most + PROBES_MOST,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)config->server_idle_timeout,
		MHD_OPTION_URI_LOG_CALLBACK, begin_exchange, state, MHD_OPTION_UNESCAPE_CALLBACK,
		leave_encoded, state, MHD_OPTION_NOTIFY_COMPLETED, end_exchange, state,
		MHD_OPTION_NOTIFY_CONNECTION, count_connection, server, MHD_OPTION_END);
}

static bool start_acceptor(struct server *server, struct error *error)
{
	struct acceptor_settings settings = {
		.daemons = server->daemons,
		.daemon_count = server->daemon_count,
		.listeners = server->listeners,
		.connections = &server->connections,
		.connections_most = server->connections_most,
		.watched = server->watched,
		.idle_time = server->state.config->server_idle_timeout * MICROSECONDS,
	};
	server->acceptor = acceptor_start(&settings, error);
	return server->acceptor != NULL;
}

static bool start_daemons(struct server *server, struct error *error)
{
	size_t wanted = (size_t)server->state.config->server_threads;
	if (!watch_connections(server, error))
		return false;
	server->daemons = must(calloc(wanted, sizeof(struct MHD_Daemon *)));
	for (; server->daemon_count < wanted; server->daemon_count++) {
		server->daemons[server->daemon_count] = start_daemon(server);
		if (server->daemons[server->daemon_count] == NULL)
			return error_set(error, "cannot start the HTTP server: %s",
			                 strerror(errno));
	}
	return start_acceptor(server, error);
}

/* From now on no connection is accepted. */
static void refuse_connections(struct server *server)
{
	acceptor_stop(server->acceptor);
	server->acceptor = NULL;
	listeners_close(server->listeners);
	server->listeners = NULL;
}

static void stop_daemons(struct server *server)
{
	for (size_t i = 0; i < server->daemon_count; i++)
		MHD_stop_daemon(server->daemons[i]);
	connections_stop(server->watched);
	free(server->daemons);
}

/* Waits until there are none left, but no longer than so many seconds. */
static void await_none(_Atomic size_t *count, int64_t seconds)
{
	const struct timespec pause = {0, 2000000};
	int64_t end = clock_monotonic() + seconds * INT64_C(1000000);
	while (atomic_load(count) > 0 && clock_monotonic() < end)
		nanosleep(&pause, NULL);
}

/* New connections are refused first. Those there are end with their next answer, for which they have a while; idle
   ones are closed then. Requests that still wait for a worker have their 503 at once, those that have one its answer
   within database.timeout. Stopping the library cuts off what it is sending. */
static void drain(struct server *server)
{
	struct server_state *state = &server->state;
	atomic_store(&state->phase, PHASE_DRAINING);
	refuse_connections(server);
	await_none(&server->connections, state->config->server_drain_timeout);
	atomic_store(&state->phase, PHASE_CLOSED);
	if (!state_end_jobs(state)) {
		log_warning("ended with requests under way");
		access_log_stop(atomic_load(&state->access_log));
		log_stop();
		_exit(EXIT_SUCCESS);
	}
	await_none(&state->under_way, LAST_SECONDS);
	admin_stop(server->admin);
	stop_daemons(server);
	state_fini(state);
}

/* The server does not begin; its threads end. */
static void abandon(struct server *server)
{
	refuse_connections(server);
	admin_stop(server->admin);
	stop_daemons(server);
	if (state_end_jobs(&server->state))
		state_fini(&server->state);
}

/* Where none was wanted so far and none is now, there is none. */
static bool open_access_log(struct server_state *state, const char *path, struct error *error)
{
	struct access_log *log = atomic_load(&state->access_log);
	if (log != NULL)
		return access_log_open(log, path, error);
	if (path[0] == '\0')
		return true;
	log = access_log_start(path, error);
	atomic_store(&state->access_log, log);
	return log != NULL;
}

void server_reopen_logs(struct server *server, const struct config *config)
{
	struct error error = {""};
	if (!open_access_log(&server->state, config->log_access, &error))
		log_error("%s", error.text);
}

/* Takes the sockets in either case. */
static bool start_admin(struct server *server, struct listeners *listeners, struct error *error)
{
	server->state.connections = &server->connections;
	server->state.connections_most = server->connections_most;
	server->admin = admin_start(&server->state, listeners, error);
	return server->admin != NULL;
}

struct server *server_start(struct config_snapshot *snapshot, struct listeners *listeners,
                            struct listeners *admin_listeners, struct error *error)
{
	struct server *server = must(calloc(1, sizeof(*server)));
	server->listeners = listeners;
	server->connections_most = allowed_connections(&snapshot->config);
	configure_memory();
	if (!state_init(&server->state, snapshot, error)) {
		listeners_close(listeners);
		listeners_close(admin_listeners);
	} else if (!start_admin(server, admin_listeners, error) ||
	           !open_access_log(&server->state, snapshot->config.log_access, error) ||
	           !start_daemons(server, error)) {
		abandon(server);
	} else {
		listeners_log(admin_listeners, "answering operators");
		listeners_log(listeners, "listening");
		return server;
	}
	free(server);
	return NULL;
}

void server_reload(struct server *server, struct config_snapshot *snapshot)
{
	state_reload(&server->state, snapshot);
}

/* A connection of its own whose other end has hung up, which the thread answers by closing it. */
static bool daemon_responds(struct server *server, struct MHD_Daemon *daemon, int milliseconds)
{
	const struct sockaddr nobody = {.sa_family = AF_UNIX};
	struct pollfd watched = {.events = POLLIN};
	int ends[2];
	bool responds;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
		return true; /* too many files are open, which says nothing of the thread */
	watched.fd = ends[0];
	shutdown(ends[0], SHUT_WR);
	(void)connections_admit(server->watched, &nobody);
	atomic_fetch_add(&server->connections, 1);
	responds = MHD_add_connection(daemon, ends[1], &nobody, sizeof(nobody)) == MHD_YES;
	if (!responds) {
		atomic_fetch_sub(&server->connections, 1);
		connections_dismiss(server->watched, &nobody);
	}
	responds = responds && poll(&watched, 1, milliseconds) == 1;
	close(ends[0]);
	return responds;
}

bool server_responds(struct server *server, int milliseconds)
{
	for (size_t i = 0; i < server->daemon_count; i++)
		if (!daemon_responds(server, server->daemons[i], milliseconds))
			return false;
	return true;
}

void server_stop(struct server *server)
{
	drain(server);
	free(server);
}
