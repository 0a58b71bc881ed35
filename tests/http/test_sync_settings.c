/* Every setting of [sync], given in a file and on the command line, has its effect: on the requests that the
   upstream gets, on the database, on what the program prints. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/cmocka.h"
#include "support/fake_upstream.h"
#include "support/logs.h"
#include "support/poll.h"
#include "support/postgres.h"
#include "support/program_settings.h"
#include "support/port.h"
#include "support/server.h"
#include "support/tls_upstream.h"
#include "support/watching.h"

#define REQUESTS_MAX 64
#define FOREVER 1000
#define SECONDS_MAX COMMAND_SECONDS

struct row;

/* One run of the program, with the row's setting from one source, its own upstream and a database. */
struct trial {
	const struct row *row;
	enum settings_source source;
	struct fake_upstream *upstream;
	char url[64];                     /* of the upstream */
	char value[512];                  /* of the setting */
	struct program_settings settings; /* made when they are first used */
	struct process process;
	struct test_server server;
	struct output output;
	int64_t times[REQUESTS_MAX]; /* of requests, by clock_monotonic */
	int deaf[2];                 /* sockets of an upstream that takes no connections */
};

struct row {
	const char *setting;
	const char *value; /* NULL: `prepare` chooses it, or every trial has it */
	const char *with;  /* another setting, which makes the effect quick or visible */
	const char *command;
	int flights;           /* in the upstream's list */
	enum fake_fault fault; /* of all its answers */
	int status;            /* of the command's end */
	int requests;          /* for pages, up to then */
	const char *says;      /* part of what it prints; NULL: anything */
	/* Sets another url or the value, or makes earlier passes. May be NULL. */
	void (*prepare)(struct trial *trial);
	void (*check)(struct trial *trial);
};

static struct test_database databases[SETTINGS_SOURCES];
static struct test_database writable[SETTINGS_SOURCES]; /* for sync.conninfo */
static struct trial trials[SETTINGS_SOURCES];
static struct tls_upstream tls_upstream;
static bool no_openssl;

/* --- Shared by the checks. --- */

static void request_note(struct fake_list *list, int n, void *user)
{
	struct trial *trial = user;

	(void)list;
	if (n <= REQUESTS_MAX)
		trial->times[n - 1] = clock_monotonic();
}

static void settings_make(struct trial *trial)
{
	char listen[64], upstream[128], own[600];
	bool chooses = strcmp(trial->row->setting, "sync.endpoints") == 0;
	const char *all[] = {listen,
	                     databases[trial->source].setting,
	                     upstream,
	                     chooses ? "log.level=info" : "sync.endpoints=spacecraft_flights",
	                     trial->row->with,
	                     NULL,
	                     NULL};

	snprintf(listen, sizeof(listen), "server.listen=127.0.0.1:%d", trial->server.port);
	snprintf(upstream, sizeof(upstream), "sync.upstream=%s", trial->url);
	snprintf(own, sizeof(own), "%s=%s", trial->row->setting, trial->value);
	if (trial->value[0] != '\0')
		all[all[4] ? 5 : 4] = own;
	program_settings_init(&trial->settings, trial->source, all);
}

static const char *const *words_for(struct trial *trial, const char *const command[])
{
	if (trial->settings.count == 0)
		settings_make(trial);
	return program_settings_words(&trial->settings, command);
}

static void command_start(struct trial *trial, const char *command)
{
	const char **words = command_words(words_for(trial, WORDS(command)));

	process_start(&trial->process, words, NULL, 0);
	free(words);
}

static void command_end(struct trial *trial)
{
	output_fini(&trial->output);
	process_wait(&trial->process, SECONDS_MAX, &trial->output);
}

static void assert_ended(struct trial *trial, int status, const char *says)
{
	struct output *output = &trial->output;

	if (output->status != status)
		fail_msg("ended with %d: %s%s", output->status, output->out, output->err);
	if (says && !strstr(output->err, says) && !strstr(output->out, says))
		fail_msg("no '%s' in: %s%s", says, output->out, output->err);
}

/* Runs `sync` to its end. */
static void sync_whole(struct trial *trial, int status, const char *says)
{
	command_start(trial, "sync");
	command_end(trial);
	assert_ended(trial, status, says);
}

static void check_end(struct trial *trial)
{
	command_end(trial);
	assert_ended(trial, trial->row->status, trial->row->says);
	assert_int_equal(fake_upstream_requests(trial->upstream), trial->row->requests);
}

