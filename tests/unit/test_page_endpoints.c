/* The browsable page of any endpoint: what its tables say is on it, and nothing of another endpoint. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "resources/all.h"
#include "support/cmocka.h"
#include "support/html.h"
#include "support/page_fixture.h"
#include "support/random.h"
#include "support/random_flight.h"

#define LIST "/2.3.0/spacecraft/"

static const char empty_list[] = "{\"count\":0,\"next\":null,\"previous\":null,\"results\":[]}";

static struct page_choice types[] = {{{0, 6}, "Crew Dragon 2"}, {{0, 25}, "Tianzhou"}};
static struct page_choice statuses[] = {{{0, 1}, "Active"}, {{0, 4}, "Single Use"}};

static struct page_choices *choices_for(struct page_fixture *fixture, const char *filter)
{
	const struct endpoint *endpoint = fixture->decision.endpoint;

	for (size_t i = 0; i < endpoint->filter_count; i++)
		if (strcmp(endpoint->filters[i].name, filter) == 0)
			return &fixture->choices[i];
	fail_msg("no filter %s", filter);
	return NULL;
}

/* The page of a list of spacecraft, where types and statuses can be chosen. */
static char *render_list(const char *target, const char *json, int64_t count)
{
	struct page_fixture fixture;

	page_fixture_init(&fixture, target, json);
	*choices_for(&fixture, "spacecraft_config") = (struct page_choices){types, 2};
	*choices_for(&fixture, "status") = (struct page_choices){statuses, 2};
	fixture.page.count = count;
	return page_fixture_render(&fixture);
}

/* What is on the page in the part between two texts. */
static void assert_between(const char *html, const char *begin, const char *end, const char *part)
{
	char *between = html_between(html, begin, end);

	assert_has(between, part);
	free(between);
}

__attribute__((format(printf, 2, 3))) static void assert_has_format(const char *html,
                                                                    const char *format, ...)
{
	char part[300];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(part, sizeof(part), format, arguments);
	va_end(arguments);
	assert_has(html, part);
}

/* --- Every endpoint. --- */

static size_t count_of(const char *html, const char *part)
{
	size_t count = 0;

	for (; (html = strstr(html, part)); html++)
		count++;
	return count;
}

/* Up to 20 filters are above the fold, which is open if the request has one of the others. */
static void check_fold(const struct endpoint *endpoint, const char *html)
{
	const char *fold = strstr(html, "<details class=\"more\">");
	size_t offered = count_of(html, "<p class=\"wide\"><label for=") - 1 -
	                 (endpoint->search_hint != NULL);
	size_t folded = fold ? count_of(fold, "<p class=\"wide\"><label for=") : 0;

	assert_int_equal(fold != NULL, endpoint->filter_count > 20);
	if (fold)
		assert_in_range(offered - folded, 15, 20);
}

static void check_form(const struct endpoint *endpoint, const char *html)
{
	check_fold(endpoint, html);
	for (size_t i = 0; i < endpoint->filter_count; i++) {
		const struct filter *filter = &endpoint->filters[i];
		const char *control = filter->match == MATCH_BOOLEAN ? "select" : "input";

		if (filter->match ==
		    MATCH_CHOICES) /* without choices, of which none are known here */
			continue;
		assert_has_format(html, "<label for=\"%s\">%s</label><%s id=\"%s\" name=\"%s\"",
		                  filter->name, filter->label, control, filter->name, filter->name);
	}
	for (size_t i = 0; i < endpoint->ordering_count; i++) {
		const struct ordering *ordering = &endpoint->orderings[i];

		assert_has_format(html, "<option value=\"%s\">%s, %s</option>", ordering->term,
		                  ordering->label, ordering->ascending);
		assert_has_format(html, "<option value=\"-%s\">%s, %s</option>", ordering->term,
		                  ordering->label, ordering->descending);
	}
	assert_has(html, "<option value=\"id\">");
	assert_has(html, "<option value=\"-id\">");
	for (size_t i = 0; i < MODES_MAX && endpoint->modes[i].name; i++)
		assert_has_format(html, "<option value=\"%s\">%s</option>",
		                  i == 0 ? "" : endpoint->modes[i].name, endpoint->modes[i].name);
	if (endpoint->search_hint)
		assert_has_format(html, "placeholder=\"%s\"", endpoint->search_hint);
	else
		assert_has_not(html, "name=\"search\"");
}

