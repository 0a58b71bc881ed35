/* Runs a pass for the command line. */
#include "sync/command.h"

#include <signal.h>
#include <stddef.h>

#include "repository/migrate.h"
#include "sync/client.h"
#include "sync/terminal.h"

/* Whom the signal handler stops. */
static struct sync_client *volatile running;

static void stop_running(int number)
{
	(void)number;
	sync_client_stop(running);
}

struct handlers {
	struct sigaction interrupt, terminate, pipe;
};

static void handlers_set(struct handlers *before)
{
	/* The second one ends the program at once, in case the database hangs. */
	struct sigaction stop = {.sa_handler = stop_running,
	                         .sa_flags = SA_RESTART | (int)SA_RESETHAND};
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigaction(SIGINT, &stop, &before->interrupt);
	sigaction(SIGTERM, &stop, &before->terminate);
	/* A TLS connection that is gone is an error, not an end. */
	sigaction(SIGPIPE, &ignore, &before->pipe);
}

static void handlers_restore(const struct handlers *before)
{
	sigaction(SIGINT, &before->interrupt, NULL);
	sigaction(SIGTERM, &before->terminate, NULL);
	sigaction(SIGPIPE, &before->pipe, NULL);
}

static enum sync_end pass_run(const struct sync_order *order, const char *conninfo,
                              struct strbuf *line, struct error *error)
{
	struct session *session = session_open(conninfo, SESSION_WRITES, error);
	struct sync_summary summary;
	enum sync_end end;

	if (!session)
		return SYNC_FAILED;
	end = migrate_check(session, error) ? sync_pass(session, order, &summary, error)
	                                    : SYNC_FAILED;
	session_close(session);
	if (order->observer.hide)
		order->observer.hide(order->observer.context);
	if (end == SYNC_DONE || end == SYNC_TROUBLED)
		sync_summary_write(&summary, order->settings->upstream, line);
	if (end == SYNC_TROUBLED)
		error_set(error, "sync: %s", summary.message);
	return end;
}

enum sync_end sync_command(const struct sync_settings *settings, const char *conninfo,
                           enum sync_kind kind, bool try_only, struct strbuf *line,
                           struct error *error)
{
	struct sync_terminal terminal;
	struct sync_order order = {.settings = settings,
	                           .observer = sync_terminal_observer(&terminal),
	                           .kind = kind,
	                           .try_only = try_only};
	struct handlers before;
	enum sync_end end;

	running = sync_client_new(settings, error);
	if (!running)
		return SYNC_FAILED;
	order.source = sync_client_source(running);
	handlers_set(&before);
	end = pass_run(&order, conninfo, line, error);
	handlers_restore(&before);
	sync_client_free(running);
	running = NULL;
	return end;
}
