/* The connections of clients: how many there may be, in all and of one address; how long a request may take to come;
   and what the system holds of answers that went to them. */
#ifndef CONNECTIONS_H
#define CONNECTIONS_H

#include <microhttpd.h>

#include "base/error.h"
#include "send_budget.h"

struct connections;

struct connections_settings {
	size_t most; /* of all, for the log alone: who accepts them keeps to it */
	size_t most_per_address;
	/* Whether an address may have any number of them; called with `context` by any thread. */
	bool (*is_trusted)(void *context, const struct ip *address);
	void *context;
	int64_t request_time; /* microseconds from a request's first byte to its last, at most */
	int64_t send_time;    /* in which a client has to take some of its answer */
	struct send_budget *budget; /* borrowed */
};

/* Starts a thread that looks after them. NULL with the error set. */
struct connections *connections_start(const struct connections_settings *settings,
                                      struct error *error) MUST_CHECK;
/* When all connections are closed. NULL is fine. */
void connections_stop(struct connections *connections);

/* Counts one more from this address; false: it has as many as it may. */
bool connections_admit(struct connections *connections, const struct sockaddr *address);
/* It did not begin after all. */
void connections_dismiss(struct connections *connections, const struct sockaddr *address);

/* As MHD_NotifyConnectionCallback: one that was admitted has begun, or ended. */
void connections_notify(void *connections, struct MHD_Connection *connection, void **context,
                        enum MHD_ConnectionNotificationCode code);

/* A request of the connection has come to its end; and has been answered, as far as the library knows. */
void connection_request_complete(struct MHD_Connection *connection);
void connection_request_ended(struct MHD_Connection *connection);

/* The system holds so many bytes of an answer for the connection, which count for the client until they are sent. */
void connection_hold(struct MHD_Connection *connection, const struct ip *client, size_t bytes);

#endif