static const char *last_mode(const struct endpoint *endpoint)
{
	size_t i = 0;

	while (i + 1 < MODES_MAX && endpoint->modes[i + 1].name)
		i++;
	return endpoint->modes[i].name;
}

static void check_help(const struct endpoint *endpoint, const char *html)
{
	char *help = html_between(html, "<section class=\"docs\"", "</section>");

	for (size_t i = 0; i < endpoint->filter_count; i++)
		if (!endpoint->filters[i].own)
			assert_has_format(help, "<code>%s</code>", endpoint->filters[i].name);
	for (size_t i = 0; i < MODES_MAX && endpoint->modes[i].name; i++)
		assert_has_format(help, "<code>%s</code>", endpoint->modes[i].name);
	if (endpoint->filter_count > 0)
		assert_has_format(help, "<a href=\"/2.3.0/%s/?%s\">/%s/?%s</a>", endpoint->path,
		                  endpoint->example, endpoint->path, endpoint->example);
	else
		assert_has_not(help, "Filters");
	if (endpoint->modes[0].name)
		assert_has_format(help, "<a href=\"/2.3.0/%s/?mode=%s\">", endpoint->path,
		                  last_mode(endpoint));
	else
		assert_has_not(help, "mode=");
	free(help);
}

static void check_list(const struct endpoint *endpoint)
{
	struct page_fixture fixture;
	char path[100];
	char *html;

	snprintf(path, sizeof(path), "/2.3.0/%s/", endpoint->path);
	page_fixture_init(&fixture, path, empty_list);
	html = page_fixture_render(&fixture);
	assert_has_format(html, "<title>%s List \xE2\x80\x93 Launch Library</title>",
	                  endpoint->title);
	assert_has_format(html, "<h1>%s List</h1>\n<p>No %s</p>", endpoint->title, endpoint->nouns);
	assert_has_format(html, "<a href=\"%s\" aria-current=\"page\">%s List</a>", path,
	                  endpoint->title);
	assert_has_format(html, "<form method=\"get\" action=\"%s\">", path);
	check_form(endpoint, html);
	check_help(endpoint, html);
	assert_has_not(html, "{{");
	free(html);
}

static void check_row(const struct endpoint *endpoint)
{
	struct page_fixture fixture;
	char path[100];
	char *html;

	snprintf(path, sizeof(path), "/2.3.0/%s/1/", endpoint->path);
	page_fixture_init(&fixture, path, "{}");
	html = page_fixture_render(&fixture);
	assert_has_format(html, "<h1>%s Instance</h1>", endpoint->title);
	assert_has_format(html, "<li><a href=\"/2.3.0/%s/\">%s List</a></li>", endpoint->path,
	                  endpoint->title);
	assert_has_format(html, "<a href=\"%s\" aria-current=\"page\">%s Instance</a>", path,
	                  endpoint->title);
	assert_has_format(html, "The %s in short", endpoint->noun);
	assert_has_not(html, "<form");
	check_help(endpoint, html);
	free(html);
}

static void test_every_endpoint(void **state)
{
	(void)state;
	assert_true(endpoint_count >= 2);
	for (size_t i = 0; i < endpoint_count; i++) {
		check_list(endpoints[i]);
		check_row(endpoints[i]);
	}
}

/* --- Facts. --- */

/* Takes the first name off a path; false at its end. */
static bool next_name(const char **path, char name[static 64])
{
	size_t length = strcspn(*path, "_");

	while ((*path)[length] == '_' && (*path)[length + 1] != '_')
		length += 1 + strcspn(*path + length + 1, "_");
	if (length == 0)
		return false;
	snprintf(name, 64, "%.*s", (int)length, *path);
	*path += length + strspn(*path + length, "_");
	return true;
}

static const char *const names[] = {"full_name", "name", "serial_number", "title"};

