/* Serves the port for operators. */
#include "admin.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "own_routes.h"
#include "protocol/router.h"
#include "server/listeners.h"

enum {
	CONNECTIONS_MOST = 64,
	IDLE_SECONDS = 30,
};

struct admin {
	struct server_state *state;
	struct listeners *listeners;
	struct MHD_Daemon **daemons;
	size_t daemon_count;
};

static void answer_text(struct answer *answer, int status, const char *text)
{
	*answer = (struct answer){.status = status, .content_type = "text/plain; charset=utf-8"};
	strbuf_str(&answer->body, text);
}

static void make_answer(struct server_state *state, const char *method, const char *path,
                        struct answer *answer)
{
	struct arena arena;
	enum route route;

	arena_init(&arena);
	route = route_path(&arena, text_of(""), text_of(path)).route;
	arena_fini(&arena);
	*answer = (struct answer){.status = 200};
	if (route != ROUTE_HEALTH && !route_is_admin(route))
		answer_text(answer, 404, "Here are /health, /live, /ready and /metrics.\n");
	else if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		answer_text(answer, 405, "Only GET and HEAD are answered.\n");
	else
		monitoring_answer(state, route, true, answer);
}

/* Called when the head was read, for each part of a body, which is skipped, and at the end. */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *data,
                              size_t *data_size, void **user)
{
	struct server_state *state = context;
	enum MHD_Result queued;
	struct response *response;
	struct answer answer;

	(void)version;
	(void)data;
	if (*user == NULL || *data_size > 0) {
		*user = state;
		*data_size = 0;
		return MHD_YES;
	}
	make_answer(state, method, path, &answer);
	response = response_new(&answer, ENCODING_IDENTITY);
	queued = response_queue(response, connection, response->status);
	response_free(response);
	return queued;
}

static bool start_daemon(struct admin *admin, int fd)
{
	struct MHD_Daemon *daemon =
		MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, handle, admin->state,
	                         MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
	                         (unsigned)CONNECTIONS_MOST, MHD_OPTION_CONNECTION_TIMEOUT,
	                         (unsigned)IDLE_SECONDS, MHD_OPTION_END);

	if (daemon != NULL)
		admin->daemons[admin->daemon_count++] = daemon;
	return daemon != NULL;
}

struct admin *admin_start(struct server_state *state, struct listeners *listeners,
                          struct error *error)
{
	struct admin *admin = must(calloc(1, sizeof(*admin)));
	size_t count = listeners_count(listeners);

	admin->state = state;
	admin->listeners = listeners;
	admin->daemons = must(calloc(count + 1, sizeof(struct MHD_Daemon *)));
	for (size_t i = 0; i < count; i++)
		if (!start_daemon(admin, listeners_socket(listeners, i))) {
			error_set(error, "cannot start the HTTP server of admin.listen: %s",
			          strerror(errno));
			admin_stop(admin);
			return NULL;
		}
	return admin;
}

void admin_stop(struct admin *admin)
{
	if (admin == NULL)
		return;
	listeners_shut(admin->listeners);
	for (size_t i = 0; i < admin->daemon_count; i++)
		MHD_stop_daemon(admin->daemons[i]);
	listeners_close(admin->listeners);
	free(admin->daemons);
	free(admin);
}
