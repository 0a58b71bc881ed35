/* Pages and feeds over stored texts. The first line is a request's target, `/` for the page of what is in space; each
   further line is one of the texts that the document has, in turns. Whatever they are, the markup is of templates
   alone: tags are closed, innermost first, and attributes end where they should. Behind a first line `!` are bytes
   that the document is instead, which need not be JSON. */
#include <ctype.h>
#include <jansson.h>

#include "base/utf8.h"
#include "browsable/page_internal.h"
#include "support/fuzz.h"

#define LEAVES_MOST 4096
#define DEPTH_MOST 64
#define MOMENT "2026-01-02T03:04:05Z"
#define QUOTED_MOMENT "\"" MOMENT "\""

/* What pages show that is of no document (src/repository/page_data). */
static const char page_data[] =
	"{\"as_of\":" QUOTED_MOMENT
	",\"flights\":3,\"known\":true,\"station\":\"?\",\"updated\":\"?\",\"stations\":["
	"{\"id\":4,\"name\":\"?\",\"orbit\":\"?\",\"ports\":[{\"name\":\"?\",\"flight\":{\"id\":1,"
	"\"craft\":\"?\","
	"\"mission\":\"?\",\"docking\":" QUOTED_MOMENT
	"}},{\"name\":\"?\",\"flight\":null}],\"crew\":[{\"id\":1,"
	"\"name\":\"?\",\"role\":\"?\",\"agency\":\"?\",\"since\":\"?\",\"thumbnail\":\"?\"}]}],"
	"\"next\":[{\"id\":1,"
	"\"craft\":\"?\",\"mission\":\"?\",\"destination\":\"?\",\"thumbnail\":\"?\",\"net\":\"?\","
	"\"launch\":{\"net\":\"?\",\"net_precision\":{\"id\":5}},\"over\":false}],\"home\":[{"
	"\"id\":1,\"craft\":\"?\","
	"\"mission\":\"?\",\"mission_end\":\"?\",\"over\":true}],\"bars\":[{\"id\":1,\"craft\":\"?"
	"\",\"mission\":\"?\","
	"\"group\":\"?\",\"net\":" QUOTED_MOMENT ",\"mission_end\":" QUOTED_MOMENT
	"}],\"happenings\":[{\"uid\":\"?\","
	"\"id\":1,\"kind\":\"?\",\"what\":\"?\",\"failed\":false,\"craft\":\"?\",\"mission\":\"?\","
	"\"place\":\"?\","
	"\"note\":\"?\",\"moment\":\"?\",\"modified\":\"?\"},{\"uid\":\"?\",\"id\":2,\"what\":\"?"
	"\",\"failed\":true,"
	"\"day_from\":\"?\",\"day_until\":\"?\",\"craft\":\"?\",\"mission\":\"?\",\"modified\":\"?"
	"\"}]}";

/* A document, and its strings. */
struct sample {
	json_t *json;
	size_t count;
	json_t *leaf[LEAVES_MOST];
};

static struct sample launch, flight, beside;

/* --- Documents. --- */

static void collect_leaves(struct sample *sample, json_t *json)
{
	const char *name;
	json_t *value;
	size_t i;

	/* These stay, since what is at no moment is not shown. */
	if (json_is_string(json) && strcmp(json_string_value(json), MOMENT) != 0) {
		FUZZ_REQUIRE(sample->count < LEAVES_MOST);
		sample->leaf[sample->count++] = json;
	}
	json_object_foreach(json, name, value) collect_leaves(sample, value);
	json_array_foreach(json, i, value) collect_leaves(sample, value);
}

static void sample_init(struct sample *sample, json_t *json)
{
	FUZZ_REQUIRE(json);
	sample->json = json;
	collect_leaves(sample, json);
}

static void init(void)
{
	sample_init(&launch, json_load_file("tests/data/real-launch.json", 0, NULL));
	sample_init(&flight, json_load_file("tests/data/flight-864.json", 0, NULL));
	sample_init(&beside, json_loads(page_data, 0, NULL));
}

/* The document with the lines as its strings, of which those that no document can have are empty; new. */
static char *sample_write(struct sample *sample, struct text lines)
{
	struct text rest = lines, line;
	char *text;

	for (size_t i = 0; i < sample->count; i++) {
		if (!text_split(&rest, '\n', &line)) {
			rest = lines;
			(void)text_split(&rest, '\n', &line);
		}
		if (!line.data || text_has(line, '\0') ||
		    json_string_setn(sample->leaf[i], line.data, line.length) != 0)
			FUZZ_REQUIRE(json_string_set(sample->leaf[i], "") == 0);
	}
	text = json_dumps(sample->json, JSON_COMPACT);
	FUZZ_REQUIRE(text);
	return text;
}

/* --- Markup. --- */

/* What stands between the marks, with the mark at the end; NULL: there is no end. */
static const char *behind(const char *text, const char *mark)
{
	const char *end = strstr(text, mark);

	return end ? end + strlen(mark) : NULL;
}

static bool is_void(struct text name)
{
	static const char *const names[] = {"br", "hr", "img", "input", "link", "meta"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_is(name, names[i]))
			return true;
	return false;
}

/* Passes the attributes of a tag, up to its `>`, which is not passed. */
static const char *pass_attributes(const char *at)
{
	while (*at == ' ' || *at == '\n') {
		at += strspn(at, " \n");
		at += strcspn(at, "=<>\"/ \n");
		if (*at != '=')
			continue;
		if (at[1] != '"')
			at += 1 + strcspn(at + 1, "<>\"'= \n");
		else
			FUZZ_REQUIRE((at = behind(at + 2, "\"")) != NULL);
	}
	return at;
}