/* Runs another command with the same settings. */
static void command_says(struct trial *trial, const char *const command[], int status,
                         const char *says)
{
	output_fini(&trial->output);
	command_run(&trial->output, words_for(trial, command));
	assert_ended(trial, status, says);
}

static void assert_request_has(struct trial *trial, const char *part)
{
	const char *head = fake_upstream_head(trial->upstream, 0);

	if (!strstr(head, part))
		fail_msg("no '%s' in %s", part, head);
}

static void flights_remove(struct trial *trial, int64_t first, int64_t last)
{
	struct fake_list *list = fake_upstream_lock(trial->upstream);

	for (int64_t id = first; id <= last; id++)
		fake_list_remove(list, id);
	fake_upstream_unlock(trial->upstream);
}

static void flights_are(const struct test_database *database, const char *count)
{
	test_sql_is(database->conninfo, "SELECT count(*) FROM spacecraft_flight", count);
}

static void database_clear(const struct test_database *database)
{
	free(test_sql(database->conninfo, "DELETE FROM spacecraft_flight; DELETE FROM sync_pass;"
	                                  "DELETE FROM sync_request"));
}

static void server_begin(struct trial *trial)
{
	server_start_words(&trial->server, trial->server.port, words_for(trial, WORDS("serve")));
}

/* --- Requests. --- */

/* It gets the requests of `sync`, and the server's redirects lead to it. */
static void check_upstream(struct trial *trial)
{
	struct answer answer;
	char location[128];

	check_end(trial);
	server_begin(trial);
	http_get(&trial->server, "/2.2.0/agencies/88/", NULL, &answer);
	assert_int_equal(answer.status, 307);
	snprintf(location, sizeof(location), "%s/2.2.0/agencies/88/", trial->url);
	assert_string_equal(answer_header(&answer, "Location"), location);
	answer_fini(&answer);
	server_stop(&trial->server, NULL);
}

static void check_token(struct trial *trial)
{
	check_end(trial);
	assert_request_has(trial, "\r\nAuthorization: Token secret\r\n");
}

static void check_contact(struct trial *trial)
{
	check_end(trial);
	assert_request_has(trial, " (+mailto:a@example.org)\r\n");
}

/* The launch of the first flight lies in the future, so that recent passes read it. */
static void prepare_to_come(struct trial *trial)
{
	fake_list_put_facts(fake_upstream_lock(trial->upstream),
	                    &(struct fake_facts){.id = 1, .net = "2999-01-01T00:00:00Z"});
	fake_upstream_unlock(trial->upstream);
}

/* A recent pass requests the page with that flight and the one at the end of the list. At one request an hour
   these two and the four of a full pass take six hours. */
static void check_page_size(struct trial *trial)
{
	check_end(trial);
	assert_non_null(strstr(fake_upstream_target(trial->upstream, 0), "&limit=7&"));
	command_says(trial, WORDS("sync", "--recent"), 0, "2 pages, 2 requests");
	command_says(trial, WORDS("--set", "sync.budget=1", "--set", "sync.interval=60", "check"),
	             0, "changes are seen within 6 h, any within 30 h");
}

static void prepare_ca_file(struct trial *trial)
{
	snprintf(trial->url, sizeof(trial->url), "%s", tls_upstream.url);
	snprintf(trial->value, sizeof(trial->value), "%s", tls_upstream.certificate);
}

static void check_ca_file(struct trial *trial)
{
	check_end(trial);
	test_sql_is(databases[trial->source].conninfo, "SELECT destination FROM spacecraft_flight",
	            "over TLS");
}

/* --- Time limits, retries, budget. --- */

/* libcurl's message has the time that passed, such as `after 1001 ms`. Whether the request was sent by then
   depends on the machine. */
static void check_timed_out(struct trial *trial)
{
	const char *after;

	command_end(trial);
	assert_ended(trial, trial->row->status, NULL);
	after = strstr(trial->output.err, " after ");
	assert_non_null(after);
	assert_in_range(atoi(after + strlen(" after ")), 1000, 5000);
}

/* A listening socket whose backlog is full: further connections are neither accepted nor refused. */
static void prepare_deaf(struct trial *trial)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);

	trial->deaf[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(trial->deaf[0], (struct sockaddr *)&address, length), 0);
	assert_int_equal(listen(trial->deaf[0], 0), 0);
	assert_int_equal(getsockname(trial->deaf[0], (struct sockaddr *)&address, &length), 0);
	trial->deaf[1] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(trial->deaf[1], (struct sockaddr *)&address, length), 0);
	snprintf(trial->url, sizeof(trial->url), "http://127.0.0.1:%d", ntohs(address.sin_port));
}

