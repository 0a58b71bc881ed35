/* Runs passes for the command line. */
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

/* Whether nothing more is to be tried after a pass that ended so. */
static bool is_over(enum pass_end end)
{
	return end == PASS_BUSY || end == PASS_UNREACHABLE || end == PASS_REFUSED ||
	       end == PASS_INTERRUPTED;
}

/* Of two passes the one whose end counts for the command: the first that is not as it should be. */
static enum pass_end worse(enum pass_end a, enum pass_end b)
{
	return a == PASS_DONE || (a == PASS_TROUBLED && b != PASS_DONE) ? b : a;
}

static enum pass_end run_pass(struct session *session, const struct pass_order *order,
                              struct strbuf *lines, struct error *error)
{
	struct pass_summary summary;
	enum pass_end end = pass_run(session, order, &summary, error);

	if (order->observer.hide)
		order->observer.hide(order->observer.context);
	if (end == PASS_DONE || end == PASS_TROUBLED) {
		strbuf_str(lines, lines->length > 0 ? "\n" : "");
		pass_summary_write(&summary, order->settings->upstream.url, lines);
	}
	if (end == PASS_TROUBLED)
		error_set(error, "sync: %s", summary.message);
	return end;
}

/* One pass over each list; that over one fails for itself, unless the upstream is away. */
static enum pass_end run_passes(struct pass_order *order, const char *conninfo,
                                struct strbuf *lines, struct error *error)
{
	struct session *session = session_open(conninfo, SESSION_WRITES, error);
	enum pass_end end = session && migrate_check(session, error) ? PASS_DONE : PASS_FAILED;

	for (size_t i = 0; i < order->settings->list_count && session && session_alive(session) &&
	                   !is_over(end) && (i > 0 || end == PASS_DONE);
	     i++) {
		struct error own = {0};

		order->list = order->settings->lists[i];
		if (order->kind == PASS_RECENT && order->list->upkeep.recent == RECENT_NONE)
			continue;
		end = worse(end, run_pass(session, order, lines, &own));
		if (error_is_set(&own))
			error_set(error, "%s", own.text);
	}
	session_close(session);
	return end;
}

enum pass_end sync_command(const struct sync_settings *settings, const char *conninfo,
                           enum pass_kind kind, bool dry_run, struct strbuf *lines,
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
	end = run_passes(&order, conninfo, lines, error);
	restore_handlers(&before);
	upstream_client_free(running);
	running = NULL;
	return end;
}
