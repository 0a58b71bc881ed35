/* Ordering and searching against an evaluation of its own, on made-up flights full of nulls, ties and
   hostile text. */
#include <jansson.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "base/strbuf.h"
#include "support/cmocka.h"
#include "support/fixture.h"
#include "support/random.h"

/* One client here makes all searches. */
#define UNSHARED "server.search_percent=100"
#define LIST "/2.3.0/spacecraft_flights/"
#define FLIGHTS 300
#define SPACECRAFT 40
#define LAUNCHES 120
#define AGENCIES 15
#define CONFIGS 12
#define LAUNCHERS 10
#define ASTRONAUTS 25
#define CREWS 3
#define QUERIES 300
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- Made-up flights --- */

static const char *const words[] = {"Crew",
                                    "crew",
                                    "Dragon",
                                    "dragon 2",
                                    "Soyuz MS-24",
                                    "soyuz",
                                    "Progress MS 26",
                                    "100%",
                                    "a_b",
                                    "back\\slash",
                                    "\\",
                                    "%",
                                    "_",
                                    "it's",
                                    "\"quoted\"",
                                    "comma, here",
                                    "Élan",
                                    "éLAN",
                                    "Ωmega",
                                    "ωMEGA",
                                    "日本",
                                    "Low Earth Orbit",
                                    "low",
                                    "",
                                    " ",
                                    "x",
                                    "tab\there",
                                    "a%b",
                                    "a\\%b",
                                    "Mars",
                                    "ISS",
                                    "<b>",
                                    "🚀 rocket",
                                    "Zvezda",
                                    "zzz",
                                    "10",
                                    "9",
                                    "-1"};

/* Index -1: there is none. Texts may be NULL. */
struct flight {
	const char *destination;
	int mission_end; /* -1: null */
	int spacecraft, launch;
	int success; /* of the landing; -1: null, -2: no landing */
	int turn_around_time;
	int crew[CREWS]; /* launch, onboard, landing: one member each */
};

static struct {
	const char *name, *serial_number;
	int config, in_space;
} spacecraft[SPACECRAFT];

static struct {
	const char *name, *mission, *type;
	int net; /* -1: null */
	int provider, launcher;
} launches[LAUNCHES];

static struct {
	const char *name, *abbrev;
} agencies[AGENCIES];

static struct {
	const char *name;
	int agency;
} configs[CONFIGS];

static struct {
	const char *name, *full_name;
} launchers[LAUNCHERS];

static const char *astronauts[ASTRONAUTS];

static struct flight flights[FLIGHTS];
static struct random generator;

static const char *random_word(unsigned null_percent)
{
	if (random_percent(&generator, null_percent))
		return NULL;
	return words[random_below(&generator, COUNT(words))];
}

static int random_index(unsigned null_percent, uint64_t bound)
{
	if (random_percent(&generator, null_percent))
		return -1;
	return (int)random_below(&generator, bound);
}

/* Few of them have names, or everything would be found everywhere. */
static void make_others(void)
{
	for (size_t i = 0; i < AGENCIES; i++) {
		agencies[i].name = random_word(60);
		agencies[i].abbrev = random_word(70);
	}
	for (size_t i = 0; i < CONFIGS; i++) {
		configs[i].name = random_word(60);
		configs[i].agency = random_index(30, AGENCIES);
	}
	for (size_t i = 0; i < LAUNCHERS; i++) {
		launchers[i].name = random_word(60);
		launchers[i].full_name = random_word(60);
	}
	for (size_t i = 0; i < ASTRONAUTS; i++)
		astronauts[i] = random_word(50);
}

