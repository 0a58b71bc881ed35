/* Asks the upstream over HTTP within limits of time and size. One thread at a time, but sync_client_stop. */
#ifndef SYNC_CLIENT_H
#define SYNC_CLIENT_H

#include "base/error.h"
#include "sync/settings.h"
#include "sync/source.h"

struct sync_client;

/* Keeps the settings, which must outlive it. NULL with the error set. */
struct sync_client *sync_client_new(const struct sync_settings *settings,
                                    struct error *error) MUST_CHECK;
void sync_client_free(struct sync_client *client); /* NULL is fine */

/* The client as a source; its answers are:
   - TLS verified; HTTP/2 where TLS negotiates it, else HTTP/1.1 kept alive;
   - gzip and zstd unpacked while they come in, cut at the limit of size. */
struct sync_source sync_client_source(struct sync_client *client);

/* Ends what is under way, and everything later, with SYNC_STOPPED. Any thread, also a signal handler. */
void sync_client_stop(struct sync_client *client);

#endif
