/* Makes good answers and bad ones. */
#include "support/fake_answer.h"

#include <errno.h>
#include <inttypes.h>
#include <libdeflate.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <zstd.h>

#include "support/cmocka.h"

#define HUGE_BYTES (INT64_C(100) << 20)
#define DRIP_NANOSECONDS 20000000

const char *const fake_fault_words[] = {
#define X(name, words) words,
	FAKE_FAULTS(X)
#undef X
};

static const struct {
	enum fake_fault fault;
	int status;
	const char *type, *headers, *body;
} statuses[] = {
	{FAKE_THROTTLED_SECONDS, 429, "application/json", "Retry-After: 1\r\n",
         "{\"detail\":\"Request was throttled. Expected available in 1 second.\"}"},
	{FAKE_THROTTLED_BARE, 429, "application/json", "",
         "{\"detail\":\"Request was throttled.\"}"},
	{FAKE_THROTTLED_DATE, 429, "application/json", "",
         "{\"detail\":\"Request was throttled.\"}"},
	{FAKE_UNAUTHORIZED, 401, "application/json", "WWW-Authenticate: Token\r\n",
         "{\"detail\":\"Invalid token.\"}"},
	{FAKE_FORBIDDEN, 403, "application/json", "", "{\"detail\":\"Forbidden.\"}"},
	{FAKE_NOT_FOUND, 404, "text/html", "", "<h1>Not Found</h1>"},
	{FAKE_ERROR_500, 500, "text/html", "", "<h1>Server Error (500)</h1>"},
	{FAKE_ERROR_502, 502, "text/html", "", "<html><h1>502 Bad Gateway</h1></html>"},
	{FAKE_ERROR_503, 503, "text/html", "Retry-After: 1\r\n", "<h1>Maintenance</h1>"},
	{FAKE_ERROR_504, 504, "text/html", "", "<h1>504 Gateway Time-out</h1>"},
	{FAKE_HTML_200, 200, "text/html; charset=utf-8", "", "<html>Sign in to the network</html>"},
	{FAKE_REDIRECT_ELSEWHERE, 302, "text/html", "Location: http://127.0.0.2:9/\r\n", ""},
	{FAKE_WRONG_SHAPE, 200, "application/json", "",
         "{\"count\":\"three\",\"next\":null,\"results\":[]}"},
	{FAKE_LATIN_1, 200, "application/json", "", "\"Acc\xe8s refus\xe9\""},
	{FAKE_NULL_RESULTS, 200, "application/json", "",
         "{\"count\":3,\"next\":null,\"previous\":null,\"results\":null}"},
};

static const struct {
	enum fake_fault fault;
	enum fake_wire wire;
} wires[] = {
	{FAKE_RESET, WIRE_RESET},         {FAKE_RESET_EARLY, WIRE_NOTHING_RESET},
	{FAKE_CLOSED, WIRE_CLOSE},        {FAKE_STALL, WIRE_NOTHING_SILENT},
	{FAKE_STALL_MIDDLE, WIRE_SILENT}, {FAKE_DRIP, WIRE_DRIP},
};

static void date_add(struct strbuf *out, const char *name, time_t when)
{
	char text[64];
	struct tm utc;

	gmtime_r(&when, &utc);
	strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &utc);
	strbuf_printf(out, "%s: %s\r\n", name, text);
}

/* The first place of a text in the body; the tests' documents have all that is looked for. */
static char *body_find(struct fake_answer *answer, const char *text)
{
	char *at = strstr(answer->body.data, text);

	assert_non_null(at);
	return at;
}

/* Puts the first flight's id into the second, or changes the two. */
static void ids_spoil(struct fake_answer *answer, bool exchange)
{
	char *first = body_find(answer, "{\"id\":") + 6;
	char *second = first;
	struct strbuf spoilt = STRBUF_INIT;
	long a = strtol(first, NULL, 10), b;

	/* Documents begin with id and destination; others, such as launches, do not. */
	do {
		second = strstr(second + 1, "{\"id\":");
		assert_non_null(second);
	} while (strncmp(second + 6 + strspn(second + 6, "0123456789"), ",\"destination\"", 14) !=
	         0);
	b = strtol(second + 6, NULL, 10);
	strbuf_add(&spoilt, answer->body.data, (size_t)(first - answer->body.data));
	strbuf_printf(&spoilt, "%ld", exchange ? b : a);
	first += strspn(first, "0123456789");
	strbuf_add(&spoilt, first, (size_t)(second + 6 - first));
	strbuf_printf(&spoilt, "%ld%s", a, second + 6 + strspn(second + 6, "0123456789"));
	strbuf_fini(&answer->body);
	answer->body = spoilt;
}

