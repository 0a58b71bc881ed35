/* Connection strings without their secrets: libpq says which of their parts are. */
#include "repository/conninfo.h"

#include <libpq-fe.h>
#include <stdbool.h>

/* What has white space or quotes in it stands in quotes. */
static void write_value(struct strbuf *out, const char *value)
{
	bool plain = *value != '\0' && strpbrk(value, " \t\n'\\") == NULL;

	strbuf_str(out, plain ? "" : "'");
	for (; *value != '\0'; value++) {
		if (*value == '\'' || *value == '\\')
			strbuf_char(out, '\\');
		strbuf_char(out, *value);
	}
	strbuf_str(out, plain ? "" : "'");
}

static bool is_secret(const PQconninfoOption *option)
{
	return option->dispchar[0] == '*';
}

void conninfo_write_shown(struct strbuf *out, const char *conninfo)
{
	PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
	const char *before = "";

	if (!options) {
		strbuf_str(out, SECRET_SHOWN);
		return;
	}
	for (PQconninfoOption *option = options; option->keyword; option++) {
		if (!option->val)
			continue;
		strbuf_printf(out, "%s%s=", before, option->keyword);
		write_value(out, is_secret(option) ? SECRET_SHOWN : option->val);
		before = " ";
	}
	PQconninfoFree(options);
}