/* The value at the path; NULL: there is none. */
static json_t *value_at(json_t *object, const char *path)
{
	char name[64];

	while (next_name(&path, name))
		object = json_object_get(object, name);
	return object;
}

static bool is_named(const struct fact *fact, json_t *object)
{
	json_t *named = fact->item ? value_at(object, fact->item) : object;
	bool is = json_string_length(named) > 0;

	for (size_t i = 0; i < 4; i++)
		is = is || json_string_length(json_object_get(named, names[i])) > 0;
	return is;
}

/* Whether the document has something to show for the fact. */
static bool says(json_t *document, const struct fact *fact)
{
	json_t *value = value_at(document, fact->path), *item;
	bool any = false;
	size_t i;

	if (fact->format && strcmp(fact->format, "net") == 0)
		return json_is_string(json_object_get(value, "net"));
	if (fact->format && strcmp(fact->format, "web") == 0)
		return strncmp(json_string_length(value) ? json_string_value(value) : "",
		               "https://", 8) == 0;
	if (json_is_object(value))
		return is_named(fact, value);
	json_array_foreach(value, i, item) any = any || is_named(fact, item);
	if (json_is_array(value))
		return any;
	return json_is_string(value) ? json_string_length(value) > 0
	                             : value != NULL && !json_is_null(value);
}

#define ADDRESS "https://example.org/?a=1&b=\"<"

/* Random texts are no addresses. */
static void set_addresses(const struct endpoint *endpoint, json_t *document)
{
	for (size_t i = 0; i < endpoint->fact_count; i++) {
		const struct fact *fact = &endpoint->facts[i];
		json_t *value = value_at(document, fact->path);

		if (fact->format && strcmp(fact->format, "web") == 0 && json_is_string(value))
			json_string_set(value, ADDRESS);
	}
}

/* Returns how many facts are shown. */
static size_t check_facts_of(const struct endpoint *endpoint, json_t *document)
{
	struct page_fixture fixture;
	char path[100], label[100];
	char *json = json_dumps(document, 0);
	char *html, *facts;
	size_t count = 0;

	snprintf(path, sizeof(path), "/2.3.0/%s/%s/", endpoint->path,
	         endpoint->resource->uuid ? "00000000-0000-0000-0000-000000000000" : "1");
	page_fixture_init(&fixture, path, json);
	html = page_fixture_render(&fixture);
	facts = strstr(html, "<dl>\n") ? html_between(html, "<dl>\n", "</dl>") : strdup("");
	for (size_t i = 0; i < endpoint->fact_count; i++) {
		const struct fact *fact = &endpoint->facts[i];
		bool is_there;

		snprintf(label, sizeof(label), "<dt>%s</dt><dd>", fact->label);
		is_there = strstr(facts, label) != NULL;
		if (is_there != says(document, fact))
			fail_msg("%s, %s: %s\n%s", endpoint->path, fact->label,
			         is_there ? "shown" : "not shown", json);
		if (is_there && fact->format && strcmp(fact->format, "web") == 0)
			assert_has(facts, "<a href=\"https://example.org/?a=1&amp;b=&quot;&lt;\">"
			                  "https://example.org/?a=1&amp;b=&quot;&lt;</a>");
		count += is_there;
	}
	assert_has_not(facts, "<dd></dd>");
	free(facts);
	free(html);
	free(json);
	return count;
}

/* Of random documents, in which anything may be null, each fact that has a value is shown, and no other. */
static void test_facts_of_random_documents(void **state)
{
	const struct world_options options = {.flights = 40, .rows = 40};
	const struct scene scene = {.base = "http://ll.example.org", .suffix = ""};
	struct world *world = world_new(random_seed("facts"), &options);

	(void)state;
	for (size_t e = 0; e < endpoint_count; e++) {
		size_t count = 0;

		for (size_t i = 0; i < world_count(world, endpoints[e]->resource); i++) {
			json_t *document =
				world_document(world, world_truth(world, endpoints[e]->resource, i),
			                       endpoints[e]->one, &scene);

			set_addresses(endpoints[e], document);
			count += check_facts_of(endpoints[e], document);
			json_decref(document);
		}
		assert_true(count > 0 || endpoints[e] == FLIGHT_ENDPOINT);
	}
	world_free(world);
}