static void make_flights(void)
{
	make_others();
	for (size_t i = 0; i < SPACECRAFT; i++) {
		spacecraft[i].name = random_word(20);
		spacecraft[i].serial_number = random_word(40);
		spacecraft[i].config = random_index(30, CONFIGS);
		spacecraft[i].in_space = random_index(20, 2);
	}
	for (size_t i = 0; i < LAUNCHES; i++) {
		launches[i].name = random_word(20);
		launches[i].mission = random_word(40);
		launches[i].net = random_index(20, 50);
		launches[i].type = random_word(70);
		launches[i].provider = random_index(40, AGENCIES);
		launches[i].launcher = random_index(40, LAUNCHERS);
	}
	for (size_t i = 0; i < FLIGHTS; i++)
		flights[i] = (struct flight){
			.destination = random_word(25),
			.mission_end = random_index(40, 30),
			.spacecraft = random_index(10, SPACECRAFT),
			.launch = random_index(20, LAUNCHES),
			.success = random_index(30, 3) - (random_percent(&generator, 20) ? 2 : 1),
			.turn_around_time = random_index(50, 9),
			.crew = {random_index(80, ASTRONAUTS), random_index(80, ASTRONAUTS),
		                 random_index(80, ASTRONAUTS)},
		};
	for (size_t i = 0; i < FLIGHTS; i++)
		if (flights[i].success < -2)
			flights[i].success = -2;
}

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

static json_t *number_or_null(int number)
{
	return number >= 0 ? json_integer(number) : json_null();
}

/* The values of a row, made by json_pack: NULL texts and numbers below 0 are null. */
static void add_row(json_t *all, const char *table, json_t *row)
{
	assert_non_null(row);
	json_array_append_new(json_object_get(all, table), row);
}

static void add_others(json_t *all)
{
	for (int i = 0; i < AGENCIES; i++)
		add_row(all, "a",
		        json_pack("[i,o,o]", i, text_or_null(agencies[i].name),
		                  text_or_null(agencies[i].abbrev)));
	for (int i = 0; i < CONFIGS; i++)
		add_row(all, "c",
		        json_pack("[i,o,o]", i, text_or_null(configs[i].name),
		                  number_or_null(configs[i].agency)));
	for (int i = 0; i < LAUNCHERS; i++)
		add_row(all, "v",
		        json_pack("[i,o,o]", i, text_or_null(launchers[i].name),
		                  text_or_null(launchers[i].full_name)));
	for (int i = 0; i < ASTRONAUTS; i++)
		add_row(all, "p", json_pack("[i,o]", i, text_or_null(astronauts[i])));
}

/* Ids are places and 1. */
static json_t *as_json(void)
{
	json_t *all = json_pack("{s:[],s:[],s:[],s:[],s:[],s:[],s:[]}", "s", "l", "f", "a", "c",
	                        "v", "p");

	add_others(all);
	for (int i = 0; i < SPACECRAFT; i++)
		add_row(all, "s",
		        json_pack("[i,o,o,o,o]", i, text_or_null(spacecraft[i].name),
		                  text_or_null(spacecraft[i].serial_number),
		                  number_or_null(spacecraft[i].config),
		                  number_or_null(spacecraft[i].in_space)));
	for (int i = 0; i < LAUNCHES; i++)
		add_row(all, "l",
		        json_pack("[i,o,o,o,o,o,o]", i, text_or_null(launches[i].name),
		                  text_or_null(launches[i].mission),
		                  number_or_null(launches[i].net), text_or_null(launches[i].type),
		                  number_or_null(launches[i].provider),
		                  number_or_null(launches[i].launcher)));
	for (int i = 0; i < FLIGHTS; i++)
		add_row(all, "f",
		        json_pack("[i,o,o,o,o,i,o,o,o,o]", i, text_or_null(flights[i].destination),
		                  number_or_null(flights[i].mission_end),
		                  number_or_null(flights[i].spacecraft),
		                  number_or_null(flights[i].launch), flights[i].success,
		                  number_or_null(flights[i].turn_around_time),
		                  number_or_null(flights[i].crew[0]),
		                  number_or_null(flights[i].crew[1]),
		                  number_or_null(flights[i].crew[2])));
	return all;
}

