/* bare PORT HEADERS BODY [THREADS]: the least that a server over libmicrohttpd can do: one answer, made
   beforehand from two files and queued for every request. It is the limit that the library sets. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *load(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	char *data = NULL;
	size_t room = 0;

	*length = 0;
	while (file != NULL && !feof(file)) {
		room = room ? 2 * room : 1 << 16;
		data = realloc(data, room);
		if (data == NULL)
			abort();
		*length += fread(data + *length, 1, room - *length - 1, file);
	}
	if (data == NULL) {
		fprintf(stderr, "bare: cannot read %s\n", path);
		exit(1);
	}
	fclose(file);
	data[*length] = '\0';
	return data;
}

/* What the library writes itself is left out. */
static void add_headers(struct MHD_Response *response, char *lines)
{
	static const char *const own[] = {"content-length", "date", "connection"};

	for (char *line = strsep(&lines, "\n"); line != NULL; line = strsep(&lines, "\n")) {
		char *value = strchr(line, ':');
		int skip = value == NULL;

		line[strcspn(line, "\r")] = '\0';
		if (value != NULL)
			*value++ = '\0';
		for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
			skip = skip || strcasecmp(line, own[i]) == 0;
		if (!skip)
			MHD_add_response_header(response, line, value + strspn(value, " "));
	}
}

static enum MHD_Result answer(void *response, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *size, void **request)
{
	(void)url;
	(void)method;
	(void)version;
	(void)data;
	(void)size;
	/* An answer that is queued at the first call, before the request is read to its end, costs the
	   connection. */
	if (*request == NULL) {
		*request = response;
		return MHD_YES;
	}
	return MHD_queue_response(connection, MHD_HTTP_OK, response);
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct MHD_Response *response;
	struct MHD_Daemon *daemon;
	sigset_t signals;
	size_t length;
	int caught;
	char *body;

	if (argc < 4) {
		fprintf(stderr, "usage: bare PORT HEADERS BODY [THREADS]\n");
		return 2;
	}
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	address.sin_port = htons((uint16_t)atoi(argv[1]));
	body = load(argv[3], &length);
	response = MHD_create_response_from_buffer(length, body, MHD_RESPMEM_MUST_FREE);
	body = load(argv[2], &length);
	add_headers(response, body);
	free(body);
	/* Some versions refuse a pool of one thread. */
	daemon = MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, response,
		MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)16384,
		argc > 4 && atoi(argv[4]) > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END,
		argc > 4 ? (unsigned)atoi(argv[4]) : 0, MHD_OPTION_END);
	if (daemon == NULL) {
		fprintf(stderr, "bare: cannot listen\n");
		return 1;
	}
	sigwait(&signals, &caught);
	MHD_stop_daemon(daemon);
	MHD_destroy_response(response);
	return 0;
}
