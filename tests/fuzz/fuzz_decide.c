/* Whole requests: lines are method, target, Host, Accept, Origin, Access-Control-Request-Method,
   X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Prefix; an empty line is no header. */
#include <netinet/in.h>

#include "protocol/decision.h"
#include "protocol/error_body.h"
#include "base/utf8.h"
#include "support/fuzz.h"

static const char *next_line(char **rest)
{
	const char *line = strsep(rest, "\n");

	return line && line[0] != '\0' ? line : NULL;
}

static void check_location(const struct decision *decision)
{
	const char *location = decision->location;
	int status = decision_rows[decision->kind].status;

	FUZZ_REQUIRE((location != NULL) == (status >= 300 && status < 400));
	if (!location)
		return;
	if (location[0] == '/')
		location += decision->link.prefix.length;
	FUZZ_REQUIRE(strncmp(location, "/2.3.0/", 7) == 0 ||
	             strncmp(location, "https://upstream.example/2.3.0/", 31) == 0);
	for (; *location; location++)
		FUZZ_REQUIRE(*location > 0x20 && *location < 0x7F);
}

static void check_body(const struct decision *decision)
{
	struct strbuf out = STRBUF_INIT;
	enum decision_form form = decision_rows[decision->kind].form;

	if (form != FORM_EMPTY && form != FORM_ROUTE) {
		error_body_write(&out, decision);
		FUZZ_REQUIRE(out.length > 0 && utf8_valid((struct text){out.data, out.length}));
	}
	strbuf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct sockaddr_in peer = {.sin_family = AF_INET};
	char *lines = fuzz_string(data, size);
	char *rest = lines;
	const char *method = next_line(&rest);
	const char *target = next_line(&rest);
	struct request request = {
		.method = method ? method : "GET",
		.target = text_of(target ? target : ""),
		.host = next_line(&rest),
		.accept = next_line(&rest),
		.origin = next_line(&rest),
		.preflight_method = next_line(&rest),
	};
	struct forwarded forwarded = {NULL, NULL, NULL};
	const struct decision_rules rules = {"*", "", "https://upstream.example"};
	struct networks trusted;
	struct decision decision;
	struct arena arena;

	arena_init(&arena);
	FUZZ_REQUIRE(networks_parse("0.0.0.0", &arena, &trusted));
	forwarded.for_ = next_line(&rest);
	forwarded.proto = next_line(&rest);
	forwarded.prefix = next_line(&rest);
	request.client = client_of((const struct sockaddr *)&peer, &trusted, &forwarded);
	decide(&decision, &request, &rules, &arena);
	FUZZ_REQUIRE(decision.kind < DECISION_COUNT);
	FUZZ_REQUIRE(decision.kind != DECISION_SERVED || decision.route != ROUTE_NONE);
	check_location(&decision);
	check_body(&decision);
	arena_fini(&arena);
	free(lines);
	return 0;
}