/* The delay is chosen between half of 100 ms and all of it. */
static void check_backoff(struct trial *trial)
{
	check_end(trial);
	assert_true(trial->times[1] - trial->times[0] >= 50000);
}

static void check_budget(struct trial *trial)
{
	log_await(&trial->process, " s for its budget: 3 an hour", 1);
	kill(trial->process.pid, SIGTERM);
	check_end(trial);
}

/* For `check`, which sends no requests. */
static void prepare_original(struct trial *trial)
{
	snprintf(trial->url, sizeof(trial->url), "https://ll.thespacedevs.com");
}

/* --- Resuming and deleting. --- */

/* A full pass that failed after its first page, and began eight hours ago. */
static void prepare_cut_off(struct trial *trial)
{
	fake_upstream_fault(trial->upstream, FAKE_NOT_FOUND, 1, 1);
	sync_whole(trial, 1, "404 Not Found");
	free(test_sql(databases[trial->source].conninfo,
	              "UPDATE sync_pass SET started = started - interval '8 hours'"));
}

static void check_stale(struct trial *trial)
{
	check_end(trial);
	assert_non_null(strstr(fake_upstream_target(trial->upstream, 2), "offset=10"));
}

static void prepare_gone(struct trial *trial)
{
	sync_whole(trial, 0, "100 new");
	flights_remove(trial, 51, 56);
}

/* Six of 100 flights are six percent; six of the other 94 are more. */
static void check_delete_percent(struct trial *trial)
{
	check_end(trial);
	flights_are(&databases[trial->source], "94");
	flights_remove(trial, 1, 6);
	sync_whole(trial, 1, "6 of 94 flights are gone from the upstream, more than 6 %");
	flights_are(&databases[trial->source], "94");
}

/* --- Passes of `serve`. --- */

/* The second pass begins a second after the first; not at once, and not after five seconds, which is how often
   the schedule is checked by default. */
static void check_interval(struct trial *trial)
{
	fake_upstream_await(trial->upstream, 2);
	server_stop(&trial->server, NULL);
	assert_in_range(trial->times[1] - trial->times[0], 700000, watch_bound(3500));
}

/* The last full pass began 30 hours ago. */
static void prepare_day_ago(struct trial *trial)
{
	sync_whole(trial, 0, "10 new");
	free(test_sql(databases[trial->source].conninfo,
	              "UPDATE sync_pass SET started = started - interval '30 hours'"));
}

/* With ten days no full pass is due yet; with ten hours it is long overdue, which `check` reports. */
static void check_full_interval(struct trial *trial)
{
	struct output output;

	log_await(&trial->server.process, " pass over ", 1);
	server_stop(&trial->server, &output);
	assert_non_null(strstr(output.err, "sync: recent pass over "));
	assert_null(strstr(output.err, "sync: full pass over "));
	output_fini(&output);
	command_says(trial, WORDS("--set", "sync.full_interval=10h", "check"), 1,
	             "no full pass for too long");
}

/* --- The connection for writing. --- */

static void prepare_conninfo(struct trial *trial)
{
	test_database_init_schema(&writable[trial->source]);
	snprintf(trial->value, sizeof(trial->value), "%s", writable[trial->source].conninfo);
}

static bool flights_are_there(void *user)
{
	const struct test_database *database = user;
	char *count = test_sql(database->conninfo, "SELECT count(*) FROM spacecraft_flight");
	bool there = atoi(count) == 10;

	free(count);
	return there;
}

/* `sync`, `import` and `serve` write through it, and `check` tests whether they may. */
static void check_conninfo(struct trial *trial)
{
	check_end(trial);
	flights_are(&writable[trial->source], "10");
	command_says(trial, WORDS("import", "tests/data/flight-864.json"), 0, "1 new");
	flights_are(&writable[trial->source], "11");
	database_clear(&writable[trial->source]);
	server_begin(trial);
	assert_true(poll_until(flights_are_there, &writable[trial->source], SECONDS_MAX));
	server_stop(&trial->server, NULL);
	command_says(trial, WORDS("check"), 0, "writer: ok");
	free(test_sql(writable[trial->source].conninfo,
	              "DELETE FROM schema_version WHERE version > 1"));
	command_says(trial, WORDS("check"), 1, "writer: FAILED: sync.conninfo: ");
	flights_are(&databases[trial->source], "0");
}

