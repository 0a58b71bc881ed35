/* cold PORT CONNINFO NOW RUNS: the server without its cache against PostgreSQL, which builds the same
   documents itself: one flight, ten in normal mode, a hundred in detailed. Both must say the same; then
   they take turns, and a line tells the medians. NOW is the server's fixed clock. */
#include <arpa/inet.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/strbuf.h"
#include "resources/all.h"
#include "support/json_sql.h"

#define RUNS_MAX 1000

struct workload {
	const char *name;
	const char *query;
	int flights;
	enum view_id view;
};

static const struct workload workloads[] = {
	{"1 flight, detailed", NULL, 1, DETAILED},
	{"10 flights, normal", "?format=json", 10, NORMAL},
	{"100 flights, detailed", "?format=json&limit=100&mode=detailed", 100, DETAILED},
};

static void die(const char *what)
{
	fprintf(stderr, "cold: %s\n", what);
	exit(1);
}

/* --- Over HTTP --- */

struct peer {
	int socket;
	struct strbuf answer;
};

static void peer_open(struct peer *peer, int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	                              .sin_port = htons((uint16_t)port),
	                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	*peer = (struct peer){.socket = socket(AF_INET, SOCK_STREAM, 0)};
	if (connect(peer->socket, (struct sockaddr *)&address, sizeof(address)) != 0)
		die("no server there");
}

static void receive(struct peer *peer)
{
	char *room = strbuf_reserve(&peer->answer, 1 << 20);
	ssize_t got = recv(peer->socket, room, 1 << 20, 0);

	if (got <= 0)
		die("the server hung up");
	peer->answer.length += (size_t)got;
	peer->answer.data[peer->answer.length] = '\0';
}

/* The body of the answer, the peer's until the next call. */
static const char *ask(struct peer *peer, const char *path)
{
	char request[512];
	int length = snprintf(request, sizeof(request),
	                      "GET %s HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\n\r\n",
	                      path);
	const char *body;
	const char *size;
	size_t head;
	size_t all;

	strbuf_reset(&peer->answer);
	if (send(peer->socket, request, (size_t)length, 0) != length)
		die("cannot send");
	do
		receive(peer);
	while ((body = strstr(peer->answer.data, "\r\n\r\n")) == NULL);
	size = strcasestr(peer->answer.data, "\r\nContent-Length:");
	if (strncmp(peer->answer.data, "HTTP/1.1 200", 12) != 0 || size == NULL || size > body)
		die(peer->answer.data);
	head = (size_t)(body - peer->answer.data) + 4;
	all = head + strtoul(size + 17, NULL, 10);
	while (peer->answer.length < all)
		receive(peer);
	return peer->answer.data + head;
}

/* --- In PostgreSQL --- */

struct base {
	PGconn *connection;
	char ids[4096]; /* {1,2,3} */
	char first[32];
};

static PGresult *must(struct base *base, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
		die(PQerrorMessage(base->connection));
	return result;
}

static void base_open(struct base *base, const char *conninfo)
{
	base->connection = PQconnectdb(conninfo);
	if (PQstatus(base->connection) != CONNECTION_OK)
		die(PQerrorMessage(base->connection));
	PQclear(must(base, PQexec(base->connection, JSON_SQL_SETTINGS)));
}

static void choose_flights(struct base *base, const struct workload *workload)
{
	char sql[200];
	PGresult *result;

	snprintf(sql, sizeof(sql),
	         "SELECT array_agg(id), min(id) FROM"
	         " (SELECT id FROM spacecraft_flight ORDER BY id LIMIT %d) s",
	         workload->flights);
	result = must(base, PQexec(base->connection, sql));
	snprintf(base->ids, sizeof(base->ids), "%s", PQgetvalue(result, 0, 0));
	snprintf(base->first, sizeof(base->first), "%s", PQgetvalue(result, 0, 1));
	PQclear(result);
}

static void prepare(struct base *base, const struct workload *workload, const char *now)
{
	struct strbuf sql = STRBUF_INIT;

	json_sql_write(&sql, workload->view, "http://bench", "?format=json", now);
	PQclear(must(base, PQprepare(base->connection, workload->name, sql.data, 1, NULL)));
	strbuf_fini(&sql);
}

static PGresult *build(struct base *base, const struct workload *workload)
{
	const char *ids = base->ids;

	return must(base, PQexecPrepared(base->connection, workload->name, 1, &ids, NULL, NULL, 0));
}

/* --- Both --- */

static void check(const struct workload *workload, const char *body, const PGresult *built)
{
	json_t *ours = json_loads(body, JSON_DISABLE_EOF_CHECK, NULL);
	const json_t *list = json_object_get(ours, "results");

	if (PQntuples(built) != workload->flights)
		die("PostgreSQL has fewer flights");
	for (int i = 0; i < workload->flights; i++) {
		json_t *theirs = json_loads(PQgetvalue(built, i, 0), 0, NULL);
		const json_t *flight =
			workload->flights == 1 ? ours : json_array_get(list, (size_t)i);

		if (!json_sql_same(&resource_spacecraft_flight, workload->view, flight, theirs))
			die("the two do not say the same");
		json_decref(theirs);
	}
	json_decref(ours);
}

static int compare_times(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static double median(int64_t *times, int count)
{
	qsort(times, (size_t)count, sizeof(*times), compare_times);
	count /= 2;
	return (double)times[count] / 1000;
}

/* Taking turns with the same work, so that both have the same weather. */
static void measure(struct peer *peer, struct base *base, const struct workload *workload,
                    const char *path, int runs)
{
	int64_t ours[RUNS_MAX] = {0};
	int64_t theirs[RUNS_MAX] = {0};
	double a;
	double b;

	for (int i = 0; i < runs; i++) {
		int64_t begin = clock_monotonic();
		int64_t middle;

		ask(peer, path);
		middle = clock_monotonic();
		PQclear(build(base, workload));
		ours[i] = middle - begin;
		theirs[i] = clock_monotonic() - middle;
	}
	a = median(ours, runs);
	b = median(theirs, runs);
	printf("%-36s %9.2f ms %9.2f ms %8.2f\n", workload->name, a, b, a / b);
}

static void compare_both(struct peer *peer, struct base *base, const struct workload *workload,
                         const char *now, int runs)
{
	char path[256];
	PGresult *built;

	choose_flights(base, workload);
	prepare(base, workload, now);
	snprintf(path, sizeof(path), "/2.3.0/spacecraft_flights/%s%s",
	         workload->query ? "" : base->first,
	         workload->query ? workload->query : "/?format=json");
	built = build(base, workload);
	check(workload, ask(peer, path), built);
	PQclear(built);
	measure(peer, base, workload, path, runs);
}

int main(int argc, char **argv)
{
	struct peer peer;
	struct base base;
	int runs = argc == 5 ? atoi(argv[4]) : 0;

	if (runs < 1 || runs > RUNS_MAX) {
		fprintf(stderr, "usage: cold PORT CONNINFO NOW RUNS\n");
		return 2;
	}
	peer_open(&peer, atoi(argv[1]));
	base_open(&base, argv[2]);
	for (size_t i = 0; i < sizeof(workloads) / sizeof(workloads[0]); i++)
		compare_both(&peer, &base, &workloads[i], argv[3], runs);
	PQfinish(base.connection);
	close(peer.socket);
	strbuf_fini(&peer.answer);
	return 0;
}
