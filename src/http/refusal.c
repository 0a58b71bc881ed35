/* Writes the bodies of refusals. */
#include "http/refusal.h"

#include "base/utf8.h"
#include "http/throttle.h"

/* What the text of a refusal stands in. */
static const struct {
	const char *key;
	bool list;
} shapes[] = {
	[FORM_DETAIL] = {"detail", false},
	[FORM_CHOICE] = {"spacecraft", true},
	[FORM_MESSAGES] = {NULL, true},
};

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

static void write_text(struct strbuf *out, const struct decision *decision, int64_t wait)
{
	strbuf_char(out, '"');
	if (decision->kind == DECISION_THROTTLED) {
		throttle_write_detail(out, wait);
	} else if (decision->kind == DECISION_BAD_METHOD) {
		strbuf_str(out, "Method \\\"");
		write_escaped(out, decision->method);
		strbuf_str(out, "\\\" not allowed.");
	} else {
		strbuf_str(out, decision_rows[decision->kind].text);
	}
	strbuf_char(out, '"');
}

void refusal_write(struct strbuf *out, const struct decision *decision, int64_t wait)
{
	enum decision_form form = decision_rows[decision->kind].form;
	const char *key = shapes[form].key;
	bool list = shapes[form].list;

	if (key)
		strbuf_printf(out, "{\"%s\":", key);
	if (list)
		strbuf_char(out, '[');
	write_text(out, decision, wait);
	if (list)
		strbuf_char(out, ']');
	if (key)
		strbuf_char(out, '}');
}
