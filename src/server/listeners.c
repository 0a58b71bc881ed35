/* Opens, shuts and closes the sockets that clients connect to. */
#include "server/listeners.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/systemd.h"
#include "config/config.h"

enum {
	BACKLOG = 1024,
	RECEIVE_BUFFER =
		16 *
		1024, /* as SO_RCVBUF takes it: the largest head, twice with what the system adds */
	ADDRESS_SIZE = NI_MAXHOST + NI_MAXSERV + 4, /* with brackets and colon */
};

struct listener {
	int fd;
	char *path;   /* of a unix socket; NULL: it is none, or not there any more */
	dev_t device; /* of its file */
	ino_t inode;
};

struct listeners {
	struct listener *items;
	size_t count;
	const struct places *places; /* borrowed while they are opened */
	const char *setting;         /* where those stand */
	bool inherited;              /* from systemd, which has them open too */
};

/* An address to bind to; unix sockets have one too. */
struct target {
	const struct sockaddr *address;
	socklen_t length;
	bool ipv6_only;
};

/* --- All sockets. --- */

/* Connections over TCP have what their listening socket has. Left alone, the system lets each grow to megabytes:
   few are then served much faster than the others, and what is copied into them falls out of the processor's
   caches before it is sent. */
static bool limit_send_buffer(int fd, int64_t bytes)
{
	int size = (int)bytes;

	return size == 0 || setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)) == 0;
}

/* What is limited for who does not read what he is sent, or does not stop to send: the bytes that the system holds,
   of requests no more than a few, and the time for which it holds them, also of connections that are closed. */
static bool limit_connections(int fd, const struct config *config)
{
	const int receive = RECEIVE_BUFFER;
	int family = AF_UNSPEC;
	/* Connections that are not closed yet are cut off before; the system looks at them less closely. */
	unsigned milliseconds = (unsigned)config->server_send_timeout * 3000;
	socklen_t length = sizeof(family);

	if (!limit_send_buffer(fd, config->server_send_buffer) ||
	    getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &length) != 0)
		return false;
	return family == AF_UNIX ||
	       (setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive, sizeof(receive)) == 0 &&
	        setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds,
	                   sizeof(milliseconds)) == 0);
}

static bool set_options(int fd, const struct target *target)
{
	int on = 1, ipv6_only = target->ipv6_only;

	if (target->address->sa_family == AF_UNIX)
		return true;
	return setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	       (target->address->sa_family != AF_INET6 ||
	        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &ipv6_only, sizeof(ipv6_only)) == 0);
}

/* A socket that is bound and takes no connections yet; -1 with errno set. */
static int bind_socket(const struct config *config, const struct target *target)
{
	int fd = socket(target->address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int code;

	if (fd >= 0 && set_options(fd, target) && limit_connections(fd, config) &&
	    bind(fd, target->address, target->length) == 0)
		return fd;
	code = errno;
	if (fd >= 0)
		close(fd);
	errno = code;
	return -1;
}

static struct listener *add(struct listeners *listeners, int fd)
{
	listeners->items =
		must(realloc(listeners->items, (listeners->count + 1) * sizeof(*listeners->items)));
	listeners->items[listeners->count] = (struct listener){.fd = fd};
	return &listeners->items[listeners->count++];
}

static bool set_error(const struct listeners *listeners, struct error *error,
                      const struct place *place, const char *why)
{
	return error_set(error, "%s: cannot listen on %s: %s", listeners->setting, place->text,
	                 why);
}

/* --- Addresses and names. --- */

static bool listen_at(struct listeners *listeners, const struct config *config,
                      const struct target *target)
{
	int fd = bind_socket(config, target);

	if (fd < 0)
		return false;
	(void)add(listeners, fd); /* closed with the others where this fails */
	return listen(fd, BACKLOG) == 0;
}

/* `[::]` takes connections of IPv4 too, unless `0.0.0.0` does that at the same port. */
static bool has_ipv4_any(const struct places *places, in_port_t port)
{
	for (size_t i = 0; i < places->count; i++) {
		const struct sockaddr_in *in =
			(const struct sockaddr_in *)&places->items[i].address.socket;

		if (places->items[i].kind == PLACE_ADDRESS && in->sin_family == AF_INET &&
		    in->sin_port == port && in->sin_addr.s_addr == htonl(INADDR_ANY))
			return true;
	}
	return false;
}

static bool open_address(struct listeners *listeners, const struct config *config,
                         const struct place *place, struct error *error)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&place->address.socket;
	const struct target target = {
		.address = (const struct sockaddr *)&place->address.socket,
		.length = place->address.length,
		.ipv6_only = in6->sin6_family == AF_INET6 &&
	                     (!IN6_IS_ADDR_UNSPECIFIED(&in6->sin6_addr) ||
	                      has_ipv4_any(listeners->places, in6->sin6_port)),
	};

	return listen_at(listeners, config, &target) ||
	       set_error(listeners, error, place, strerror(errno));
}