static char *facts_of(const char *target, const char *json)
{
	struct page_fixture fixture;
	char *html, *facts;

	page_fixture_init(&fixture, target, json);
	html = page_fixture_render(&fixture);
	facts = html_between(html, "<dl>\n", "</dl>");
	free(html);
	return facts;
}

/* Names lead to what they name, if it has an address; of many the first are named. */
static void test_facts_with_names(void **state)
{
	struct strbuf json = STRBUF_INIT;
	char *facts;

	(void)state;
	facts = facts_of(
		"/2.3.0/launches/00000000-0000-0000-0000-000000000000/",
		"{\"net\":\"2026-03-01T00:00:00Z\",\"net_precision\":{\"id\":7},"
		"\"webcast_live\":false,\"probability\":0,"
		"\"launch_service_provider\":{\"name\":\"<b>\",\"url\":\"http://x/1/\"},"
		"\"rocket\":{\"configuration\":{\"name\":\"Falcon\",\"full_name\":\"Falcon 9\","
		"\"url\":\"javascript:alert(1)\"},\"spacecraft_stage\":["
		"{\"spacecraft\":{\"name\":\"A\",\"url\":\"http://x/2/\"}},{\"spacecraft\":null},"
		"{\"spacecraft\":{\"name\":\"B\"}}]},\"pad\":null}");
	assert_string_equal(
		facts,
		"<div><dt>Launch</dt><dd>March 2026</dd></div>\n"
		"<div><dt>Webcast live</dt><dd>no</dd></div>\n"
		"<div><dt>Probability (%)</dt><dd>0</dd></div>\n"
		"<div><dt>Provider</dt><dd><a href=\"http://x/1/\">&lt;b&gt;</a></dd></div>\n"
		"<div><dt>Rocket</dt><dd>Falcon 9</dd></div>\n"
		"<div><dt>Spacecraft</dt><dd><a href=\"http://x/2/\">A</a>, B</dd></div>\n");
	free(facts);
	strbuf_str(&json, "{\"pads\":[{\"name\":\"P1\"}");
	for (int i = 2; i <= 15; i++)
		strbuf_printf(&json, ",{\"name\":\"P%d\"}", i);
	strbuf_str(&json, "]}");
	facts = facts_of("/2.3.0/locations/1/", json.data);
	assert_string_equal(facts, "<div><dt>Pads</dt><dd>P1, P2, P3, P4, P5, P6, P7, P8, P9, P10, "
	                           "P11, P12 and 3 more</dd></div>\n");
	free(facts);
	strbuf_fini(&json);
}

/* Choices of several rows: nothing is sent where none is chosen, since that would be an error. */
static void test_launches_form(void **state)
{
	static struct page_choice programs[] = {
		{{0, 1}, "ISS"}, {{0, 17}, "Artemis"}, {{0, 5}, "CCP"}};
	struct page_fixture fixture;
	char *html;

	(void)state;
	page_fixture_init(&fixture,
	                  "/2.3.0/launches/?program=17&program=5&pad_launch_attempt_count__gt=7",
	                  empty_list);
	for (size_t i = 0; i < fixture.decision.endpoint->filter_count; i++)
		if (strcmp(fixture.decision.endpoint->filters[i].name, "program") == 0)
			fixture.choices[i] = (struct page_choices){programs, 3};
	html = page_fixture_render(&fixture);
	assert_has(html, "<select id=\"program\" name=\"program\" multiple size=\"3\">\n"
	                 "<option value=\"1\">ISS</option>\n"
	                 "<option value=\"17\" selected>Artemis</option>\n"
	                 "<option value=\"5\" selected>CCP</option>\n</select>");
	assert_has(html, "<details class=\"more\" open>");
	free(html);
}

/* No trace of another endpoint; the brand leads to the page of what is in space. */
static void test_nothing_of_flights(void **state)
{
	char *html = render_list(LIST, empty_list, 0);
	char *main = html_between(html, "<main>", "</main>");

	(void)state;
	assert_has_not(main, "spacecraft_flights");
	assert_has(html, "<a class=\"brand\" href=\"/\">");
	free(main);
	free(html);
}

