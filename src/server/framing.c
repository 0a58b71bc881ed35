/* Checks the first bytes of connections, and heads of requests: that the library has understood all of their bytes, and
   what is in them. */
#include "framing.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/router.h"
#include "request_counts.h"

/* --- The first bytes. --- */

/* The beginning of what HTTP/2 says first (RFC 9113, 3.4), which is no method of HTTP/1. */
static const char http2[] = "PRI ";

/* Bytes that are read after a refusal: more than the system holds. */
enum { REST_MOST = 64 * 1024 };

/* Lines may be empty before the first one. */
static bool may_begin_request(unsigned char byte)
{
	return byte == '\r' || byte == '\n' || (byte > ' ' && byte < 0x7f);
}

enum greeting greeting_of(int fd)
{
	char first[sizeof(http2) - 1];
	ssize_t length = recv(fd, first, sizeof(first), MSG_PEEK | MSG_DONTWAIT);

	if (length < 0)
		return errno == EAGAIN || errno == EINTR ? GREETING_NONE : GREETING_GONE;
	if (length == 0)
		return GREETING_GONE;
	if (!may_begin_request((unsigned char)first[0]))
		return GREETING_OTHER;
	if (memcmp(first, http2, (size_t)length) != 0)
		return GREETING_HTTP;
	return (size_t)length == sizeof(first) ? GREETING_OTHER : GREETING_NONE;
}