static bool is_listed_before(const struct addrinfo *list, const struct addrinfo *item)
{
	for (; list != item; list = list->ai_next)
		if (list->ai_addrlen == item->ai_addrlen &&
		    memcmp(list->ai_addr, item->ai_addr, item->ai_addrlen) == 0)
			return true;
	return false;
}

/* Machines without IPv6 may have names that have an address of it, and the other way round. */
static bool is_not_here(int code)
{
	return code == EADDRNOTAVAIL || code == EAFNOSUPPORT;
}

/* At all addresses that the machine has; one at least. */
static bool open_addresses(struct listeners *listeners, const struct config *config,
                           const struct place *place, const struct addrinfo *list,
                           struct error *error)
{
	size_t before = listeners->count;

	for (const struct addrinfo *item = list; item; item = item->ai_next) {
		const struct target target = {item->ai_addr, item->ai_addrlen, true};

		if (!is_listed_before(list, item) && !listen_at(listeners, config, &target) &&
		    !is_not_here(errno))
			return set_error(listeners, error, place, strerror(errno));
	}
	return listeners->count > before ||
	       set_error(listeners, error, place, strerror(EADDRNOTAVAIL));
}

static bool open_name(struct listeners *listeners, const struct config *config,
                      const struct place *place, struct error *error)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
	                               .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
	struct addrinfo *list;
	int failed = getaddrinfo(place->name, place->port, &hints, &list);
	bool opened;

	if (failed)
		return set_error(listeners, error, place,
		                 failed == EAI_SYSTEM ? strerror(errno) : gai_strerror(failed));
	opened = open_addresses(listeners, config, place, list, error);
	freeaddrinfo(list);
	return opened;
}

/* --- Unix sockets. --- */

/* Servers that come and go look at a socket's file and replace or remove it one after the other: they lock its
   directory meanwhile. The lock ends when it is closed; -1: there is none, as the directory cannot be read. */
static int lock_directory(const char *path)
{
	char *directory = must(strndup(path, (size_t)(strrchr(path, '/') - path) + 1));
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(directory);
	if (fd >= 0 && flock(fd, LOCK_EX) != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Whether somebody listens there, or may do so. */
static bool is_live(const struct target *target)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool dead = fd >= 0 && connect(fd, target->address, target->length) != 0 &&
	            errno == ECONNREFUSED;

	if (fd >= 0)
		close(fd);
	return !dead;
}

/* Removes the socket that a server has left behind that was killed. */
static bool remove_stale(const struct listeners *listeners, const struct place *place,
                         const struct target *target, struct error *error)
{
	struct stat status;

	if (lstat(place->path, &status) != 0)
		return errno == ENOENT || set_error(listeners, error, place, strerror(errno));
	if (!S_ISSOCK(status.st_mode))
		return set_error(listeners, error, place, "there is a file that is no socket");
	if (is_live(target))
		return set_error(listeners, error, place, strerror(EADDRINUSE));
	return unlink(place->path) == 0 || set_error(listeners, error, place, strerror(errno));
}

/* The file exists from bind on, and its permissions are right before anybody can connect. */
static bool bind_unix(struct listeners *listeners, const struct config *config,
                      const struct place *place, const struct target *target)
{
	int fd = bind_socket(config, target);
	struct listener *listener;
	struct stat status;

	if (fd < 0)
		return false;
	listener = add(listeners, fd);
	if (lstat(place->path, &status) != 0)
		return false;
	listener->path = must(strdup(place->path));
	listener->device = status.st_dev;
	listener->inode = status.st_ino;
	return chmod(place->path, (mode_t)config->server_socket_mode) == 0 &&
	       listen(fd, BACKLOG) == 0;
}

static bool open_unix(struct listeners *listeners, const struct config *config,
                      const struct place *place, struct error *error)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const struct target target = {(const struct sockaddr *)&address, sizeof(address), false};
	int lock = lock_directory(place->path);
	bool opened;

	/* Its length was checked with the settings. */
	memcpy(address.sun_path, place->path, strlen(place->path) + 1);
	opened = remove_stale(listeners, place, &target, error) &&
	         (bind_unix(listeners, config, place, &target) ||
	          set_error(listeners, error, place, strerror(errno)));
	if (lock >= 0)
		close(lock);
	return opened;
}