/* clang-format off */
static const struct row rows[] = {
	{"sync.upstream", NULL, NULL, "sync", 10, FAKE_NONE, 0, 1, NULL, NULL, check_upstream},
	{"sync.endpoints", "spacecraft", NULL, "sync", 10, FAKE_NONE, 1, 0,
	 "page from spacecraft number 0 on of http", NULL, check_end},
	{"sync.endpoints", "spacecraft_flights, moons", NULL, "sync", 10, FAKE_NONE, 1, 0,
	 "sync.endpoints: no list \"moons\"; there are: ", NULL, check_end},
	{"sync.token", "secret", NULL, "sync", 10, FAKE_NONE, 0, 1, NULL, NULL, check_token},
	{"sync.interval", "1", NULL, "serve", 10, FAKE_NONE, 0, 0, NULL, NULL, check_interval},
	{"sync.full_interval", "10d", "sync.interval=1", "serve", 10, FAKE_NONE, 0, 0, NULL,
	 prepare_day_ago, check_full_interval},
	{"sync.conninfo", NULL, "sync.interval=1", "sync", 10, FAKE_NONE, 0, 1, "10 new",
	 prepare_conninfo, check_conninfo},
	{"sync.contact", "mailto:a@example.org", NULL, "sync", 10, FAKE_NONE, 0, 1, NULL,
	 NULL, check_contact},
	{"sync.budget", "3", "sync.page_size=10", "sync", 50, FAKE_NONE, 1, 3, NULL,
	 NULL, check_budget},
	{"sync.budget", "0", "sync.interval=1", "check", 0, FAKE_NONE, 0, 0, "are seen within 2 h",
	 prepare_original, check_end},
	{"sync.page_size", "7", NULL, "sync", 20, FAKE_NONE, 0, 3, NULL,
	 prepare_to_come, check_page_size},
	{"sync.page_limit", "1", "sync.page_size=10", "sync", 20, FAKE_NONE, 1, 1,
	 "more pages than sync.page_limit, 1", NULL, check_end},
	{"sync.answer_size", "2K", "sync.retries=0", "sync", 10, FAKE_NONE, 1, 1,
	 "an answer of more than 2048 bytes", NULL, check_end},
	{"sync.connect_timeout", "1", "sync.retries=0", "sync", 0, FAKE_NONE, 1, 0, NULL,
	 prepare_deaf, check_timed_out},
	{"sync.stall_timeout", "2", "sync.retries=0", "sync", 0, FAKE_STALL, 1, 1,
	 "bytes/sec transferred the last 2 seconds", NULL, check_end},
	{"sync.timeout", "1", "sync.retries=0", "sync", 0, FAKE_STALL, 1, 0, NULL,
	 NULL, check_timed_out},
	{"sync.retries", "2", "sync.backoff=1", "sync", 0, FAKE_ERROR_500, 1, 3, NULL,
	 NULL, check_end},
	{"sync.backoff", "100", "sync.retries=1", "sync", 0, FAKE_ERROR_500, 1, 2,
	 "asks again in 0.1 s", NULL, check_backoff},
	{"sync.backoff_most", "100", "sync.retries=1", "sync", 0, FAKE_ERROR_500, 1, 2,
	 "asks again in 0.1 s", NULL, check_backoff},
	/* Enough for the first 429 with its Retry-After of a second, not for another. */
	{"sync.wait_most", "1", "sync.backoff=1", "sync", 0, FAKE_THROTTLED_SECONDS, 1, 2,
	 "429 Too Many Requests", NULL, check_end},
	{"sync.stale", "12h", "sync.page_size=10", "sync", 20, FAKE_NONE, 0, 3,
	 "goes on with a full pass behind page 1", prepare_cut_off, check_stale},
	{"sync.delete_percent", "6", NULL, "sync", 100, FAKE_NONE, 0, 2, "6 deleted",
	 prepare_gone, check_delete_percent},
	/* openssl serves one client after the other. */
	{"sync.ca_file", NULL, "sync.connect_timeout=60", "sync", 0, FAKE_NONE, 0, 0, NULL,
	 prepare_ca_file, check_ca_file},
};
/* clang-format on */

#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* --- Trials. --- */