static void body_spoil(struct fake_answer *answer, enum fake_fault fault)
{
	struct strbuf spoilt = STRBUF_INIT;
	char *at;

	switch (fault) {
	case FAKE_TRUNCATED:
		answer->body.length /= 2;
		break;
	case FAKE_WRONG_JSON:
		*body_find(answer, ",\"mission_end\"") = ' ';
		break;
	case FAKE_WRONG_FLIGHT:
		at = strchr(body_find(answer, "\"mission_end\":"), ':') + 1;
		strbuf_add(&spoilt, answer->body.data, (size_t)(at - answer->body.data));
		strbuf_printf(&spoilt, "17%s", at + strcspn(at, ","));
		strbuf_fini(&answer->body);
		answer->body = spoilt;
		break;
	case FAKE_DUPLICATE:
	case FAKE_DISORDER:
		ids_spoil(answer, fault == FAKE_DISORDER);
		break;
	default:
		break;
	}
}

/* What the page says of itself. */
static void page_spoil(struct fake_page *page, enum fake_fault fault, const struct fake_list *list,
                       const char *url)
{
	int64_t total = (int64_t)list->count;

	switch (fault) {
	case FAKE_SHORT:
	case FAKE_SKIPPED:
		page->cut = 1;
		break;
	case FAKE_COUNT_MORE:
		page->count = total + 1;
		break;
	case FAKE_COUNT_LESS:
		page->count = total - 1;
		break;
	case FAKE_REPEATED:
		page->offset = 0;
		break;
	case FAKE_NEXT_ELSEWHERE:
		page->next = "http://127.0.0.2:9/2.3.0/spacecraft_flights/?limit=100&offset=100";
		break;
	case FAKE_NEXT_ENDLESS:
		page->next = url;
		break;
	default:
		break;
	}
}

static bool status_make(struct fake_answer *answer, enum fake_fault fault)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		if (statuses[i].fault != fault)
			continue;
		answer->status = statuses[i].status;
		answer->type = statuses[i].type;
		strbuf_str(&answer->headers, statuses[i].headers);
		strbuf_str(&answer->body, statuses[i].body);
		if (fault == FAKE_THROTTLED_DATE)
			date_add(&answer->headers, "Retry-After", time(NULL) + 1);
		return true;
	}
	return false;
}

/* A loop, or (the target gets a mark on the way) a detour. */
static bool redirect_make(struct fake_answer *answer, enum fake_fault fault, const char *target)
{
	if (fault != FAKE_REDIRECT_LOOP && fault != FAKE_REDIRECT_ONCE)
		return false;
	answer->status = 302;
	strbuf_printf(&answer->headers, "Location: %s%s\r\n", target,
	              fault == FAKE_REDIRECT_ONCE ? "&moved=1" : "");
	return true;
}

static void other_path(struct fake_answer *answer, const struct fake_page *page)
{
	struct strbuf spoilt = STRBUF_INIT;
	char *at = strchr(body_find(answer, "\"next\":"), ':') + 1;

	strbuf_add(&spoilt, answer->body.data, (size_t)(at - answer->body.data));
	strbuf_printf(&spoilt, "\"%s/2.3.0/launches/?limit=100&offset=100\"%s", page->origin,
	              at + strcspn(at, ","));
	strbuf_fini(&answer->body);
	answer->body = spoilt;
}

void fake_answer_make(struct fake_answer *answer, enum fake_fault fault,
                      const struct fake_list *list, struct fake_page page, const char *target)
{
	static const struct fake_list nothing = {.count = 0};
	char url[1024];

	if (fault == FAKE_EMPTY)
		list = &nothing;
	*answer = (struct fake_answer){.status = 200, .type = "application/json"};
	snprintf(url, sizeof(url), "%s%s", page.origin, target);
	if (!status_make(answer, fault) && !redirect_make(answer, fault, target)) {
		page_spoil(&page, fault, list, url);
		fake_list_page(list, &page, &answer->body);
		body_spoil(answer, fault);
	}
	if (fault == FAKE_NEXT_OTHER_PATH)
		other_path(answer, &page);
	if (fault == FAKE_HUGE || fault == FAKE_HUGE_GZIP)
		answer->padding = fault == FAKE_HUGE ? HUGE_BYTES : HUGE_BYTES / 8;
	for (size_t i = 0; i < sizeof(wires) / sizeof(wires[0]); i++)
		if (wires[i].fault == fault)
			answer->wire = wires[i].wire;
	for (int i = 0; i < 1024 && fault == FAKE_HUGE_HEADER; i++)
		strbuf_printf(&answer->headers, "X-%d: %01000d\r\n", i, i);
}

