/* An upstream over TLS (`openssl s_server`) with one page and a self-signed certificate. */
#ifndef SUPPORT_TLS_UPSTREAM_H
#define SUPPORT_TLS_UPSTREAM_H

#include <stdbool.h>

#include "support/command.h"
#include "support/temporary.h"

struct tls_upstream {
	char directory[TEMPORARY_SIZE]; /* of its files */
	char certificate[TEMPORARY_SIZE + 16]; /* path of the file; it is for 127.0.0.1 */
	char url[64];          /* https://127.0.0.1:PORT */
	int port;
	struct process process;
};

/* Starts it, and waits until it takes connections; its list is flight 1, whose destination is `over TLS`.
   False where there is no openssl. */
bool tls_upstream_start(struct tls_upstream *upstream);
void tls_upstream_stop(struct tls_upstream *upstream);

#endif
