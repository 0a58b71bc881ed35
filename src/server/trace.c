/* Traces requests for the access log and Server-Timing. */
#include "trace.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "access_log.h"
#include "base/clock.h"
#include "base/strbuf.h"
#include "request_counts.h"

enum {
	ID_MOST = 128,
	SPANS_MOST = 4,
	STATUS_CLIENT_GONE = 499, /* as nginx logs a request whose client did not wait */
};

struct trace {
	char id[ID_MOST + 1];
	struct {
		const char *name;
		int64_t duration;
	} spans[SPANS_MOST];
	size_t span_count;
	int64_t span_end; /* of the last, by clock_monotonic */
	int status;       /* 0: no response yet */
	unsigned route;
	size_t bytes;
	int64_t responded; /* by clock_monotonic */
	/* Owners of the bytes that are being sent; or NULL. */
	struct cache_entry *entry;
	struct response *own;
};

/* --- The request's id. --- */

static const char id_characters[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/+=@";

/* The proxy's, if it is fit for a log; any other client would write what it likes into it. */
static bool take_id(const struct exchange *exchange, char id[static ID_MOST + 1])
{
	const char *sent = exchange->client.proxied
	                           ? MHD_lookup_connection_value(exchange->connection,
	                                                         MHD_HEADER_KIND, "X-Request-ID")
	                           : NULL;
	size_t length = sent != NULL ? strlen(sent) : 0;

	if (length == 0 || length > ID_MOST || strspn(sent, id_characters) != length)
		return false;
	memcpy(id, sent, length + 1);
	return true;
}

/* Splitmix64, by Sebastiano Vigna: ids have to differ, and need not be hard to guess. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t mixed = *state += UINT64_C(0x9e3779b97f4a7c15);

	mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
	return mixed ^ mixed >> 31;
}

/* Of 128 bits, from a state that each thread has of its own. */
static void make_id(char id[static ID_MOST + 1])
{
	static _Thread_local uint64_t state[2];

	if (state[0] == 0 && getrandom(state, sizeof(state), 0) != sizeof(state))
		state[0] = (uint64_t)clock_monotonic() ^ (uint64_t)(uintptr_t)state;
	snprintf(id, ID_MOST + 1, "%016" PRIx64 "%016" PRIx64, next_random(&state[0]),
	         next_random(&state[1]));
}

/* --- From its begin to its response. --- */

static bool is_logged(const struct exchange *exchange)
{
	return exchange->settings->config->log_access[0] != '\0';
}

void trace_begin(struct exchange *exchange)
{
	struct trace *trace;

	if (!is_logged(exchange) && !exchange->settings->config->http_server_timing)
		return;
	trace = arena_alloc(&exchange->arena, sizeof(*trace));
	memset(trace, 0, sizeof(*trace));
	trace->span_end = exchange->begun;
	exchange->trace = trace;
	if (is_logged(exchange) && !take_id(exchange, trace->id))
		make_id(trace->id);
}

void trace_span(struct exchange *exchange, const char *name)
{
	struct trace *trace = exchange->trace;
	int64_t now;

	if (trace == NULL || trace->span_count == SPANS_MOST)
		return;
	now = clock_monotonic();
	trace->spans[trace->span_count].name = name;
	trace->spans[trace->span_count++].duration = now - trace->span_end;
	trace->span_end = now;
}

void trace_woken(struct exchange *exchange)
{
	if (exchange->trace != NULL)
		trace_span(exchange, exchange->trace->span_count > 0 ? "resume" : "shared");
}

/* `wait;dur=0.120, load;dur=3.456, total;dur=3.981`: milliseconds. */
static void add_server_timing(const struct exchange *exchange, struct MHD_Response *response)
{
	const struct trace *trace = exchange->trace;
	int64_t total = trace->responded - exchange->begun;
	struct strbuf value = STRBUF_INIT;

	for (size_t i = 0; i < trace->span_count; i++)
		strbuf_printf(&value, "%s;dur=%" PRId64 ".%03" PRId64 ", ", trace->spans[i].name,
		              trace->spans[i].duration / 1000, trace->spans[i].duration % 1000);
	strbuf_printf(&value, "total;dur=%" PRId64 ".%03" PRId64, total / 1000, total % 1000);
	(void)MHD_add_response_header(response, "Server-Timing", value.data);
	(void)MHD_add_response_header(response, "Timing-Allow-Origin", "*");
	strbuf_fini(&value);
}

void trace_note(struct exchange *exchange, int status)
{
	if (exchange->trace == NULL)
		return;
	exchange->trace->status = status;
	exchange->trace->responded = clock_monotonic();
}

/* Scripts of other origins may read it as well as what they may read anyway. */
static void add_request_id(struct MHD_Response *copy, const char *id)
{
	const char *exposed = MHD_get_response_header(copy, "Access-Control-Expose-Headers");
	char both[128];

	(void)MHD_add_response_header(copy, "X-Request-ID", id);
	if (exposed == NULL)
		return;
	snprintf(both, sizeof(both), "%s, X-Request-ID", exposed);
	(void)MHD_del_response_header(copy, "Access-Control-Expose-Headers", exposed);
	(void)MHD_add_response_header(copy, "Access-Control-Expose-Headers", both);
}

enum MHD_Result trace_queue(struct exchange *exchange, const struct response *response, int status,
                            struct cache_entry *entry, struct response *own)
{
	struct MHD_Response *copy = response_copy(response, status);
	struct trace *trace = exchange->trace;
	enum MHD_Result queued;

	trace->status = status;
	trace->route = response->route;
	trace->responded = clock_monotonic();
	trace->bytes =
		strcmp(exchange->method, "HEAD") == 0 ? 0 : response_length(response, status);
	trace->entry = entry;
	trace->own = own;
	if (trace->id[0] != '\0')
		add_request_id(copy, trace->id);
	if (exchange->settings->config->http_server_timing)
		add_server_timing(exchange, copy);
	queued = MHD_queue_response(exchange->connection, (unsigned)status, copy);
	MHD_destroy_response(copy);
	return queued;
}

/* --- Its end. --- */

static const char *header_of(const struct exchange *exchange, const char *name)
{
	return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

void trace_end(struct exchange *exchange, bool complete)
{
	const struct trace *trace = exchange->trace;
	struct access_log *log = atomic_load(&exchange->state->access_log);
	struct strbuf route = STRBUF_INIT;
	int64_t now = clock_monotonic();

	if (trace == NULL || trace->id[0] == '\0' || log == NULL)
		return;
	request_route_write(&route, trace->route);
	access_log_add(log, exchange->settings->config->log_access_format,
	               &(struct access){
			       .id = trace->id,
			       .client = exchange->client.address,
			       .method = exchange->method,
			       .version = exchange->version,
			       .host = exchange->headers.host,
			       .referer = header_of(exchange, "Referer"),
			       .user_agent = header_of(exchange, "User-Agent"),
			       .target = exchange->target,
			       .route = trace->status != 0 ? route.data : NULL,
			       .status = trace->status != 0 ? trace->status : STATUS_CLIENT_GONE,
			       .bytes = trace->bytes,
			       .complete = complete,
			       .responded = (trace->status != 0 ? trace->responded : now) -
	                                    exchange->begun,
			       .sent = now - exchange->begun,
		       });
	strbuf_fini(&route);
}

void trace_fini(struct exchange *exchange)
{
	if (exchange->trace == NULL)
		return;
	cache_entry_unref(exchange->trace->entry);
	if (exchange->trace->own != NULL)
		response_free(exchange->trace->own);
}
