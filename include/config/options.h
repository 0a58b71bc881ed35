/* The one table of settings: file, environment, --set, help, manual, example and check all come from it. */
#ifndef CONFIG_OPTIONS_H
#define CONFIG_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"
#include "config/address.h"

/* `requests` in each `seconds`; 0 requests: no limit. */
struct rate {
	int64_t requests;
	int64_t seconds;
};

struct moment_setting {
	bool set;
	int64_t moment; /* microseconds since 1970 */
};

enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_JSON };

enum access_format { ACCESS_COMBINED, ACCESS_JSON };

/* The C type of each kind of setting. Texts are never NULL. */
#define OPTION_PLACES struct places
#define OPTION_URL const char *  /* scheme://host[:port], no slash behind; or empty */
#define OPTION_BASE const char * /* the same, or with a path_prefix_is_valid behind it */
#define OPTION_TEXT const char *
#define OPTION_CONNINFO const char * /* of libpq: a password in it is never shown */
#define OPTION_SECRET const char *   /* never shown */
#define OPTION_NETWORKS struct networks
#define OPTION_COUNT int64_t
#define OPTION_SECONDS int64_t
#define OPTION_SIZE int64_t
#define OPTION_BOOLEAN bool
#define OPTION_MOMENT struct moment_setting
#define OPTION_RATE struct rate
#define OPTION_MODE int64_t /* of a file: 0 to 0777 */
#define OPTION_LEVEL enum log_level
#define OPTION_FORMAT enum log_format
#define OPTION_LOG_FILE const char * /* `stderr`, an absolute path, or empty */
#define OPTION_ACCESS enum access_format

/* X(section, key, kind, least, most, default, help)
   The member of struct config is section_key, its type OPTION_<kind>; least and most bound numbers, and `least`
   says how many places there have to be.
   Sections stay together, in the order that the example file has them. */