/* Removes the file of a socket, unless another server has put its own there. */
static void remove_file(struct listener *listener)
{
	int lock = lock_directory(listener->path);
	struct stat status;

	if (lstat(listener->path, &status) == 0 && status.st_dev == listener->device &&
	    status.st_ino == listener->inode && unlink(listener->path) != 0)
		log_warning("%s: cannot be removed: %s", listener->path, strerror(errno));
	if (lock >= 0)
		close(lock);
	free(listener->path);
	listener->path = NULL;
}

/* --- Sockets of systemd. --- */

/* False with the error set: it is no socket that connections can come by. */
static bool check_inherited(int fd, struct error *error)
{
	int listens = 0;
	socklen_t length = sizeof(listens);

	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) != 0)
		return error_set(error, "LISTEN_FDS: descriptor %d: %s", fd, strerror(errno));
	return listens || error_set(error, "LISTEN_FDS: descriptor %d takes no connections", fd);
}

static bool inherit(struct listeners *listeners, const struct config *config, int fd,
                    struct error *error)
{
	if (!check_inherited(fd, error))
		return false;
	(void)add(listeners, fd);
	return (fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
	        limit_connections(fd, config)) ||
	       error_set(error, "LISTEN_FDS: descriptor %d: %s", fd, strerror(errno));
}

struct listeners *listeners_inherit(const struct config *config, int count, struct error *error)
{
	struct listeners *listeners = must(calloc(1, sizeof(*listeners)));

	listeners->inherited = true;
	for (int i = 0; i < count; i++)
		if (!inherit(listeners, config, SYSTEMD_SOCKET_FIRST + i, error)) {
			listeners_close(listeners);
			return NULL;
		}
	return listeners;
}

bool listeners_inherited(const struct listeners *listeners)
{
	return listeners->inherited;
}

/* --- All together. --- */

static bool open_place(struct listeners *listeners, const struct config *config,
                       const struct place *place, struct error *error)
{
	switch (place->kind) {
	case PLACE_ADDRESS:
		return open_address(listeners, config, place, error);
	case PLACE_NAME:
		return open_name(listeners, config, place, error);
	case PLACE_UNIX:
		break;
	}
	return open_unix(listeners, config, place, error);
}

struct listeners *listeners_open(const struct config *config, const struct places *places,
                                 const char *setting, struct error *error)
{
	struct listeners *listeners = must(calloc(1, sizeof(*listeners)));

	listeners->places = places;
	listeners->setting = setting;
	for (size_t i = 0; i < places->count; i++)
		if (!open_place(listeners, config, &places->items[i], error)) {
			listeners_close(listeners);
			return NULL;
		}
	return listeners;
}

size_t listeners_count(const struct listeners *listeners)
{
	return listeners->count;
}

int listeners_socket(const struct listeners *listeners, size_t index)
{
	return listeners->items[index].fd;
}

/* `127.0.0.1:8000` or `[::1]:8000`. */
static void format_address(const struct sockaddr_storage *address, socklen_t length,
                           char text[ADDRESS_SIZE])
{
	char host[NI_MAXHOST] = "?", port[NI_MAXSERV] = "?";

	(void)getnameinfo((const struct sockaddr *)address, length, host, sizeof(host), port,
	                  sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV);
	snprintf(text, ADDRESS_SIZE, address->ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host,
	         port);
}

static void log_listener(const struct listener *listener, const char *what)
{
	struct sockaddr_storage bound = {0};
	socklen_t length = sizeof(bound);
	char text[ADDRESS_SIZE];

	if (listener->path) {
		log_info("%s on unix:%s", what, listener->path);
	} else if (getsockname(listener->fd, (struct sockaddr *)&bound, &length) != 0) {
		log_warning("listening on a socket without a name: %s", strerror(errno));
	} else if (bound.ss_family == AF_UNIX) {
		log_info("%s on unix:%s, from systemd", what,
		         ((const struct sockaddr_un *)&bound)->sun_path);
	} else {
		format_address(&bound, length, text);
		log_info("%s on http://%s/", what, text);
	}
}

void listeners_log(const struct listeners *listeners, const char *what)
{
	for (size_t i = 0; i < listeners->count; i++)
		log_listener(&listeners->items[i], what);
}

void listeners_shut(struct listeners *listeners)
{
	for (size_t i = 0; i < listeners->count; i++) {
		if (listeners->items[i].path)
			remove_file(&listeners->items[i]);
		if (!listeners->inherited)
			shutdown(listeners->items[i].fd, SHUT_RDWR);
	}
}

void listeners_close(struct listeners *listeners)
{
	if (!listeners)
		return;
	listeners_shut(listeners);
	for (size_t i = 0; i < listeners->count; i++)
		close(listeners->items[i].fd);
	free(listeners->items);
	free(listeners);
}
