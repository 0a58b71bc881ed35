/* Runs a pass for the command line. */
#include "sync/command.h"

#include <signal.h>
#include <stddef.h>

#include "repository/migrate.h"
#include "pass.h"
#include "terminal.h"
#include "upstream/client.h"

/* What the signal handler stops. */
static struct upstream_client *volatile running;

static void stop_running(int number)
{
	(void)number;
	upstream_client_stop(running);
}

struct handlers {
	struct sigaction interrupt, terminate, pipe;
};

static void set_handlers(struct handlers *before)
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

static void restore_handlers(const struct handlers *before)
{
	sigaction(SIGINT, &before->interrupt, NULL);
	sigaction(SIGTERM, &before->terminate, NULL);
	sigaction(SIGPIPE, &before->pipe, NULL);
}

static enum pass_end run_pass(const struct pass_order *order, const char *conninfo,
                              struct strbuf *line, struct error *error)
{
	struct session *session = session_open(conninfo, SESSION_WRITES, error);
	struct pass_summary summary;
	enum pass_end end;

	if (!session)
		return PASS_FAILED;
	end = migrate_check(session, error) ? pass_run(session, order, &summary, error)
	                                    : PASS_FAILED;
	session_close(session);
	if (order->observer.hide)
		order->observer.hide(order->observer.context);
	if (end == PASS_DONE || end == PASS_TROUBLED)
		pass_summary_write(&summary, order->settings->upstream.url, line);
	if (end == PASS_TROUBLED)
		error_set(error, "sync: %s", summary.message);
	return end;
}

enum pass_end sync_command(const struct sync_settings *settings, const char *conninfo,
                           enum pass_kind kind, bool dry_run, struct strbuf *line,
                           struct error *error)
{
	struct sync_terminal terminal;
	struct pass_order order = {.settings = settings,
	                           .observer = sync_terminal_observer(&terminal),
	                           .kind = kind,
	                           .dry_run = dry_run};
	struct handlers before;
	enum pass_end end;

	running = upstream_client_new(&settings->upstream, error);
	if (!running)
		return PASS_FAILED;
	order.source = upstream_client_source(running);
	set_handlers(&before);
	end = run_pass(&order, conninfo, line, error);
	restore_handlers(&before);
	upstream_client_free(running);
	running = NULL;
	return end;
}