/* Flights come before what they refer to: a text is made when all is there. */
static void store_flights(void)
{
	static const char insert[] =
		"CREATE TEMPORARY TABLE made AS SELECT $made$%s$made$::json AS j;"
		"INSERT INTO spacecraft_flight"
		" (id, destination, mission_end, spacecraft_id, launch_id, landing_id, "
		"turn_around_time)"
		" SELECT (v->>0)::int + 1, v->>1,"
		" timestamptz '2025-01-01Z' + (v->>2)::int * interval '1 hour', (v->>3)::int + 1,"
		" lpad(v->>4, 32, '0')::uuid, CASE WHEN (v->>5)::int > -2 THEN (v->>0)::int + 1 "
		"END,"
		" (v->>6)::int * interval '1 hour' FROM made, json_array_elements(j->'f') v;"
		"INSERT INTO spacecraft_flight_launch_crew SELECT (v->>0)::int + 1, 0, "
		"(v->>7)::int + 1"
		" FROM made, json_array_elements(j->'f') v WHERE v->>7 IS NOT NULL;"
		"INSERT INTO spacecraft_flight_onboard_crew SELECT (v->>0)::int + 1, 0, "
		"(v->>8)::int + 1"
		" FROM made, json_array_elements(j->'f') v WHERE v->>8 IS NOT NULL;"
		"INSERT INTO spacecraft_flight_landing_crew SELECT (v->>0)::int + 1, 0, "
		"(v->>9)::int + 1"
		" FROM made, json_array_elements(j->'f') v WHERE v->>9 IS NOT NULL;"
		"INSERT INTO astronaut_flight (id, astronaut_id) SELECT (v->>0)::int + 1, "
		"(v->>0)::int + 1"
		" FROM made, json_array_elements(j->'p') v;"
		"INSERT INTO astronaut (id, name) SELECT (v->>0)::int + 1, v->>1"
		" FROM made, json_array_elements(j->'p') v;"
		"INSERT INTO spacecraft (id, name, serial_number, spacecraft_config_id, in_space)"
		" SELECT (v->>0)::int + 1, v->>1, v->>2, (v->>3)::int + 1, (v->>4)::int::boolean"
		" FROM made, json_array_elements(j->'s') v;"
		"INSERT INTO spacecraft_configuration (id, name, agency_id)"
		" SELECT (v->>0)::int + 1, v->>1, (v->>2)::int + 1 FROM made, "
		"json_array_elements(j->'c') v;"
		"INSERT INTO agency (id, name, abbrev) SELECT (v->>0)::int + 1, v->>1, v->>2"
		" FROM made, json_array_elements(j->'a') v;"
		"INSERT INTO launcher_configuration (id, name, full_name) SELECT (v->>0)::int + 1, "
		"v->>1, v->>2"
		" FROM made, json_array_elements(j->'v') v;"
		"INSERT INTO rocket (id, configuration_id) SELECT (v->>0)::int + 1, (v->>0)::int + "
		"1"
		" FROM made, json_array_elements(j->'v') v;"
		"INSERT INTO mission (id, name, type) SELECT (v->>0)::int + 1, v->>2, v->>4"
		" FROM made, json_array_elements(j->'l') v WHERE v->>2 IS NOT NULL OR v->>4 IS NOT "
		"NULL;"
		"INSERT INTO launch (id, name, mission_id, net, launch_service_provider_id, "
		"rocket_id)"
		" SELECT lpad(v->>0, 32, '0')::uuid, v->>1, m.id,"
		" timestamptz '2024-01-01Z' + (v->>3)::int * interval '10 days', (v->>5)::int + 1,"
		" (v->>6)::int + 1"
		" FROM made, json_array_elements(j->'l') v LEFT JOIN mission m ON m.id = "
		"(v->>0)::int + 1;"
		"INSERT INTO landing (id, success) SELECT (v->>0)::int + 1,"
		" CASE (v->>5)::int WHEN 1 THEN true WHEN 0 THEN false END"
		" FROM made, json_array_elements(j->'f') v WHERE (v->>5)::int > -2";
	json_t *json = as_json();
	char *text = json_dumps(json, 0);
	struct strbuf sql = STRBUF_INIT;

	strbuf_printf(&sql, insert, text);
	free(test_sql(database.conninfo, sql.data));
	strbuf_fini(&sql);
	free(text);
	json_decref(json);
}