/* --- Spacecraft. --- */

static void test_spacecraft_form(void **state)
{
	char *html = render_list(LIST, empty_list, 0);

	(void)state;
	assert_has(html,
	           "<select id=\"in_space\" name=\"in_space\">\n<option value=\"\">Any</option>\n"
	           "<option value=\"true\">yes</option>\n"
	           "<option value=\"false\">no</option>\n</select>");
	assert_has(html, "<input id=\"name\" name=\"name\" value=\"\">");
	assert_has(html, "<label for=\"status\">Status</label>"
	                 "<select id=\"status\" name=\"status\">\n<option value=\"\">Any</option>\n"
	                 "<option value=\"1\">Active</option>\n"
	                 "<option value=\"4\">Single Use</option>\n</select>");
	assert_has(html, "<option value=\"25\">Tianzhou</option>");
	assert_has(html, "<option value=\"-time_in_space\">Time in space, longest first</option>");
	assert_has(html, "<option value=\"id\">Spacecraft number, lowest first</option>");
	assert_has_not(html, " selected");
	assert_has(html, "<details class=\"filters\">");
	free(html);
}

static void test_spacecraft_filtered(void **state)
{
	char *html =
		render_list(LIST "?in_space=false&name=%22a%3Cb&status=4&ordering=-flights_count"
	                         "&mode=detailed&format=api",
	                    empty_list, 41);

	(void)state;
	assert_has(html, "<details class=\"filters\" open>");
	assert_between(html, "<select id=\"in_space\"", "</select>",
	               "<option value=\"false\" selected>no</option>");
	assert_between(html, "<select id=\"is_placeholder\"", "</select>",
	               "<option value=\"false\">no</option>");
	assert_has(html, "<input id=\"name\" name=\"name\" value=\"&quot;a&lt;b\">");
	assert_has(html, "<option value=\"4\" selected>Single Use</option>");
	assert_has(html, "<option value=\"-flights_count\" selected>Flights, most first</option>");
	assert_has(html, "<option value=\"detailed\" selected>");
	assert_has(html, "<input type=\"hidden\" name=\"format\" value=\"api\">");
	assert_has(html, "<p>Spacecraft 1 to 10 of 41</p>");
	assert_has(html, "<a href=\"" LIST "?format=api\">Clear</a>");
	free(html);
	html = render_list(LIST "?in_space=true", empty_list, 1);
	assert_between(html, "<select id=\"in_space\"", "</select>",
	               "<option value=\"true\" selected>yes</option>");
	free(html);
	/* A value that is no boolean filters nothing, and so chooses nothing. */
	html = render_list(LIST "?in_space=perhaps", empty_list, 1);
	assert_has_not(html, " selected");
	free(html);
}

static void test_spacecraft_cards(void **state)
{
	char *html = render_list(
		LIST,
		"{\"count\":2,\"next\":null,\"previous\":null,\"results\":["
		"{\"url\":\"http://ll.example.org" LIST "602/\",\"name\":\"Tianzhou-8\","
		"\"image\":{\"name\":\"A picture\",\"thumbnail_url\":\"https://x.org/t.jpg\"},"
		"\"spacecraft_config\":{\"name\":\"Tianzhou\"}},"
		"{\"url\":\"http://ll.example.org" LIST "7/\",\"name\":\"Vostok 1\",\"image\":null,"
		"\"spacecraft_config\":null}]}",
		2);

	(void)state;
	assert_has(html, "<p>Spacecraft 1 to 2 of 2</p>");
	assert_has(html, "<h2 id=\"beside\">Spacecraft on this page</h2>");
	assert_has(html, "<li><a href=\"http://ll.example.org" LIST "602/\"><span class=\"frame\">"
	                 "<img src=\"https://x.org/t.jpg\" alt=\"A picture\"");
	assert_has(html, "<span class=\"caption\">Tianzhou-8 <small>Tianzhou</small></span>");
	assert_has(html, "<span class=\"frame\"></span><span class=\"caption\">Vostok 1</span>");
	free(html);
}