void greeting_refuse(int fd)
{
	static const char answer[] = "HTTP/1.1 400 Bad Request\r\n"
				     "Content-Type: text/plain; charset=utf-8\r\n"
				     "Content-Length: 30\r\n"
				     "Connection: close\r\n\r\n"
				     "Only HTTP/1.1 is spoken here.\n";
	char rest[4096];
	size_t left = REST_MOST / sizeof(rest);

	(void)send(fd, answer, sizeof(answer) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	/* What is not read when the connection is closed takes the answer with it. Others wait meanwhile, so that who
	   goes on sending is not read for longer. */
	while (left > 0 && recv(fd, rest, sizeof(rest), MSG_DONTWAIT) > 0)
		left--;
	close(fd);
	request_count(ROUTE_NONE, MHD_HTTP_BAD_REQUEST, 0);
}

/* --- The fields. --- */

bool framing_library_refuses(void)
{
	return MHD_get_version()[0] != '0';
}

enum { VERSION_LENGTH = 8 /* HTTP/1.1 */, END_LENGTH = 2 /* CR and LF */ };

/* What is seen on the way through the fields. */
struct fields {
	const char *next;  /* where the next one has to begin */
	const char *fault; /* the first; or NULL */
	struct text host;  /* the last, where there are several, which are refused for that */
	size_t lengths, codings;
	bool is_chunked;
};

static bool is_token_byte(unsigned char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
	       (byte >= 'A' && byte <= 'Z') || (byte != '\0' && strchr("!#$%&'*+-.^_`|~", byte));
}

static bool is_token(const char *text)
{
	const char *at = text;

	while (is_token_byte((unsigned char)*at))
		at++;
	return at > text && *at == '\0';
}

static bool has_control(const char *text)
{
	for (; *text; text++)
		if (((unsigned char)*text < 0x20 && *text != '\t') || *text == 0x7f)
			return true;
	return false;
}

/* Whether there is nothing but white space from one place to another. */
static bool is_blank(const char *from, const char *to)
{
	while (from < to && (*from == ' ' || *from == '\t'))
		from++;
	return from == to;
}

static const char *check_field(const struct fields *fields, const char *name, const char *value)
{
	const char *colon = name + strlen(name);

	/* A field that was folded has another's bytes, or is elsewhere; one with a NUL was cut short, as was the
	   one before; a line that ends with LF alone leaves a gap. */
	if (name != fields->next || value <= colon || !is_blank(colon + 1, value))
		return "A header field is folded, cut by a NUL, or does not end with CR and LF.";
	if (!is_token(name))
		return "A header field has no name, or one with bytes that no name can have.";
	if (has_control(value))
		return "A header field has a control character.";
	return NULL;
}

/* Where the next field begins: behind the NUL and what is left of CR and LF. A library that cuts blanks off leaves them
   there, and CR and LF behind them. */
static const char *behind_line(const char *value_end)
{
	const char *at = value_end + 1;

	if (!framing_library_refuses())
		return value_end + END_LENGTH;
	while (*at == ' ' || *at == '\t')
		at++;
	return at + (*at == '\r' ? END_LENGTH : END_LENGTH - 1);
}

static enum MHD_Result take_field(void *context, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
	struct fields *fields = context;

	(void)kind;
	if (value == NULL) /* the library's sign of an empty one */
		value = "";
	fields->fault = check_field(fields, name, value);
	if (fields->fault != NULL)
		return MHD_NO;
	fields->next = behind_line(value + strlen(value));
	if (strcasecmp(name, MHD_HTTP_HEADER_HOST) == 0) {
		fields->host = text_of(value);
	} else if (strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0) {
		fields->lengths++;
	} else if (strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0) {
		fields->is_chunked = strcasecmp(value, "chunked") == 0;
		fields->codings++;
	}
	return MHD_YES;
}

static const char *check_fields(const struct fields *fields, const char *version)
{
	if (fields->lengths > 1)
		return "There is more than one Content-Length.";
	if (fields->codings > 0 && fields->lengths > 0)
		return "There are both Content-Length and Transfer-Encoding.";
	if (fields->codings > 1 || (fields->codings == 1 && !fields->is_chunked))
		return "Only one Transfer-Encoding is understood: chunked.";
	if (fields->codings > 0 && strcmp(version, MHD_HTTP_VERSION_1_0) == 0)
		return "HTTP/1.0 knows no Transfer-Encoding.";
	return NULL;
}

/* --- The target. --- */

static bool has_space_or_control(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if ((unsigned char)text.data[i] <= ' ')
			return true;
	return false;
}

static bool begins_with_word(struct text text, const char *word)
{
	return text.length >= strlen(word) && strncasecmp(text.data, word, strlen(word)) == 0;
}

/* The authority of an absolute-form; without data: the target has another form. */
static struct text authority_of(struct text target)
{
	struct text authority = {NULL, 0};
	size_t length = 0;

	if (begins_with_word(target, "http://"))
		authority = text_from(target, strlen("http://"));
	else if (begins_with_word(target, "https://"))
		authority = text_from(target, strlen("https://"));
	while (length < authority.length && !strchr("/?#", authority.data[length]))
		length++;
	authority.length = length;
	return authority;
}

static const char *check_target(struct text target, struct text host)
{
	struct text authority = authority_of(target);

	if (has_space_or_control(target))
		return "The target has a space or a control character.";
	if (authority.data != NULL && (host.length != authority.length ||
	                               strncasecmp(host.data, authority.data, host.length) != 0))
		return "The target names another host than Host does.";
	return NULL;
}

/* --- All of it. --- */

const char *framing_fault(const struct framing *framing)
{
	const union MHD_ConnectionInfo *size = MHD_get_connection_info(
		framing->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	const char *target_end = framing->target_begin + framing->target.length;
	struct fields fields = {.next = framing->version + VERSION_LENGTH + END_LENGTH};
	const char *fault;

	if (framing->method + strlen(framing->method) + 1 != framing->target_begin ||
	    target_end + 1 != framing->version)
		return "The request line has a NUL, or too many spaces.";
	if (!is_token(framing->method))
		return "The method has bytes that no method can have.";
	MHD_get_connection_values(framing->connection, MHD_HEADER_KIND, take_field, &fields);
	if (fields.fault != NULL)
		return fields.fault;
	if (size == NULL || fields.next + END_LENGTH != framing->method + size->header_size)
		return "The head has lines that are no header fields, a NUL, or lines without CR "
		       "and "
		       "LF.";
	fault = check_fields(&fields, framing->version);
	return fault ? fault : check_target(framing->target, fields.host);
}