/* --- What is to come --- */

static int compare_numbers(int a, int b)
{
	return (a > b) - (a < b);
}

/* Numbers below 0 are nulls, which are larger than all else. */
static int compare_nullable(int a, int b)
{
	if (a < 0 || b < 0)
		return compare_numbers(a < 0, b < 0);
	return compare_numbers(a, b);
}

static int compare_texts(const char *a, const char *b)
{
	if (!a || !b)
		return compare_numbers(!a, !b);
	return strcmp(a, b);
}

static const char *name_of(const struct flight *flight)
{
	return flight->spacecraft < 0 ? NULL : spacecraft[flight->spacecraft].name;
}

static int net_of(const struct flight *flight)
{
	return flight->launch < 0 ? -1 : launches[flight->launch].net;
}

static const char *serial_number_of(const struct flight *flight)
{
	return flight->spacecraft < 0 ? NULL : spacecraft[flight->spacecraft].serial_number;
}

static int in_space_of(const struct flight *flight)
{
	return flight->spacecraft < 0 ? -1 : spacecraft[flight->spacecraft].in_space;
}

static const char *launch_name_of(const struct flight *flight)
{
	return flight->launch < 0 ? NULL : launches[flight->launch].name;
}

/* Hours since 2024-01-01, as those of mission ends, which are since 2025-01-01. */
#define NOW_SETTING "server.clock=2025-01-01T12:00:00Z"
#define YEAR_HOURS (366 * 24)
#define NOW_HOURS (YEAR_HOURS + 12)

/* Null before the launch, up to now while it is under way; may be less than 0, so that what is returned is larger
   by as much as makes it positive. */
static int duration_of(const struct flight *flight)
{
	int net = net_of(flight) < 0 ? -1 : net_of(flight) * 10 * 24;
	int end = flight->mission_end < 0 ? INT_MAX : YEAR_HOURS + flight->mission_end;

	if (net < 0 || (net > NOW_HOURS && end > NOW_HOURS))
		return -1;
	return (end < NOW_HOURS ? end : NOW_HOURS) - net + 100000;
}

enum search_column {
	SEARCH_BY_ID,
	SEARCH_BY_DESTINATION,
	SEARCH_BY_MISSION_END,
	SEARCH_BY_SPACECRAFT,
	SEARCH_BY_SPACECRAFT_NAME,
	SEARCH_BY_LAUNCH_NET,
	SEARCH_BY_LANDING_SUCCESS,
	SEARCH_BY_LAUNCH_NAME,
	SEARCH_BY_LAUNCH,
	SEARCH_BY_SERIAL_NUMBER,
	SEARCH_BY_IN_SPACE,
	SEARCH_BY_DURATION,
	SEARCH_BY_TURN_AROUND_TIME,
	SEARCH_BY_NOTHING, /* all null */
	SEARCH_COLUMNS
};

static const char *const terms_of_order[SEARCH_COLUMNS] = {
	[SEARCH_BY_ID] = "id",
	[SEARCH_BY_DESTINATION] = "destination",
	[SEARCH_BY_MISSION_END] = "mission_end",
	[SEARCH_BY_SPACECRAFT] = "spacecraft",
	[SEARCH_BY_SPACECRAFT_NAME] = "spacecraft__name",
	[SEARCH_BY_LAUNCH_NET] = "launch__net",
	[SEARCH_BY_LANDING_SUCCESS] = "landing__success",
	[SEARCH_BY_LAUNCH_NAME] = "launch__name",
	[SEARCH_BY_LAUNCH] = "launch",
	[SEARCH_BY_SERIAL_NUMBER] = "spacecraft__serial_number",
	[SEARCH_BY_IN_SPACE] = "spacecraft__in_space",
	[SEARCH_BY_DURATION] = "duration",
	[SEARCH_BY_TURN_AROUND_TIME] = "turn_around_time",
	[SEARCH_BY_NOTHING] = "launch__probability",
};

