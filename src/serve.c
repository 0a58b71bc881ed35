/* Runs the server and sync, and waits for signals. */
#include "serve.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/strbuf.h"
#include "base/systemd.h"
#include "server/listeners.h"
#include "server/server.h"
#include "sync/background.h"

struct service {
	struct config_snapshot *running; /* what the server runs with */
	const struct config_source *source;
	struct server *server;
	struct sync_background *background; /* NULL: sync.interval has always been 0 */
};

/* --- Signals. --- */

/* All signals are waited for, but for those that say what the program did wrong, those that stop it and let it go on,
   those that do nothing anyway, and SIGQUIT, which ends it with a core dump. Threads that are started later have
   them blocked too. */
static void block_signals(sigset_t *awaited)
{
	static const int left[] = {SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGTRAP, SIGABRT,
	                           SIGSYS,  SIGXCPU, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU,
	                           SIGCONT, SIGCHLD, SIGURG,  SIGWINCH};

	sigfillset(awaited);
	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		sigdelset(awaited, left[i]);
	/* Writing to who has gone is an error like others. */
	sigdelset(awaited, SIGPIPE);
	signal(SIGPIPE, SIG_IGN);
	pthread_sigmask(SIG_BLOCK, awaited, NULL);
}

/* --- Reading the settings again. --- */

static void log_mistake(void *context, const char *mistake)
{
	(void)context;
	log_error("%s", mistake);
}

/* The settings of all sources; NULL, with all mistakes in the log: they are wrong. */
static struct config_snapshot *read_again(const struct config_source *source)
{
	struct config_snapshot *snapshot = config_snapshot_new();

	if (config_read(&snapshot->config, source, log_mistake, NULL)) {
		if (snapshot->config.exposed)
			log_warning("%s", snapshot->config.exposed);
		return snapshot;
	}
	config_snapshot_unref(snapshot);
	return NULL;
}

/* Sync's thread is there once it was needed. */
static void reload_sync(struct service *service)
{
	struct error error = {0};

	if (service->background) {
		sync_background_reload(service->background, service->running);
	} else if (service->running->config.sync_interval > 0) {
		service->background = sync_background_start(service->running, &error);
		if (!service->background)
			log_error("%s", error.text);
	}
}

static void apply(struct service *service, struct config_snapshot *snapshot)
{
	config_snapshot_unref(service->running);
	service->running = config_snapshot_ref(snapshot);
	log_configure(snapshot->config.log_level, snapshot->config.log_format == LOG_FORMAT_JSON);
	server_reload(service->server, snapshot);
	reload_sync(service);
}

static void reload_settings(struct service *service)
{
	struct strbuf changed = STRBUF_INIT, fixed = STRBUF_INIT;
	struct config_snapshot *snapshot;

	if (!service->source->file) {
		log_warning("SIGHUP: there is no file of settings (-c) to read again");
		return;
	}
	snapshot = read_again(service->source);
	if (!snapshot) {
		log_error("SIGHUP: the settings stay as they were");
		return;
	}
	config_keep_fixed(&snapshot->config, &service->running->config, &changed, &fixed);
	if (changed.length > 0)
		apply(service, snapshot);
	log_info("SIGHUP: settings read again, changed: %s",
	         changed.length > 0 ? changed.data : "none");
	if (fixed.length > 0)
		log_warning("SIGHUP: a restart is needed to change %s", fixed.data);
	strbuf_fini(&changed);
	strbuf_fini(&fixed);
	config_snapshot_unref(snapshot);
}

/* Also where the settings stay as they were: the file of the access log may have been moved away. */
static void reload(struct service *service)
{
	reload_settings(service);
	server_reopen_logs(service->server, &service->running->config);
}

/* --- Serving. --- */

/* While all goes well systemd hears of it three times in the time that it waits for that; else it ends us. */
static void report_health(const struct service *service, int64_t watchdog)
{
	if (watchdog == 0)
		return;
	if (server_responds(service->server, (int)(watchdog / 3000)))
		systemd_notify("WATCHDOG=1");
	else
		log_error("a thread that serves connections does not respond");
}

static int await_signal(const sigset_t *awaited, int64_t watchdog)
{
	int64_t pause = watchdog / 3;
	const struct timespec bound = {pause / 1000000, pause % 1000000 * 1000};

	return sigtimedwait(awaited, NULL, watchdog > 0 ? &bound : NULL);
}

/* Returns the signal that ends it. */
static int serve_until_ended(struct service *service, const sigset_t *awaited)
{
	int64_t watchdog = systemd_watchdog();

	systemd_notify("READY=1");
	for (;;) {
		int received = await_signal(awaited, watchdog);

		report_health(service, watchdog);
		if (received == SIGTERM || received == SIGINT) {
			systemd_notify("STOPPING=1");
			return received;
		}
		if (received == SIGHUP) {
			systemd_notify_reloading();
			reload(service);
			systemd_notify("READY=1");
		} else if (received > 0) {
			log_info("%s: ignored", strsignal(received));
		}
	}
}

/* Those for clients: systemd's, or our own. */
static struct listeners *open_clients(const struct config *config, struct error *error)
{
	int handed_over = systemd_socket_count();

	if (handed_over == 0)
		return listeners_open(config, &config->server_listen, "server.listen", error);
	if (handed_over > 0)
		return listeners_inherit(config, handed_over, error);
	error_set(error, "LISTEN_FDS: not a number from 1 to %d: %s", SYSTEMD_SOCKETS_MOST,
	          getenv("LISTEN_FDS"));
	return NULL;
}

/* Opens those for clients and those for operators. */
static bool open_listeners(const struct config *config, struct listeners **clients,
                           struct listeners **operators, struct error *error)
{
	*operators = NULL;
	*clients = open_clients(config, error);
	if (*clients)
		*operators = listeners_open(config, &config->admin_listen, "admin.listen", error);
	if (!*operators)
		listeners_close(*clients);
	return *operators != NULL;
}

/* The sockets come first: who cannot listen, such as a second server that is started again and again, must not sync.
   Sync comes before the server, which answers from when it is there. */
static bool start(struct service *service, struct error *error)
{
	const struct config *config = &service->running->config;
	struct listeners *clients, *operators;

	if (!open_listeners(config, &clients, &operators, error))
		return false;
	if (config->sync_interval > 0) {
		service->background = sync_background_start(service->running, error);
		if (!service->background) {
			listeners_close(clients);
			listeners_close(operators);
			return false;
		}
	}
	service->server = server_start(service->running, clients, operators, error);
	return service->server != NULL;
}

bool serve(struct config_snapshot *snapshot, const struct config_source *source,
           struct error *error)
{
	struct service service = {.running = config_snapshot_ref(snapshot), .source = source};
	sigset_t awaited;
	bool started;

	block_signals(&awaited);
	started = log_start(error) && start(&service, error);
	if (started) {
		log_info("%s: draining", strsignal(serve_until_ended(&service, &awaited)));
		server_stop(service.server);
		log_info("ended");
	}
	sync_background_stop(service.background);
	config_snapshot_unref(service.running);
	log_stop();
	return started;
}
