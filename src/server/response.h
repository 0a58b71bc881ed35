/* From an answer to a response of libmicrohttpd: headers, entity tag, compression. One place finishes all
   answers. */
#ifndef RESPONSE_H
#define RESPONSE_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "protocol/variant.h"
#include "query/body.h"

#define ETAG_SIZE 64

struct body;

/* What is to be sent. Texts are borrowed; the body is the answer's. */
struct answer {
	int status;
	unsigned route; /* that it is counted for, as request_route_of has it */
	const char *content_type;
	bool negotiated;       /* made by the API: with Vary and Allow */
	bool has_etag;         /* may be requested again: with ETag, Cache-Control and codings */
	int64_t max_age;       /* seconds, for Cache-Control; with has_etag */
	bool outdated;         /* with Age and Cache-Status: the data may have changed since */
	int64_t age;           /* seconds; with outdated */
	int64_t retry_after;   /* seconds; 0: none */
	const char *location;  /* or NULL */
	bool preflight;        /* of CORS: with what is allowed */
	const char *policy;    /* Content-Security-Policy, or NULL */
	struct strbuf body;    /* empty bodies may have no data */
	bool bodiless;         /* to HEAD: without body, tag and length, which nobody has made */
	struct pieces *pieces; /* what follows the body, which is not compressed then; or NULL */
};

/* A finished response, which any number of connections may be given at once. Never changes, but for who pays. */
struct response {
	_Atomic bool paid; /* its body counts for a client, or did so */
	int status;
	unsigned route; /* that it is counted for */
	struct MHD_Response *whole;
	struct MHD_Response *not_modified; /* with the same tag; NULL: it has none */
	char etag[ETAG_SIZE];              /* with its quotes; empty: none */
	struct body *body;                 /* of `whole`, which owns it; NULL: bodiless */
	size_t size;                       /* bytes in memory */
};

/* Compresses the body where that is worth it, and makes the response; takes the answer's body and pieces. */
struct response *response_new(struct answer *answer, enum encoding encoding)
	__attribute__((returns_nonnull));
void response_free(void *response);

/* The same response with the headers of one that is outdated, of so many seconds. The body stays that of the entry, of
   which the new response has a reference. */
struct response *response_new_outdated(struct cache_entry *entry, int64_t age)
	__attribute__((returns_nonnull));

/* The status that the response has for a client: 304 where the client has it already. `if_none_match`: the
   header's value, or NULL. */
int response_status(const struct response *response, const char *if_none_match);
/* Gives the response to a connection, with that status. */
enum MHD_Result response_queue(const struct response *response, struct MHD_Connection *connection,
                               int status);

/* One with that status for one connection alone, to which headers may be added; to be destroyed as the library's
   are. The bytes stay those of `response`, which must live until they are sent. */
struct MHD_Response *response_copy(const struct response *response, int status)
	__attribute__((returns_nonnull));
/* The bytes of the body that goes with that status. */
size_t response_length(const struct response *response, int status);

#endif