static int compare_by(enum search_column column, const struct flight *a, const struct flight *b)
{
	switch (column) {
	case SEARCH_BY_DESTINATION:
		return compare_texts(a->destination, b->destination);
	case SEARCH_BY_MISSION_END:
		return compare_nullable(a->mission_end, b->mission_end);
	case SEARCH_BY_SPACECRAFT:
		return compare_nullable(a->spacecraft, b->spacecraft);
	case SEARCH_BY_SPACECRAFT_NAME:
		return compare_texts(name_of(a), name_of(b));
	case SEARCH_BY_LAUNCH_NET:
		return compare_nullable(net_of(a), net_of(b));
	case SEARCH_BY_LANDING_SUCCESS:
		return compare_nullable(a->success, b->success);
	case SEARCH_BY_LAUNCH_NAME:
		return compare_texts(launch_name_of(a), launch_name_of(b));
	case SEARCH_BY_LAUNCH:
		return compare_nullable(a->launch, b->launch);
	case SEARCH_BY_SERIAL_NUMBER:
		return compare_texts(serial_number_of(a), serial_number_of(b));
	case SEARCH_BY_IN_SPACE:
		return compare_nullable(in_space_of(a), in_space_of(b));
	case SEARCH_BY_DURATION:
		return compare_nullable(duration_of(a), duration_of(b));
	case SEARCH_BY_TURN_AROUND_TIME:
		return compare_nullable(a->turn_around_time, b->turn_around_time);
	case SEARCH_BY_NOTHING:
		return 0;
	default:
		return (a > b) - (a < b);
	}
}

#define ORDER_MOST 4
#define TERMS_MOST 3

struct question {
	struct {
		enum search_column column;
		bool descending;
	} order[ORDER_MOST];
	size_t order_count;
	const char *terms[TERMS_MOST];
	size_t term_count;
	int spacecraft; /* -1: any */
	size_t limit, offset;
	struct strbuf target;
};

static const struct question *sorted_by;

static int compare_flights(const void *left, const void *right)
{
	const struct flight *a = *(const struct flight *const *)left;
	const struct flight *b = *(const struct flight *const *)right;

	for (size_t i = 0; i < sorted_by->order_count; i++) {
		int difference = compare_by(sorted_by->order[i].column, a, b);

		if (difference != 0)
			return sorted_by->order[i].descending ? -difference : difference;
	}
	return (a > b) - (a < b);
}

static void fold(const char *text, wchar_t folded[static 64])
{
	size_t length = mbstowcs(folded, text, 63);

	assert_true(length < 63);
	for (size_t i = 0; i <= length; i++)
		folded[i] = (wchar_t)towlower((wint_t)folded[i]);
}

static bool contains(const char *text, const char *term)
{
	wchar_t folded[64], part[64];

	if (!text)
		return false;
	fold(text, folded);
	fold(term, part);
	return wcsstr(folded, part) != NULL;
}

static bool agency_has(int agency, const char *term)
{
	return agency >= 0 &&
	       (contains(agencies[agency].name, term) || contains(agencies[agency].abbrev, term));
}

static bool spacecraft_has(int i, const char *term)
{
	int config;

	if (i < 0)
		return false;
	config = spacecraft[i].config;
	return contains(spacecraft[i].name, term) || contains(spacecraft[i].serial_number, term) ||
	       (config >= 0 &&
	        (contains(configs[config].name, term) || agency_has(configs[config].agency, term)));
}

static bool launch_has(int i, const char *term)
{
	int launcher;

	if (i < 0)
		return false;
	launcher = launches[i].launcher;
	return contains(launches[i].name, term) || contains(launches[i].mission, term) ||
	       contains(launches[i].type, term) || agency_has(launches[i].provider, term) ||
	       (launcher >= 0 && (contains(launchers[launcher].name, term) ||
	                          contains(launchers[launcher].full_name, term)));
}