#define OPTIONS(X) \
	X(server, listen, PLACES, 1, 0, "127.0.0.1:8000", \
	  "Where to listen, separated by commas: 127.0.0.1:8000, [::1]:8000, [::]:8000 (IPv4 " \
	  "too), localhost:8000 (all its addresses), unix:/run/x.sock.") \
	X(server, socket_mode, MODE, 0, 0, "660", \
	  "Permissions of the unix sockets of server.listen, in octal; who connects must be " \
	  "allowed to write.") \
	X(server, public_url, BASE, 0, 0, "", \
	  "scheme://host[:port][/path] of all links; empty: as the request's Host and a trusted " \
	  "proxy's X-Forwarded-Prefix have it. Requests may come with and without the path.") \
	X(server, allowed_hosts, TEXT, 0, 0, "*", \
	  "Hosts that are answered, separated by commas; .example.com takes in those below it; " \
	  "* is any. Others get the 400 page.") \
	X(server, trusted_proxies, NETWORKS, 0, 0, "", \
	  "Addresses or CIDRs, separated by commas, whose X-Forwarded-Proto, X-Forwarded-For and " \
	  "X-Forwarded-Prefix count. Who comes by a unix socket is 127.0.0.1.") \
	X(server, threads, COUNT, 1, 64, "1", "Threads that serve connections.") \
	X(server, workers, COUNT, 1, 64, "4", \
	  "Threads that read the database, each with a connection of its own.") \
	X(server, search_percent, COUNT, 1, 100, "10", \
	  "Percent of the workers' time that searches of one client may take; beyond, it gets " \
	  "429.") \
	X(server, connections, COUNT, 1, 1000000, "10000", \
	  "Clients connected at once, at most; fewer where the system allows fewer open files.") \
	X(server, connections_per_address, COUNT, 0, 1000000, "0", \
	  "Those of one address (of IPv6: one network of 64 bits), but for " \
	  "server.trusted_proxies " \
	  "and unix sockets; 0: a quarter of server.connections, 16 at least.") \
	X(server, idle_timeout, SECONDS, 1, 86400, "60", \
	  "How long a connection may be silent before it is closed.") \
	X(server, drain_timeout, SECONDS, 0, 3600, "5", \
	  "How long connections are kept after SIGTERM, each for one more answer; requests under " \
	  "way end in any case.") \
	X(server, request_timeout, SECONDS, 1, 3600, "10", \
	  "How long a request may take from its first byte to its last.") \
	X(server, send_timeout, SECONDS, 1, 3600, "20", \
	  "How long a client over TCP may take nothing of its answer before it is cut off.") \
	X(server, send_buffer, SIZE, 0, 1 << 30, "128K", \
	  "Bytes that the system may hold for a connection over TCP, as SO_SNDBUF takes them; 0: " \
	  "as many " \
	  "as it likes, for few clients with fast and long lines.") \
	X(server, clock, MOMENT, 0, 0, "", \
	  "A fixed moment, such as 2025-04-13T02:53:55Z, that live durations are computed for; " \
	  "for tests and replays. Empty: now.") \
	X(admin, listen, PLACES, 0, 0, "", \
	  "Where /live, /ready and /metrics are answered, written as server.listen is, and to " \
	  "any " \
	  "Host; empty: with all else, open to whoever reaches the server.") \
	X(http, redirect_upstream, BOOLEAN, 0, 0, "true", \
	  "Whether resources that are not served here answer with a redirect to sync.upstream; " \
	  "else 404.") \
	X(http, server_timing, BOOLEAN, 0, 0, "false", \
	  "Whether answers say in Server-Timing, which browsers show, what their time went to.") \
	X(database, conninfo, CONNINFO, 0, 0, "", \
	  "Connection string of libpq, several hosts allowed; empty: its defaults and the PG* " \
	  "variables.") \
	X(database, timeout, SECONDS, 1, 3600, "10", \
	  "How long a request may wait for the database, or for its page to be made, before it " \
	  "is answered with 503.") \
	X(cache, size, SIZE, 0, INT64_MAX, "256M", \
	  "Memory for documents and answers, half for each, such as 512K, 256M or 2G; 0: no " \
	  "cache.") \
	X(cache, max_age, SECONDS, 0, 31536000, "10", \
	  "How long clients may cache an answer (Cache-Control).") \
	X(cache, stale_if_error, SECONDS, 0, 31536000, "86400", \
	  "While the database is away, how long after it was last seen what is in the cache is " \
	  "still answered; 0: not at all.") \
	X(throttle, rate, RATE, 0, 0, "", \
	  "Requests that a client may make, such as 15/hour (second, minute, hour, day); empty: " \
	  "any number.") \
	X(sync, upstream, URL, 0, 0, "https://ll.thespacedevs.com", \
	  "Where sync reads from and redirects lead to: scheme://host[:port].") \
	X(sync, endpoints, TEXT, 0, 0, "", \
	  "Lists that sync reads, separated by commas, such as launches, pads; empty: all.") \
	X(sync, token, SECRET, 0, 0, "", "API key, sent as Authorization: Token ...") \
	X(sync, interval, SECONDS, 0, 31536000, "0", \
	  "Time between recent passes that serve makes by itself, where the budget allows; 0: " \
	  "none.") \
	X(sync, full_interval, SECONDS, 60, 31536000, "86400", \
	  "Time between passes that read all of a list, likewise; recent ones read what can have " \
	  "changed.") \
	X(sync, conninfo, CONNINFO, 0, 0, "", \
	  "Connection string for sync, where that of database.conninfo may only read; " \
	  "empty: the same.") \
	X(sync, contact, TEXT, 0, 0, "", \
	  "Address or page by which the upstream can reach you, sent in User-Agent.") \
	X(sync, budget, COUNT, 0, 1000000, "0", \
	  "Requests an hour, at most, of all servers over a database together; 0: 12 of the " \
	  "original's 15, any number towards other upstreams.") \
	X(sync, page_size, COUNT, 1, 100, "100", \
	  "Documents of a request; halved for a while where answers time out.") \
	X(sync, page_limit, COUNT, 1, 1000000, "1000", "Pages of one pass, at most.") \
	X(sync, answer_size, SIZE, 1024, 1073741824, "32M", \
	  "The largest answer that is taken, unpacked.") \
	X(sync, connect_timeout, SECONDS, 1, 600, "10", "Time for a connection.") \
	X(sync, stall_timeout, SECONDS, 1, 3600, "30", "Time that an answer may stand still.") \
	X(sync, timeout, SECONDS, 1, 86400, "120", "Time for a whole answer.") \
	X(sync, retries, COUNT, 0, 100, "4", "How often a page that fails is requested again.") \
	X(sync, backoff, COUNT, 1, 3600000, "1000", \
	  "Milliseconds before the first of these; doubled for each further one.") \
	X(sync, backoff_most, COUNT, 1, 86400000, "60000", \
	  "Milliseconds before any of them, at most.") \
	X(sync, wait_most, SECONDS, 0, 604800, "7200", \
	  "Time that a pass waits, at most, when the upstream throttles.") \
	X(sync, stale, SECONDS, 0, 31536000, "21600", \
	  "A pass that was cut off goes on if it began no longer ago; else a new one begins.") \
	X(sync, delete_percent, COUNT, 0, 100, "5", \
	  "A pass that would delete more of a list than that, and more than three rows, deletes " \
	  "none.") \
	X(sync, ca_file, TEXT, 0, 0, "", \
	  "File of certificates to trust for the upstream's; empty: the system's.") \
	X(log, level, LEVEL, 0, 0, "info", \
	  "The least that is logged: debug, info, warning, error.") \
	X(log, format, FORMAT, 0, 0, "text", "text, or json for machines.") \
	X(log, access, LOG_FILE, 0, 0, "", \
	  "Where each request is logged with its answer, whose X-Request-ID names it: the path " \
	  "of " \
	  "a file, which SIGHUP opens anew, or stderr; empty: nowhere.") \
	X(log, access_format, ACCESS, 0, 0, "combined", \
	  "combined, as Apache and nginx write it, or json, with the id, the route and " \
	  "durations.")

/* X(name): the settings that a running server takes from its file when it reads that again; a name that ends with
   a dot stands for its whole section. All others need a restart. */
#define LIVE_OPTIONS(X) \
	X("server.public_url") \
	X("server.allowed_hosts") \
	X("server.trusted_proxies") \
	X("http.redirect_upstream") \
	X("http.server_timing") \
	X("cache.max_age") \
	X("cache.stale_if_error") \
	X("throttle.rate") \
	X("sync.") \
	X("log.")

#endif
