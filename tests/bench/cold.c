/* cold flights|lists PORT CONNINFO NOW RUNS: the server without its cache against PostgreSQL, which builds the same
   documents itself: flights, or rows of other lists. Both must say the same; then they take turns, and a line tells
   the medians. NOW is the server's fixed clock. */
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
	const struct endpoint *endpoint;
	int count;        /* of rows; 1: by its own route */
	const char *mode; /* in the query; NULL: none */
	enum view_id view;
	const char *first; /* SQL: which row to take where it is one; NULL: the first */
};

/* Of the stations that which has most to tell. */
#define BUSIEST_STATION \
	"SELECT space_station_target_id AS id FROM docking_event WHERE departure IS NULL" \
	" AND space_station_target_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"

static const struct workload flights[] = {
	{"1 flight, detailed", &endpoint_spacecraft_flight, 1, NULL, DETAILED, NULL},
	{"10 flights, normal", &endpoint_spacecraft_flight, 10, NULL, NORMAL, NULL},
	{"100 flights, detailed", &endpoint_spacecraft_flight, 100, "detailed", DETAILED, NULL},
	{0},
};

static const struct workload lists[] = {
	{"100 launches, detailed", &endpoint_launch, 100, "detailed", DETAILED, NULL},
	{"100 launches, normal", &endpoint_launch, 100, NULL, NORMAL, NULL},
	{"100 agencies, detailed", &endpoint_agency, 100, "detailed", FULL, NULL},
	{"100 agencies, normal", &endpoint_agency, 100, NULL, NORMAL, NULL},
	{"1 space station", &endpoint_space_station, 1, NULL, FULL, BUSIEST_STATION},
	{0},
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
	char ids[8192]; /* {1,2,3} */
	char first[64];
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

static void choose_rows(struct base *base, const struct workload *workload)
{
	const struct endpoint *endpoint = workload->endpoint;
	char rows[300], sql[400];
	PGresult *result;

	snprintf(rows, sizeof(rows), "SELECT id FROM %s ORDER BY %s%s id LIMIT %d",
	         endpoint->resource->name, endpoint->order ? endpoint->order : "",
	         endpoint->order ? "," : "", workload->count);
	snprintf(sql, sizeof(sql), "SELECT array_agg(id), (array_agg(id))[1] FROM (%s) s",
	         workload->first ? workload->first : rows);
	result = must(base, PQexec(base->connection, sql));
	snprintf(base->ids, sizeof(base->ids), "%s", PQgetvalue(result, 0, 0));
	snprintf(base->first, sizeof(base->first), "%s", PQgetvalue(result, 0, 1));
	PQclear(result);
}

static void prepare(struct base *base, const struct workload *workload, const char *now)
{
	struct strbuf sql = STRBUF_INIT;

	json_sql_write(&sql, workload->endpoint, workload->view, "http://bench", "?format=json",
	               now);
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

	if (PQntuples(built) != workload->count)
		die("PostgreSQL has fewer rows");
	for (int i = 0; i < workload->count; i++) {
		json_t *theirs = json_loads(PQgetvalue(built, i, 0), 0, NULL);
		const json_t *row = workload->count == 1 ? ours : json_array_get(list, (size_t)i);

		if (!json_sql_same(workload->endpoint->resource, workload->view, row, theirs))
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
	printf("| %s | %.2f | %.2f | %.2f |\n", workload->name, a, b, a / b);
}

static void write_path(const struct base *base, const struct workload *workload, char path[256])
{
	int length = snprintf(path, 256, VERSION_PATH "%s/", workload->endpoint->path);

	if (workload->count == 1)
		snprintf(path + length, (size_t)(256 - length), "%s/?format=json", base->first);
	else
		snprintf(path + length, (size_t)(256 - length), "?format=json&limit=%d%s%s",
		         workload->count, workload->mode ? "&mode=" : "",
		         workload->mode ? workload->mode : "");
}

static void compare_both(struct peer *peer, struct base *base, const struct workload *workload,
                         const char *now, int runs)
{
	char path[256];
	PGresult *built;

	choose_rows(base, workload);
	prepare(base, workload, now);
	write_path(base, workload, path);
	built = build(base, workload);
	check(workload, ask(peer, path), built);
	PQclear(built);
	measure(peer, base, workload, path, runs);
}

int main(int argc, char **argv)
{
	const struct workload *workload = NULL;
	struct peer peer;
	struct base base;
	int runs = argc == 6 ? atoi(argv[5]) : 0;

	if (runs >= 1 && runs <= RUNS_MAX)
		workload = strcmp(argv[1], "flights") == 0 ? flights
		           : strcmp(argv[1], "lists") == 0 ? lists
		                                           : NULL;
	if (workload == NULL) {
		fprintf(stderr, "usage: cold flights|lists PORT CONNINFO NOW RUNS\n");
		return 2;
	}
	peer_open(&peer, atoi(argv[2]));
	base_open(&base, argv[3]);
	for (; workload->name != NULL; workload++)
		compare_both(&peer, &base, workload, argv[4], runs);
	PQfinish(base.connection);
	close(peer.socket);
	strbuf_fini(&peer.answer);
	return 0;
}