static bool finds(const struct flight *flight, const char *term)
{
	for (size_t i = 0; i < CREWS; i++)
		if (flight->crew[i] >= 0 && contains(astronauts[flight->crew[i]], term))
			return true;
	return contains(flight->destination, term) || spacecraft_has(flight->spacecraft, term) ||
	       launch_has(flight->launch, term);
}

static bool is_found(const struct question *question, const struct flight *flight)
{
	if (question->spacecraft >= 0 && flight->spacecraft != question->spacecraft)
		return false;
	for (size_t i = 0; i < question->term_count; i++)
		if (!finds(flight, question->terms[i]))
			return false;
	return true;
}

/* --- Asking --- */

static void add_encoded(struct strbuf *out, const char *text)
{
	for (; *text; text++)
		strbuf_printf(out, "%%%02X", (unsigned char)*text);
}

static void write_order(struct question *question)
{
	static const char *const noise[] = {"nope", "-nope",        "name", "",
	                                    "-",    "launch__nope", "ID",   "--id"};

	strbuf_str(&question->target, "&ordering=id&ordering=");
	for (size_t i = 0; i < question->order_count; i++) {
		strbuf_printf(&question->target, "%s%s%s", i ? "," : "",
		              question->order[i].descending ? "-" : "",
		              terms_of_order[question->order[i].column]);
		if (random_percent(&generator, 20))
			strbuf_printf(&question->target, ",%s",
			              noise[random_below(&generator, COUNT(noise))]);
	}
}

/* Each term as a word where it can be one, else as a phrase. */
static void write_terms(struct question *question)
{
	static const char *const separators[] = {" ", ",", ", ", "\t", "  "};

	strbuf_str(&question->target, "&search=nothing&search=");
	for (size_t i = 0; i < question->term_count; i++) {
		const char *term = question->terms[i];
		bool phrase = strpbrk(term, " ,\t\x1F") || term[0] == '"';

		add_encoded(&question->target, phrase ? "\"" : "");
		add_encoded(&question->target, term);
		add_encoded(&question->target, phrase ? "\"" : "");
		add_encoded(&question->target,
		            separators[random_below(&generator, COUNT(separators))]);
	}
}

/* Terms that can be written: not empty, and no phrase with a quote within. */
static const char *random_term(void)
{
	static const char *const parts[] = {
		"rew", "DRAGON", "ms", "0%", "_b", "k\\s", "it'", "ÉL", "ΩM", "本", "earth orb",
		"a, h", "quoted", "\\%", "%b", "%%", "__", "🚀", "nowhere", "e", "\\", "%", "_", "'",
		"ZZ", "1",
		/* What parts fields in the texts is no character of them. */
		"x\x1F", "\x1Fl", "s\x1Fl"};

	return parts[random_below(&generator, COUNT(parts))];
}

static void make_question(struct question *question)
{
	*question = (struct question){.spacecraft = -1, .target = STRBUF_INIT};
	question->limit = 1 + random_below(&generator, 100);
	question->offset =
		random_percent(&generator, 50) ? 0 : random_below(&generator, FLIGHTS + 20);
	strbuf_printf(&question->target, LIST "?limit=%zu&offset=%zu", question->limit,
	              question->offset);
	question->order_count = random_below(&generator, ORDER_MOST + 1);
	for (size_t i = 0; i < question->order_count; i++) {
		question->order[i].column =
			(enum search_column)random_below(&generator, SEARCH_COLUMNS);
		question->order[i].descending = random_percent(&generator, 50);
	}
	question->term_count =
		random_percent(&generator, 40) ? 0 : 1 + random_below(&generator, TERMS_MOST);
	for (size_t i = 0; i < question->term_count; i++)
		question->terms[i] = random_term();
	if (random_percent(&generator, 20)) {
		question->spacecraft = (int)random_below(&generator, SPACECRAFT);
		strbuf_printf(&question->target, "&spacecraft=%d", question->spacecraft + 1);
	}
	if (question->order_count > 0)
		write_order(question);
	if (question->term_count > 0)
		write_terms(question);
}

