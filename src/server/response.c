/* Finishes answers: tags, compresses and dresses them in headers. */
#include "response.h"

#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>
#include <zstd.h>

#include "base/memory.h"
#include "base/metrics.h"

enum {
	COMPRESS_FROM = 860, /* bytes; below, headers and one packet cost more than it saves */
	GZIP_LEVEL = 6,
	ZSTD_LEVEL = 3,
	RESPONSE_OVERHEAD = 2048, /* two MHD responses and their headers */
};

static size_t compress_gzip(const struct strbuf *body, struct strbuf *out)
{
	struct libdeflate_compressor *gzip = must(libdeflate_alloc_compressor(GZIP_LEVEL));
	size_t bound = libdeflate_gzip_compress_bound(gzip, body->length);
	char *room = strbuf_reserve(out, bound);
	size_t length = libdeflate_gzip_compress(gzip, body->data, body->length, room, bound);
	libdeflate_free_compressor(gzip);
	return length;
}

static size_t compress_zstd(const struct strbuf *body, struct strbuf *out)
{
	size_t bound = ZSTD_compressBound(body->length);
	char *room = strbuf_reserve(out, bound);
	size_t length = ZSTD_compress(room, bound, body->data, body->length, ZSTD_LEVEL);
	return ZSTD_isError(length) ? 0 : length;
}

/* Puts the compressed body in the place of the plain one; false where it stays plain. */
static bool compress(struct strbuf *body, enum encoding encoding)
{
	struct strbuf out = STRBUF_INIT;
	if (encoding == ENCODING_IDENTITY || body->length < COMPRESS_FROM)
		return false;
	out.length =
		encoding == ENCODING_GZIP ? compress_gzip(body, &out) : compress_zstd(body, &out);
	if (out.length == 0 || out.length >= body->length) {
		strbuf_fini(&out);
		return false;
	}
	strbuf_fini(body);
	*body = out;
	return true;
}

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
	if (MHD_add_response_header(response, name, value) == MHD_NO)
		abort(); /* a header of ours that cannot be sent: out of memory, or a mistake */
}

static XXH128_hash_t hash_body(const struct answer *answer)
{
	const struct strbuf *body = &answer->body;
	return answer->pieces != NULL ? pieces_hash(answer->pieces, body->data, body->length)
	                              : XXH3_128bits(body->data, body->length);
}

/* The tag names the plain bytes and their coding: the same document has the same tag on every server. */
static void make_etag(XXH128_hash_t plain, enum encoding encoding, char etag[static ETAG_SIZE])
{
	static const char *const marks[ENCODING_COUNT] = {
		[ENCODING_IDENTITY] = "", [ENCODING_GZIP] = "-gzip", [ENCODING_ZSTD] = "-zstd"};
	snprintf(etag, ETAG_SIZE, "\"%016llx%016llx%s\"", (unsigned long long)plain.high64,
	         (unsigned long long)plain.low64, marks[encoding]);
}

#define EXPOSE "Access-Control-Expose-Headers"

/* How long ago it was known to be true (RFC 9111), and why it is given nevertheless (RFC 9211). */
static void add_age(struct MHD_Response *response, int64_t age)
{
	char text[96];
	snprintf(text, sizeof(text), "%lld", (long long)age);
	add_header(response, "Age", text);
	snprintf(text, sizeof(text), "spacecraft-flights; hit; ttl=%lld; detail=stale-if-error",
	         (long long)-age);
	add_header(response, "Cache-Status", text);
	(void)MHD_del_response_header(response, EXPOSE, "ETag, Retry-After");
	add_header(response, EXPOSE, "Age, Cache-Status, ETag, Retry-After");
}

/* What a 304 repeats of the whole answer's headers (RFC 9110, 15.4.5), and what every answer has. */
static void add_common_headers(struct MHD_Response *response, const struct answer *answer,
                               const char *etag)
{
	char text[64];
	if (answer->negotiated) {
		add_header(response, "Vary",
		           answer->has_etag ? "Accept, Accept-Encoding" : "Accept");
		add_header(response, "Allow", "GET");
	} else if (answer->has_etag) {
		add_header(response, "Vary", "Accept-Encoding");
	}
	add_header(response, "Access-Control-Allow-Origin", "*");
	add_header(response, EXPOSE, "ETag, Retry-After");
	if (answer->outdated)
		add_age(response, answer->age);
	if (!answer->has_etag)
		return;
	snprintf(text, sizeof(text), "public, max-age=%lld", (long long)answer->max_age);
	add_header(response, "Cache-Control", text);
	if (etag[0] != '\0')
		add_header(response, "ETag", etag);
}

