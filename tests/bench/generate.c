/* generate rows CONNINFO LAUNCHES FLIGHTS: stores rows of every list, made from the tables of fields.
   generate FIRST COUNT [settled]: prints a list of flights for `import`, as many as one likes, made from
   those of sql/sample: each round through them has flights, launches, crews' parts and the like of its
   own, and shares agencies, people, pictures and places with all others. `settled` leaves out those that
   are under way or to come, so that nothing in the documents changes as time goes on. */
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/temporal.h"
#include "resources/all.h"
#include "support/many_rows.h"

#define SAMPLE "sql/sample"
#define SAMPLES_MAX 100
#define ROUND 1000000 /* ids between rounds */
#define ROUNDS_A_SPACECRAFT 3

static const struct resource *const of_a_round[] = {
	&resource_spacecraft_flight, &resource_launch,     &resource_landing,
	&resource_docking_event,     &resource_mission,    &resource_astronaut_flight,
	&resource_payload_flight,    &resource_spacecraft,
};

static int is_sample(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot != NULL && strcmp(dot, ".json") == 0;
}

static bool anything_in_space(const json_t *value)
{
	const char *name;
	json_t *member;
	size_t i;

	if (json_is_true(json_object_get(value, "in_space")))
		return true;
	json_object_foreach((json_t *)value, name, member)
	{
		if (anything_in_space(member))
			return true;
	}
	json_array_foreach(value, i, member)
	{
		if (anything_in_space(member))
			return true;
	}
	return false;
}

static bool is_settled(const json_t *flight)
{
	return json_is_string(json_object_get(flight, "mission_end")) && !anything_in_space(flight);
}

static size_t load_samples(bool settled, json_t *samples[SAMPLES_MAX])
{
	struct dirent **entries = NULL;
	int count = scandir(SAMPLE, &entries, is_sample, alphasort);
	size_t loaded = 0;

	for (int i = 0; i < count && i < SAMPLES_MAX; i++) {
		char path[600];

		snprintf(path, sizeof(path), SAMPLE "/%s", entries[i]->d_name);
		samples[loaded] = json_load_file(path, 0, NULL);
		if (json_is_object(samples[loaded]) && (!settled || is_settled(samples[loaded])))
			loaded++;
		free(entries[i]);
	}
	free(entries);
	return loaded;
}

static int rounds_of(const struct resource *resource, int round)
{
	for (size_t i = 0; i < sizeof(of_a_round) / sizeof(of_a_round[0]); i++)
		if (of_a_round[i] == resource)
			return resource == &resource_spacecraft ? round / ROUNDS_A_SPACECRAFT
			                                        : round;
	return 0;
}

/* So that they come in an order, as real ones do: else thousands would share a spacecraft's name or a net. */
static void set_apart(const struct resource *resource, json_t *document, int rounds)
{
	char text[300];
	int64_t net;

	if (resource == &resource_spacecraft) {
		snprintf(text, sizeof(text), "%s %d",
		         json_string_value(json_object_get(document, "name")), rounds);
		json_object_set_new(document, "name", json_string(text));
	} else if (resource == &resource_launch &&
	           moment_parse(json_string_value(json_object_get(document, "net")), &net)) {
		moment_format(net - rounds * 60 * MICROSECONDS, text);
		json_object_set_new(document, "net", json_string(text));
	}
}

static void renumber(const struct resource *resource, json_t *document, int round)
{
	json_t *id = json_object_get(document, "id");
	int rounds = rounds_of(resource, round);

	if (!json_is_object(document))
		return;
	if (rounds > 0 && json_is_integer(id)) {
		json_integer_set(id, json_integer_value(id) + rounds * (json_int_t)ROUND);
	} else if (rounds > 0 && json_is_string(id)) {
		char uuid[40];

		snprintf(uuid, sizeof(uuid), "%08x%s", (unsigned)rounds, json_string_value(id) + 8);
		json_string_set(id, uuid);
	}
	if (rounds > 0)
		set_apart(resource, document, rounds);
	for (size_t f = 0; f < resource->field_count; f++) {
		const struct field *field = &resource->fields[f];
		json_t *value = json_object_get(document, field->name);

		if (field->kind == ONE)
			renumber(field->of, value, round);
		for (size_t i = 0; field->kind == MANY && i < json_array_size(value); i++)
			renumber(field->of, json_array_get(value, i), round);
	}
}

int main(int argc, char **argv)
{
	if (argc == 5 && strcmp(argv[1], "rows") == 0) {
		many_rows_store(argv[2], strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10),
		                32);
		return 0;
	}
	json_t *samples[SAMPLES_MAX];
	bool settled = argc == 4 && strcmp(argv[3], "settled") == 0;
	size_t sample_count = load_samples(settled, samples);
	size_t first = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;
	size_t count = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;

	if (count == 0 || (argc == 4 && !settled) || sample_count == 0) {
		fprintf(stderr, "usage: generate FIRST COUNT [settled], beside " SAMPLE
		                "; generate rows CONNINFO LAUNCHES FLIGHTS\n");
		return 2;
	}
	for (size_t i = first; i < first + count; i++) {
		json_t *flight = json_deep_copy(samples[i % sample_count]);

		renumber(&resource_spacecraft_flight, flight, (int)(i / sample_count));
		fputs(i == first ? "[" : ",\n", stdout);
		json_dumpf(flight, stdout, JSON_COMPACT);
		json_decref(flight);
	}
	puts("]");
	return 0;
}