void fake_answer_fini(struct fake_answer *answer)
{
	strbuf_fini(&answer->headers);
	strbuf_fini(&answer->body);
}

static void gzip_pack(struct strbuf *body)
{
	struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(6);
	struct strbuf packed = STRBUF_INIT;
	size_t bound = libdeflate_gzip_compress_bound(compressor, body->length);

	packed.length = libdeflate_gzip_compress(compressor, body->data, body->length,
	                                         strbuf_reserve(&packed, bound), bound);
	libdeflate_free_compressor(compressor);
	strbuf_fini(body);
	*body = packed;
}

static void zstd_pack(struct strbuf *body)
{
	struct strbuf packed = STRBUF_INIT;
	size_t bound = ZSTD_compressBound(body->length);

	packed.length =
		ZSTD_compress(strbuf_reserve(&packed, bound), bound, body->data, body->length, 3);
	strbuf_fini(body);
	*body = packed;
}

void fake_answer_pack(struct fake_answer *answer, enum fake_fault fault)
{
	if (!answer->encoding)
		return;
	if (fault == FAKE_HUGE_GZIP) {
		memset(strbuf_reserve(&answer->body, (size_t)answer->padding), ' ',
		       (size_t)answer->padding);
		answer->body.length += (size_t)answer->padding;
		answer->padding = 0;
	}
	if (strcmp(answer->encoding, "gzip") == 0)
		gzip_pack(&answer->body);
	else
		zstd_pack(&answer->body);
	if (fault == FAKE_GZIP_CUT)
		answer->body.length /= 2;
	if (fault == FAKE_GZIP_BROKEN)
		answer->body.data[answer->body.length / 2] ^= 0x55;
	strbuf_printf(&answer->headers, "Content-Encoding: %s\r\n", answer->encoding);
}

static bool send_all(int fd, const char *data, size_t length)
{
	while (length > 0) {
		ssize_t sent = send(fd, data, length, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		data += sent;
		length -= (size_t)sent;
	}
	return true;
}

static bool send_drip(int fd, const char *data, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (!send_all(fd, data + i, 1))
			return false;
		nanosleep(&(struct timespec){0, DRIP_NANOSECONDS}, NULL);
	}
	return true;
}

static bool send_padding(int fd, int64_t padding)
{
	char spaces[16384]; /* its own: several upstreams may send at once */

	memset(spaces, ' ', sizeof(spaces));
	for (; padding > 0; padding -= (int64_t)sizeof(spaces))
		if (!send_all(fd, spaces, sizeof(spaces)))
			return false;
	return true;
}

/* Until the peer has had enough. */
static void be_silent(int fd)
{
	struct pollfd peer = {.fd = fd, .events = POLLRDHUP};

	while (poll(&peer, 1, -1) < 0 && errno == EINTR)
		continue;
}

static void reset(int fd)
{
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
}

static void head_write(const struct fake_answer *answer, struct strbuf *out)
{
	strbuf_printf(out, "HTTP/1.1 %d X\r\nContent-Type: %s\r\nContent-Length: %" PRId64 "\r\n",
	              answer->status, answer->type, (int64_t)answer->body.length + answer->padding);
	date_add(out, "Date", time(NULL));
	if (answer->headers.length > 0)
		strbuf_add(out, answer->headers.data, answer->headers.length);
	strbuf_str(out, "\r\n");
}

bool fake_answer_send(const struct fake_answer *answer, int fd)
{
	struct strbuf head = STRBUF_INIT;
	size_t half = answer->body.length / 2;
	bool sent = false;

	head_write(answer, &head);
	switch (answer->wire) {
	case WIRE_WHOLE:
		sent = send_all(fd, head.data, head.length) &&
		       send_all(fd, answer->body.data, answer->body.length) &&
		       send_padding(fd, answer->padding);
		break;
	case WIRE_DRIP:
		sent = send_all(fd, head.data, head.length) &&
		       send_drip(fd, answer->body.data, answer->body.length);
		break;
	case WIRE_RESET:
	case WIRE_CLOSE:
	case WIRE_SILENT:
		if (send_all(fd, head.data, head.length) && send_all(fd, answer->body.data, half) &&
		    answer->wire == WIRE_SILENT)
			be_silent(fd);
		break;
	case WIRE_NOTHING_SILENT:
		be_silent(fd);
		break;
	case WIRE_NOTHING_RESET:
		break;
	}
	if (answer->wire == WIRE_RESET || answer->wire == WIRE_NOTHING_RESET)
		reset(fd);
	strbuf_fini(&head);
	return sent;
}