/* A body, or its beginning and the pieces behind that. It is counted for as long as somebody has it: connections may
   go on sending it long after it is in no cache any more. */
struct body {
	char *data;
	size_t length;
	int64_t size;          /* that is counted */
	struct pieces *pieces; /* or NULL */
};

static void free_body(void *value)
{
	struct body *body = value;
	metric_add(METRIC_http_answer_bytes, -body->size);
	if (body->pieces != NULL)
		pieces_free(body->pieces);
	free(body->data);
	free(body);
}

/* Takes both. */
static struct body *body_new(struct strbuf *data, struct pieces *pieces)
{
	struct body *body = must(malloc(sizeof(*body)));
	*body = (struct body){.pieces = pieces};
	body->data = strbuf_steal(data, &body->length);
	body->size = (int64_t)body->length + RESPONSE_OVERHEAD;
	metric_add(METRIC_http_answer_bytes, body->size);
	return body;
}

/* `release(owner)` is called with the response's end; NULL: nothing is. */
static struct MHD_Response *body_response(const struct body *body, void (*release)(void *owner),
                                          void *owner)
{
	const struct pieces *pieces = body->pieces;
	if (pieces == NULL)
		return must(MHD_create_response_from_buffer_with_free_callback_cls(
			body->length, body->data, release, owner));
	struct MHD_IoVec *vector = must(calloc(pieces->count + 1, sizeof(*vector)));
	vector[0] = (struct MHD_IoVec){body->data, body->length};
	for (size_t i = 0; i < pieces->count; i++)
		vector[i + 1] = (struct MHD_IoVec){pieces->piece[i].data, pieces->piece[i].length};
	struct MHD_Response *response = must(MHD_create_response_from_iovec(
		vector, (unsigned)pieces->count + 1, release, owner));
	free(vector);
	return response;
}

/* Responses to HEAD have no body: never called. */
static ssize_t read_nothing(void *context, uint64_t position, char *buffer, size_t size)
{
	(void)context;
	(void)position;
	(void)buffer;
	(void)size;
	return MHD_CONTENT_READER_END_WITH_ERROR;
}

/* Where the length is not known, the library marks the body's end by the connection's, or by a last chunk. That it
   would send also where there is no body. */
static struct MHD_Response *bodiless_response(void)
{
	struct MHD_Response *response = must(
		MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1, read_nothing, NULL, NULL));
	if (MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END) ==
	    MHD_NO)
		abort(); /* an option that the library does not know */
	return response;
}

/* Takes the body; NULL: bodiless. */
static struct MHD_Response *make_whole(const struct answer *answer, struct body *body,
                                       const char *etag, enum encoding encoding)
{
	char text[32];
	struct MHD_Response *whole =
		body == NULL ? bodiless_response() : body_response(body, free_body, body);
	if (answer->content_type != NULL)
		add_header(whole, "Content-Type", answer->content_type);
	if (answer->retry_after > 0) {
		snprintf(text, sizeof(text), "%lld", (long long)answer->retry_after);
		add_header(whole, "Retry-After", text);
	}
	add_common_headers(whole, answer, etag);
	if (encoding != ENCODING_IDENTITY)
		add_header(whole, "Content-Encoding", encoding_names[encoding]);
	if (answer->location != NULL)
		add_header(whole, "Location", answer->location);
	if (answer->preflight) {
		add_header(whole, "Access-Control-Allow-Methods", "GET, HEAD");
		/* `*` does not cover Authorization. */
		add_header(
			whole, "Access-Control-Allow-Headers",
			"*, Accept, Authorization, Cache-Control, Content-Type, If-Modified-Since, "
			"If-None-Match, X-Requested-With");
		add_header(whole, "Access-Control-Max-Age", "86400");
	}
	if (answer->policy != NULL) {
		add_header(whole, "Content-Security-Policy", answer->policy);
		add_header(whole, "X-Content-Type-Options", "nosniff");
	}
	return whole;
}