static void assert_page(const struct question *question, const struct reply *reply)
{
	const struct flight *found[FLIGHTS];
	json_t *page = json_loadb(reply->body, reply->body_length, 0, NULL);
	json_t *results = json_object_get(page, "results");
	size_t count = 0;
	size_t expected;

	for (size_t i = 0; i < FLIGHTS; i++)
		if (is_found(question, &flights[i]))
			found[count++] = &flights[i];
	sorted_by = question;
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): it is pointers that are sorted */
	qsort(found, count, sizeof(found[0]), compare_flights);
	if (reply->status != 200 ||
	    json_integer_value(json_object_get(page, "count")) != (json_int_t)count)
		fail_msg("%s: %d, not %zu found: %.100s", question->target.data, reply->status,
		         count, reply->body);
	expected = question->offset >= count ? 0 : count - question->offset;
	if (expected > question->limit)
		expected = question->limit;
	assert_int_equal(json_array_size(results), expected);
	for (size_t i = 0; i < expected; i++) {
		json_int_t id =
			json_integer_value(json_object_get(json_array_get(results, i), "id"));

		if (id != found[question->offset + i] - flights + 1)
			fail_msg("%s: result %zu is %lld, not %ld", question->target.data, i, id,
			         (long)(found[question->offset + i] - flights + 1));
	}
	assert_true(json_is_null(json_object_get(page, "next")) ==
	            (question->offset + question->limit >= count));
	json_decref(page);
}

static void test_random_questions(void **state)
{
	(void)state;
	serve(WORDS(NOW_SETTING, UNSHARED));
	for (int i = 0; i < QUERIES; i++) {
		struct question question;
		struct reply reply;

		make_question(&question);
		for (int j = 0; j < 2; j++) {
			wire_ask(&client, "GET", question.target.data, "Host: a\r\n");
			wire_read(&client, false, &reply);
			assert_page(&question, &reply);
			reply_fini(&reply);
		}
		strbuf_fini(&question.target);
	}
	serve_end(NULL);
}

/* A search applies to one flight as well. */
static void test_one_flight(void **state)
{
	(void)state;
	serve(WORDS(UNSHARED));
	for (size_t i = 0; i < FLIGHTS; i += 7) {
		const char *term = random_term();
		struct strbuf target = STRBUF_INIT;
		struct reply reply;

		strbuf_printf(&target, LIST "%zu/?ordering=-launch__net&search=%%22", i + 1);
		add_encoded(&target, term);
		strbuf_str(&target, "%22");
		wire_ask(&client, "GET", target.data, "Host: a\r\n");
		wire_read(&client, false, &reply);
		if (reply.status != (finds(&flights[i], term) ? 200 : 404))
			fail_msg("%s: %d", target.data, reply.status);
		reply_fini(&reply);
		strbuf_fini(&target);
	}
	serve_end(NULL);
}

#define FIFTY "__________________________________________________"