static void check_tags(const char *text)
{
	struct text open[DEPTH_MOST];
	size_t depth = 0;
	bool opens;

	for (const char *at = text; (at = strchr(at, '<')) != NULL;) {
		struct text name;

		if (at[1] == '!' || at[1] == '?') {
			at = behind(at, ">");
			FUZZ_REQUIRE(at);
			continue;
		}
		opens = at[1] != '/';
		at += opens ? 1 : 2;
		name = (struct text){at, strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789")};
		FUZZ_REQUIRE(name.length > 0);
		at = pass_attributes(at + name.length);
		if (opens && (*at == '/' || is_void(name)))
			at += *at == '/';
		else if (opens && depth < DEPTH_MOST)
			open[depth++] = name;
		else
			FUZZ_REQUIRE(!opens && depth > 0 && text_equal(open[--depth], name));
		FUZZ_REQUIRE(*at == '>');
	}
	FUZZ_REQUIRE(depth == 0);
}

/* Each `&` begins an entity: what is not escaped shows in texts that have no tags as well. */
static void check_entities(const char *text)
{
	for (const char *at = text; (at = strchr(at, '&')) != NULL;) {
		size_t length = strspn(++at, "#abcdefghijklmnopqrstuvwxyz0123456789");

		FUZZ_REQUIRE(length > 0 && at[length] == ';');
	}
}

static void check_markup(const struct strbuf *out)
{
	FUZZ_REQUIRE(out->length > 0 && strlen(out->data) == out->length);
	FUZZ_REQUIRE(utf8_valid((struct text){out->data, out->length}));
	check_tags(out->data);
	check_entities(out->data);
}

static void check_calendar(const struct strbuf *out)
{
	struct text rest = {out->data, out->length}, line;

	FUZZ_REQUIRE(text_ends_with(rest, "END:VCALENDAR\r\n"));
	while (text_split(&rest, '\n', &line) && rest.data) {
		FUZZ_REQUIRE(line.length > 1 && line.length <= 76 && text_ends_with(line, "\r"));
		FUZZ_REQUIRE(utf8_valid(line));
		for (size_t i = 0; i + 1 < line.length; i++)
			FUZZ_REQUIRE(!iscntrl((unsigned char)line.data[i]));
	}
}

/* --- Requests. --- */

/* Writes the page of a list or row, or what has a page of its own; false: the target has none. */
static bool write(struct page *page, void (**check)(const struct strbuf *), struct strbuf *out)
{
	*check = check_markup;
	switch (page->decision->route) {
	case ROUTE_LIST:
	case ROUTE_ROW:
		page_write(page, out);
		return true;
	case ROUTE_SPACE:
		page_write_space(page, out);
		return true;
	case ROUTE_FEED:
		page_write_feed(page, out);
		return true;
	case ROUTE_CALENDAR:
		*check = check_calendar;
		page_write_calendar(page, out);
		return true;
	default:
		return false;
	}
}

static void render(const struct decision *decision, struct text json, struct text data,
                   bool is_valid)
{
	const struct page_header headers[] = {{"Allow", "GET"}};
	struct page_choice choice = {key_of_integer(1), json.data};
	struct page_choices choices[FILTERS_MAX];
	struct format_clock clock = {INT64_C(1767323045) * 1000000, INT64_MAX};
	struct strbuf out = STRBUF_INIT;
	void (*check)(const struct strbuf *out);
	struct page page = {
		.decision = decision,
		.method = "GET",
		.status = 200,
		.reason = "OK",
		.headers = headers,
		.header_count = 1,
		.json = json,
		.data = data,
		.count = 1000,
		.choices = choices,
		.clock = &clock,
	};

	for (size_t i = 0; i < FILTERS_MAX; i++)
		choices[i] = (struct page_choices){&choice, is_valid ? 1 : 0};
	if (write(&page, &check, &out) && is_valid)
		check(&out);
	strbuf_fini(&out);
}

static void render_texts(const struct decision *decision, struct text lines)
{
	bool is_flight = decision->endpoint == FLIGHT_ENDPOINT;
	char *json = sample_write(is_flight ? &flight : &launch, lines);
	char *data = sample_write(&beside, lines);
	struct strbuf list = STRBUF_INIT;

	strbuf_printf(&list, "{\"count\":1000,\"next\":null,\"previous\":null,\"results\":[%s]}",
	              json);
	render(decision, text_of(decision->route == ROUTE_LIST ? list.data : json), text_of(data),
	       true);
	strbuf_fini(&list);
	free(data);
	free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct decision_rules rules = {.allowed_hosts = "*", .public_url = ""};
	/* No byte more than the input, so that reading beyond it is noticed. */
	char *copy = malloc(size ? size : 1);
	struct text rest, target;
	struct request request = {.method = "GET", .host = "h", .accept = "text/html"};
	struct decision decision;
	struct arena arena;
	bool is_raw;

	if (!beside.json)
		init();
	FUZZ_REQUIRE(copy);
	memcpy(copy, data, size);
	rest = (struct text){copy, size};
	is_raw = size > 1 && copy[0] == '!' && copy[1] == '\n';
	if (is_raw)
		rest = text_from(rest, 2);
	(void)text_split(&rest, '\n', &target);
	target.length = strnlen(target.data, target.length); /* as the library ends it */
	arena_init(&arena);
	request.target = target;
	decide(&decision, &request, &rules, &arena);
	if (decision.kind == DECISION_SERVED && is_raw && rest.data)
		render(&decision, rest, rest, false);
	else if (decision.kind == DECISION_SERVED && rest.data)
		render_texts(&decision, rest);
	arena_fini(&arena);
	free(copy);
	return 0;
}