/* The library writes "Content-Length: 0". The whole body's length, which RFC 9110 (8.6) would rather see, can
   be had by a content reader that is never called, but parsers in use wait for a body then. */
static struct MHD_Response *make_not_modified(const struct answer *answer, const char *etag)
{
	struct MHD_Response *response =
		must(MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT));
	add_common_headers(response, answer, etag);
	return response;
}

struct response *response_new(struct answer *answer, enum encoding encoding)
{
	struct response *response = must(calloc(1, sizeof(*response)));
	XXH128_hash_t plain = {0, 0};
	bool has_etag = answer->has_etag && !answer->bodiless;
	if (has_etag)
		plain = hash_body(answer);
	if (!answer->bodiless && (answer->pieces != NULL || !compress(&answer->body, encoding)))
		encoding = ENCODING_IDENTITY;
	if (has_etag) {
		make_etag(plain, encoding, response->etag);
		response->not_modified = make_not_modified(answer, response->etag);
	}
	response->status = answer->status;
	response->route = answer->route;
	response->size = answer->body.length + sizeof(*response) + RESPONSE_OVERHEAD;
	/* The pieces live as long as the response, whoever else drops them. */
	if (answer->pieces != NULL)
		response->size += pieces_length(answer->pieces);
	if (!answer->bodiless)
		response->body = body_new(&answer->body, answer->pieces);
	response->whole = make_whole(answer, response->body, response->etag, encoding);
	return response;
}

void response_free(void *value)
{
	struct response *response = value;
	MHD_destroy_response(response->whole);
	if (response->not_modified != NULL)
		MHD_destroy_response(response->not_modified);
	free(response);
}

int response_status(const struct response *response, const char *if_none_match)
{
	return response->not_modified != NULL && if_none_match != NULL &&
	                       etag_matches(if_none_match, response->etag)
	               ? MHD_HTTP_NOT_MODIFIED
	               : response->status;
}

enum MHD_Result response_queue(const struct response *response, struct MHD_Connection *connection,
                               int status)
{
	return MHD_queue_response(connection, (unsigned)status,
	                          status == MHD_HTTP_NOT_MODIFIED ? response->not_modified
	                                                          : response->whole);
}

static enum MHD_Result copy_header(void *copy, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
	(void)kind;
	add_header(copy, name, value);
	return MHD_YES;
}

static struct MHD_Response *copy_body(const struct response *response, int status)
{
	if (status == MHD_HTTP_NOT_MODIFIED)
		return must(MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT));
	if (response->body == NULL)
		return bodiless_response();
	return body_response(response->body, NULL, NULL);
}

struct MHD_Response *response_copy(const struct response *response, int status)
{
	struct MHD_Response *copy = copy_body(response, status);
	MHD_get_response_headers(status == MHD_HTTP_NOT_MODIFIED ? response->not_modified
	                                                         : response->whole,
	                         copy_header, copy);
	return copy;
}

size_t response_length(const struct response *response, int status)
{
	const struct body *body = response->body;
	if (status == MHD_HTTP_NOT_MODIFIED || body == NULL)
		return 0;
	return body->length + (body->pieces != NULL ? pieces_length(body->pieces) : 0);
}

/* --- Outdated. --- */

static void release_entry(void *entry)
{
	cache_entry_unref(entry);
}

struct response *response_new_outdated(struct cache_entry *entry, int64_t age)
{
	const struct response *original = cache_entry_value(entry);
	struct response *response = must(calloc(1, sizeof(*response)));
	response->status = original->status;
	response->route = original->route;
	response->body = original->body;
	memcpy(response->etag, original->etag, sizeof(response->etag));
	response->size = original->size;
	response->whole = body_response(original->body, release_entry, cache_entry_ref(entry));
	MHD_get_response_headers(original->whole, copy_header, response->whole);
	add_age(response->whole, age);
	if (original->not_modified != NULL) {
		response->not_modified = response_copy(original, MHD_HTTP_NOT_MODIFIED);
		add_age(response->not_modified, age);
	}
	return response;
}