static void test_edges(void **state)
{
	static const struct {
		const char *query;
		int status, count; /* -1: not looked at */
	} edges[] = {
		{"search=", 200, FLIGHTS},
		{"search=%20%20", 200, FLIGHTS},
		{"search=,,%20,", 200, FLIGHTS},
		{"search=%22%22", 200, FLIGHTS},
		{"search", 200, FLIGHTS},
		{"search=nosuchthinganywhere", 200, 0},
		{"search=e&search=", 200, FLIGHTS},
		{"search=%FF", 200, 0},
		{"search=a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p", 200, -1},
		{"search=a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p+q", 400, -1},
		{"search=" FIFTY FIFTY FIFTY FIFTY, 200, 0},
		{"search=" FIFTY FIFTY FIFTY FIFTY "_", 400, -1},
		{"ordering=", 200, FLIGHTS},
		{"ordering=nope", 200, FLIGHTS},
		{"ordering=-id&limit=1", 200, FLIGHTS},
		{"ordering=id,-id,destination,%20-launch__net%20", 200, FLIGHTS},
		{"ordering=%00", 200, FLIGHTS},
	};

	(void)state;
	serve(WORDS(UNSHARED));
	for (size_t i = 0; i < COUNT(edges); i++) {
		struct strbuf target = STRBUF_INIT;
		struct reply reply;
		int count;

		strbuf_printf(&target, LIST "?%s", edges[i].query);
		wire_ask(&client, "GET", target.data, "Host: a\r\n");
		wire_read(&client, false, &reply);
		if (reply.status != edges[i].status)
			fail_msg("%s: %d %s", edges[i].query, reply.status,
			         process_err(&server.process));
		if (edges[i].count >= 0 &&
		    (sscanf(reply.body, "{\"count\":%d,", &count) != 1 || count != edges[i].count))
			fail_msg("%s: %.30s", edges[i].query, reply.body);
		reply_fini(&reply);
		strbuf_fini(&target);
	}
	serve_end(NULL);
}

/* Flights under way outgrow others while no row changes: an answer in that order is good for a second. */
static void test_age_by_duration(void **state)
{
	static const struct {
		const char *query, *age;
	} ages[] = {
		{"limit=1&ordering=destination", "public, max-age=10"},
		{"limit=1&ordering=duration", "public, max-age=1"},
		{"limit=1&ordering=destination,-duration", "public, max-age=1"},
	};

	(void)state;
	free(test_sql(database.conninfo,
	              "UPDATE spacecraft_flight SET mission_end = '2025-01-01Z'"));
	server_start(&server, database.conninfo, WORDS(UNSHARED));
	for (size_t i = 0; i < COUNT(ages); i++) {
		struct answer answer;
		char path[200];

		snprintf(path, sizeof(path), LIST "?%s", ages[i].query);
		http_get(&server, path, NULL, &answer);
		assert_int_equal(answer.status, 200);
		assert_string_equal(answer_header(&answer, "Cache-Control"), ages[i].age);
		answer_fini(&answer);
	}
	server_stop(&server, NULL);
}

/* Spacecraft have no texts of their own: each term is sought in each field, and all terms have to be found. */
static void test_terms_in_fields(void **state)
{
	static const struct {
		const char *search;
		int count;
	} searches[] = {{"quux", 2},       {"quux+zeta", 1},  {"quux,theta", 1},
	                {"theta+quux", 1}, {"zeta+theta", 0}, {"quux+nowhere", 0}};

	(void)state;
	free(test_sql(database.conninfo,
	              "INSERT INTO spacecraft_configuration (id, name) VALUES (9001, 'Theta');"
	              "INSERT INTO spacecraft (id, name, spacecraft_config_id)"
	              " VALUES (9001, 'Quux Zeta', NULL), (9002, 'Quux', 9001)"));
	serve(WORDS(UNSHARED));
	for (size_t i = 0; i < COUNT(searches); i++) {
		char target[128];
		struct reply reply;
		int count;

		snprintf(target, sizeof(target), "/2.3.0/spacecraft/?search=%s",
		         searches[i].search);
		wire_ask(&client, "GET", target, "Host: a\r\n");
		wire_read(&client, false, &reply);
		if (reply.status != 200 || sscanf(reply.body, "{\"count\":%d,", &count) != 1 ||
		    count != searches[i].count)
			fail_msg("%s: %d %.30s", searches[i].search, reply.status, reply.body);
		reply_fini(&reply);
	}
	serve_end(NULL);
}

static int set_up(void **state)
{
	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	random_init(&generator, random_seed("search"));
	make_flights();
	test_database_init_schema(&database);
	store_flights();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_questions),
		cmocka_unit_test(test_one_flight),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_age_by_duration),
		cmocka_unit_test(test_terms_in_fields),
	};

	return RUN_TESTS("search", tests, set_up, tear_down);
}
