/* Writes the bodies of errors. */
#include "protocol/error_body.h"

#include <inttypes.h>

#include "base/utf8.h"

static void write_page(struct strbuf *out, const char *title, const char *text)
{
	strbuf_printf(
		out,
		"\n<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>%s</title>\n</head>\n"
		"<body>\n  <h1>%s</h1><p>%s</p>\n</body>\n</html>\n",
		title, title, text);
}

/* A method is the only text that is not our own; beyond ASCII it is Latin-1. */
static void write_escaped(struct strbuf *out, const char *text)
{
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;
		char bytes[UTF8_MOST];

		if (byte == '"' || byte == '\\') {
			strbuf_char(out, '\\');
			strbuf_char(out, *text);
		} else if (byte < 0x20) {
			strbuf_printf(out, "\\u%04x", byte);
		} else {
			strbuf_add(out, bytes, utf8_encode(byte, bytes));
		}
	}
}

static void write_text(struct strbuf *out, const struct decision *decision)
{
	switch (decision->kind) {
	case DECISION_THROTTLED:
		strbuf_printf(out,
		              "Request was throttled. Expected available in %" PRId64 " second%s.",
		              decision->wait, decision->wait == 1 ? "" : "s");
		break;
	case DECISION_BAD_METHOD:
		strbuf_str(out, "Method \\\"");
		write_escaped(out, decision->method);
		strbuf_str(out, "\\\" not allowed.");
		break;
	case DECISION_NO_ROW:
		strbuf_printf(out, "No %s matches the given query.", decision->endpoint->model);
		break;
	default:
		strbuf_str(out, decision_rows[decision->kind].text);
	}
}

static void write_errors(struct strbuf *out, const struct decision *decision)
{
	const struct endpoint *endpoint = decision->endpoint;
	char before = '{';

	for (size_t i = 0; i < endpoint->filter_count; i++) {
		if (!decision->query.errors[i])
			continue;
		strbuf_printf(out, "%c\"%s\":[\"%s\"]", before, endpoint->filters[i].name,
		              decision->query.errors[i]);
		before = ',';
	}
	strbuf_char(out, '}');
}

void error_body_write(struct strbuf *out, const struct decision *decision)
{
	const struct decision_row *row = &decision_rows[decision->kind];

	switch (row->form) {
	case FORM_PAGE:
		if (row->status == 404)
			write_page(out, "Not Found",
			           "The requested resource was not found on this server.");
		else if (row->status == 414)
			write_page(out, "URI Too Long", "");
		else
			write_page(out, "Bad Request (400)", "");
		break;
	case FORM_ERRORS:
		write_errors(out, decision);
		break;
	case FORM_DETAIL:
		strbuf_str(out, "{\"detail\":\"");
		write_text(out, decision);
		strbuf_str(out, "\"}");
		break;
	case FORM_MESSAGES:
		strbuf_str(out, "[\"");
		write_text(out, decision);
		strbuf_str(out, "\"]");
		break;
	default:
		break;
	}
}