static void test_spacecraft_row(void **state)
{
	struct page_fixture fixture;
	char *html, *facts;

	(void)state;
	page_fixture_init(
		&fixture, LIST "602/",
		"{\"id\":602,\"name\":\"Tianzhou-8\",\"serial_number\":null,"
		"\"image\":{\"name\":\"A picture\",\"image_url\":\"https://x.org/p.jpg\","
		"\"thumbnail_url\":\"https://x.org/t.jpg\",\"credit\":\"CMSA\"},"
		"\"time_in_space\":\"P148DT11H36M25S\",\"time_docked\":\"PT9M\","
		"\"status\":{\"name\":\"Single "
		"Use\"},\"spacecraft_config\":{\"name\":\"Tianzhou\",\"image\":{\"thumbnail_url\":"
		"\"https://x.org/t.jpg\"},"
		"\"agency\":{\"name\":\"CASC\",\"logo\":{\"thumbnail_url\":\"https://x.org/"
		"logo.jpg\"}}},"
		"\"flights\":[{\"launch\":{\"name\":\"First \\u001f| "
		"\\\"one\\\"\"}},{\"launch\":null},"
		"{\"launch\":{\"name\":\"Second\"}}]}");
	html = page_fixture_render(&fixture);
	facts = html_between(html, "<dl>\n", "</dl>");
	assert_string_equal(facts, "<div><dt>Type</dt><dd>Tianzhou</dd></div>\n"
	                           "<div><dt>Operator</dt><dd>CASC</dd></div>\n"
	                           "<div><dt>Status</dt><dd>Single Use</dd></div>\n"
	                           "<div><dt>Time in space</dt><dd>148 d 11 h 36 min</dd></div>\n"
	                           "<div><dt>Time docked</dt><dd>0 d 0 h 9 min</dd></div>\n"
	                           "<div><dt>Flights</dt>"
	                           "<dd>First \x1f| &quot;one&quot;, Second</dd></div>\n");
	assert_has(html, "<ul class=\"pictures\">\n<li><a href=\"https://x.org/p.jpg\">");
	assert_has(html, "<span class=\"caption\">Tianzhou-8 <small>CMSA</small></span>");
	/* Each picture once, and no logos. */
	assert_has(html, "src=\"https://x.org/t.jpg\"");
	assert_has_not(strstr(html, "src=\"https://x.org/t.jpg\"") + 1, "src=\"https://x.org/");
	free(facts);
	free(html);
}

/* JSON that is cut off anywhere is not read past its end: the copy ends where the text does. */
static void test_cut_json(void **state)
{
	static const char json[] =
		"{\"results\":[{\"url\":\"http://x/\",\"name\":\"A\\u00e9\\\"\",\"image\":"
		"{\"thumbnail_url\":\"http://x/t\",\"credit\":null}}],"
		"\"time_docked\":\"P1D\",\"flights\":[{\"launch\":{\"name\":\"B\"}}]}";

	(void)state;
	for (size_t length = 0; length < sizeof(json); length++) {
		for (int row = 0; row < 2; row++) {
			struct page_fixture fixture;
			char *copy = malloc(length > 0 ? length : 1);

			assert_non_null(copy);
			memcpy(copy, json, length);
			page_fixture_init(&fixture, row ? LIST "1/" : LIST, "");
			fixture.page.json = (struct text){copy, length};
			free(page_fixture_render(&fixture));
			free(copy);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_endpoint),
		cmocka_unit_test(test_facts_of_random_documents),
		cmocka_unit_test(test_facts_with_names),
		cmocka_unit_test(test_nothing_of_flights),
		cmocka_unit_test(test_launches_form),
		cmocka_unit_test(test_spacecraft_form),
		cmocka_unit_test(test_spacecraft_filtered),
		cmocka_unit_test(test_spacecraft_cards),
		cmocka_unit_test(test_spacecraft_row),
		cmocka_unit_test(test_cut_json),
	};

	return RUN_TESTS("page_endpoints", tests, NULL, NULL);
}