static void trial_start(struct trial *trial, const struct row *row, enum settings_source source)
{
	*trial = (struct trial){
		.row = row, .source = source, .upstream = fake_upstream_new(), .deaf = {-1, -1}};
	database_clear(&databases[source]);
	fake_list_fill(fake_upstream_lock(trial->upstream), row->flights, "first");
	fake_upstream_unlock(trial->upstream);
	fake_upstream_hook(trial->upstream, request_note, trial);
	fake_upstream_fault(trial->upstream, row->fault, 0, row->fault == FAKE_NONE ? 0 : FOREVER);
	trial->server.port = port_reserve();
	snprintf(trial->url, sizeof(trial->url), "%s", fake_upstream_url(trial->upstream));
	snprintf(trial->value, sizeof(trial->value), "%s", row->value ? row->value : "");
	if (row->prepare)
		row->prepare(trial);
	if (strcmp(row->command, "serve") == 0)
		server_begin(trial);
	else
		command_start(trial, row->command);
}

/* The trials run at the same time, since some take a second or two. */
static void test_row(void **state)
{
	const struct row *row = *state;

	if (row->prepare == prepare_ca_file && no_openssl)
		skip();
	for (int source = 0; source < SETTINGS_SOURCES; source++)
		trial_start(&trials[source], row, (enum settings_source)source);
	for (int source = 0; source < SETTINGS_SOURCES; source++)
		row->check(&trials[source]);
}

static void trial_end(struct trial *trial)
{
	process_kill(&trial->process);
	process_kill(&trial->server.process);
	output_fini(&trial->output);
	fake_upstream_free(trial->upstream);
	if (trial->settings.path[0] != '\0')
		program_settings_fini(&trial->settings);
	for (int i = 0; i < 2; i++)
		if (trial->deaf[i] >= 0)
			close(trial->deaf[i]);
}

/* Also after a check that failed. */
static int end_row(void **state)
{
	(void)state;
	for (int source = 0; source < SETTINGS_SOURCES; source++) {
		if (trials[source].upstream)
			trial_end(&trials[source]);
		trials[source] = (struct trial){.row = NULL};
	}
	return 0;
}

static void test_every_setting_has_a_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < known_setting_count; i++) {
		bool found = strcmp(known_settings[i].section, "sync") != 0;

		for (size_t j = 0; j < ROWS; j++)
			found = found || strcmp(rows[j].setting, known_settings[i].name) == 0;
		if (!found)
			fail_msg("%s has no row", known_settings[i].name);
	}
}

/* By default a pass that would delete more than five percent of the flights deletes none. */
static void test_five_percent(void **state)
{
	static const struct row row = {"", NULL, NULL,      "sync", 100,      FAKE_NONE,
	                               0,  1,    "100 new", NULL,   check_end};
	struct trial *trial = &trials[0];
	struct fake_list *list;

	(void)state;
	trial_start(trial, &row, SETTINGS_IN_FILE);
	check_end(trial);
	flights_remove(trial, 51, 56);
	sync_whole(trial, 1, "NOTHING IS DELETED");
	assert_ended(trial, 1, "6 of 100 flights are gone from the upstream, more than 5 %");
	assert_ended(trial, 1, " 0 deleted");
	flights_are(&databases[trial->source], "100");
	list = fake_upstream_lock(trial->upstream);
	for (int64_t id = 55; id <= 56; id++)
		fake_list_put_facts(list, &(struct fake_facts){.id = id, .destination = "back"});
	fake_upstream_unlock(trial->upstream);
	sync_whole(trial, 0, " 4 deleted");
	flights_are(&databases[trial->source], "96");
}

static int set_up(void **state)
{
	(void)state;
	/* Should the program ignore sync.upstream, no request leaves this machine. */
	setenv("https_proxy", "http://127.0.0.1:9", 1);
	setenv("no_proxy", "127.0.0.1", 1);
	for (int source = 0; source < SETTINGS_SOURCES; source++)
		test_database_init_schema(&databases[source]);
	no_openssl = !tls_upstream_start(&tls_upstream);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	if (!no_openssl)
		tls_upstream_stop(&tls_upstream);
	for (int source = 0; source < SETTINGS_SOURCES; source++) {
		test_database_fini(&databases[source]);
		if (writable[source].name[0] != '\0')
			test_database_fini(&writable[source]);
	}
	return 0;
}

int main(void)
{
	struct CMUnitTest tests[ROWS + 2] = {
		cmocka_unit_test(test_every_setting_has_a_row),
		cmocka_unit_test_teardown(test_five_percent, end_row),
	};

	for (size_t i = 0; i < ROWS; i++)
		tests[i + 2] = (struct CMUnitTest){rows[i].setting, test_row, NULL, end_row,
		                                   (void *)(uintptr_t)&rows[i]};
	return RUN_TESTS("sync_settings", tests, set_up, tear_down);
}
