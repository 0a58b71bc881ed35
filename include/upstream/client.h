/* Requests over HTTP by libcurl, within limits of time and size. One thread at a time, but
   upstream_client_stop. */
#ifndef UPSTREAM_CLIENT_H
#define UPSTREAM_CLIENT_H

#include "base/error.h"
#include "upstream/settings.h"
#include "upstream/source.h"

struct upstream_client;

/* The settings must outlive it. NULL with the error set. */
struct upstream_client *upstream_client_new(const struct upstream_settings *settings,
                                            struct error *error) MUST_CHECK;
void upstream_client_free(struct upstream_client *client); /* NULL is fine */

/* The client as a source. TLS is verified; HTTP/2 is used where TLS negotiates it, else HTTP/1.1 with
   persistent connections; gzip and zstd are decompressed as they come in, cut at the limit of size. */
struct upstream_source upstream_client_source(struct upstream_client *client);

/* Ends the current request, and each later one, with UPSTREAM_STOPPED. Any thread, also a signal handler. */
void upstream_client_stop(struct upstream_client *client);

#endif
