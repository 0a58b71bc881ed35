/* Connection strings: the hosts that they name, and how people may see them. libpq reads them. */
#include "repository/conninfo.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "target.h"

/* --- The hosts. --- */

static size_t count_items(const char *list)
{
	size_t count = 1;
	while ((list = strchr(list, ',')) != NULL) {
		list++;
		count++;
	}
	return count;
}

/* An item of a list that is empty stands for a default, which cannot be said any other way. */
static bool has_gaps(const char *list)
{
	size_t length = strlen(list);
	return length > 0 &&
	       (list[0] == ',' || list[length - 1] == ',' || strstr(list, ",,") != NULL);
}

void target_item(char item[static TARGET_ITEM_SIZE], const char *list, size_t index)
{
	for (; list != NULL && index > 0; index--) {
		list = strchr(list, ',');
		list = list != NULL ? list + 1 : NULL;
	}
	snprintf(item, TARGET_ITEM_SIZE, "%.*s", list != NULL ? (int)strcspn(list, ",") : 0,
	         list != NULL ? list : "");
}

static char *option_of(const PQconninfoOption *options, const char *keyword)
{
	for (; options != NULL && options->keyword != NULL; options++)
		if (strcmp(options->keyword, keyword) == 0 && options->val != NULL)
			return must(strdup(options->val));
	return must(strdup(""));
}

void target_fini(struct target *target)
{
	free(target->hosts);
	free(target->addresses);
	free(target->ports);
	free(target->attributes);
}

/* libpq puts a connection string together with the environment and service files, but says what came of it only by a
   connection: this one fails before it connects, since there is no such mode. */
void target_init(struct target *target, const char *conninfo, bool writes)
{
	const char *const keywords[] = {"target_session_attrs", "dbname", "sslmode", NULL};
	const char *const values[] = {writes ? "primary" : NULL, conninfo,
	                              "only to look at the options", NULL};
	PGconn *connection = PQconnectStartParams(keywords, values, 1);
	PQconninfoOption *options = PQconninfo(connection);
	char *timeout = option_of(options, "connect_timeout");
	*target = (struct target){
		.hosts = option_of(options, "host"),
		.addresses = option_of(options, "hostaddr"),
		.ports = option_of(options, "port"),
		.attributes = option_of(options, "target_session_attrs"),
		.timeout = strtol(timeout, NULL, 10),
	};
	if (!has_gaps(target->hosts) && !has_gaps(target->addresses) && !has_gaps(target->ports))
		target->count = count_items(target->addresses[0] != '\0' ? target->addresses
		                                                         : target->hosts);
	target->port_count = count_items(target->ports);
	free(timeout);
	PQconninfoFree(options);
	PQfinish(connection);
}

/* --- Without secrets. --- */

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
