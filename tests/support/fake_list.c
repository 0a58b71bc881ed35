/* Makes documents and pages. */
#include "support/fake_list.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"

void fake_list_fini(struct fake_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->flights[i].document);
	free(list->flights);
	*list = (struct fake_list){.count = 0};
}

/* Where the flight is or would be. */
static size_t place_of(const struct fake_list *list, int64_t id)
{
	size_t place = 0;

	while (place < list->count && list->flights[place].id < id)
		place++;
	return place;
}

static bool is_at(const struct fake_list *list, size_t place, int64_t id)
{
	return place < list->count && list->flights[place].id == id;
}

static void room_make(struct fake_list *list, size_t place)
{
	if (list->count == list->capacity) {
		list->capacity = list->capacity ? 2 * list->capacity : 64;
		list->flights = realloc(list->flights, list->capacity * sizeof(*list->flights));
		assert_non_null(list->flights);
	}
	memmove(list->flights + place + 1, list->flights + place,
	        (list->count - place) * sizeof(*list->flights));
	list->count++;
}

void fake_list_put(struct fake_list *list, int64_t id, const char *document)
{
	size_t place = place_of(list, id);
	char *copy = strdup(document);

	assert_non_null(copy);
	if (!is_at(list, place, id)) {
		room_make(list, place);
		list->flights[place] = (struct fake_flight){id, NULL};
	}
	free(list->flights[place].document);
	list->flights[place].document = copy;
}

void fake_list_remove(struct fake_list *list, int64_t id)
{
	size_t place = place_of(list, id);

	assert_true(is_at(list, place, id));
	free(list->flights[place].document);
	list->count--;
	memmove(list->flights + place, list->flights + place + 1,
	        (list->count - place) * sizeof(*list->flights));
}

static void text_add(struct strbuf *out, const char *text)
{
	strbuf_printf(out, text ? "\"%s\"" : "null", text);
}

static void spacecraft_add(struct strbuf *out, const struct fake_facts *facts)
{
	strbuf_printf(out,
	              "\"spacecraft\":{\"response_mode\":\"normal\",\"id\":%" PRId64
	              ",\"name\":\"Craft %" PRId64 "\",\"serial_number\":null,\"in_space\":%s"
	              ",\"status\":{\"id\":1,\"name\":\"Active\"}},",
	              facts->id, facts->id, facts->in_space ? "true" : "false");
}

static void launch_add(struct strbuf *out, const struct fake_facts *facts)
{
	strbuf_printf(out,
	              "\"launch\":{\"id\":\"00000000-0000-4000-8000-%012" PRIx64
	              "\",\"name\":\"Rocket | Craft %" PRId64
	              "\",\"response_mode\":\"normal\",\"net\":",
	              facts->id, facts->id);
	text_add(out, facts->net);
	if (facts->provider)
		strbuf_printf(out,
		              ",\"launch_service_provider\":{\"response_mode\":\"list\",\"id\":1,"
		              "\"name\":\"%s\",\"abbrev\":\"A\"}",
		              facts->provider);
	strbuf_str(out, "},");
}

void fake_list_put_facts(struct fake_list *list, const struct fake_facts *facts)
{
	struct strbuf out = STRBUF_INIT;

	strbuf_printf(&out, "{\"id\":%" PRId64 ",\"destination\":", facts->id);
	text_add(&out, facts->destination);
	strbuf_str(&out, ",\"mission_end\":");
	text_add(&out, facts->mission_end);
	strbuf_char(&out, ',');
	spacecraft_add(&out, facts);
	launch_add(&out, facts);
	strbuf_str(&out, "\"landing\":null,\"duration\":null,\"turn_around_time\":null,"
	                 "\"response_mode\":\"detailed\",\"launch_crew\":[],\"onboard_crew\":[],"
	                 "\"landing_crew\":[],\"docking_events\":[]}");
	fake_list_put(list, facts->id, out.data);
	strbuf_fini(&out);
}

void fake_list_fill(struct fake_list *list, int64_t count, const char *destination)
{
	for (int64_t id = 1; id <= count; id++) {
		struct strbuf text = STRBUF_INIT;

		strbuf_printf(&text, "%s %" PRId64, destination, id);
		fake_list_put_facts(list,
		                    &(struct fake_facts){.id = id,
		                                         .destination = text.data,
		                                         .net = "2020-01-01T00:00:00Z",
		                                         .mission_end = "2020-02-01T00:00:00Z",
		                                         .provider = destination});
		strbuf_fini(&text);
	}
}

/* A flight's place among others: by chance, but always the same for a seed. */
static uint64_t shuffled_place(int64_t id, unsigned seed)
{
	uint64_t x = (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) + seed;

	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static int shuffled_compare(const void *a, const void *b, void *seed)
{
	uint64_t x = shuffled_place(((const struct fake_flight *)a)->id, *(unsigned *)seed);
	uint64_t y = shuffled_place(((const struct fake_flight *)b)->id, *(unsigned *)seed);

	return (x > y) - (x < y);
}

struct fake_list fake_list_order(const struct fake_list *list, enum fake_order order, unsigned seed)
{
	struct fake_list ordered = {.count = list->count};

	ordered.flights = calloc(list->count + 1, sizeof(*ordered.flights));
	assert_non_null(ordered.flights);
	if (list->count > 0)
		memcpy(ordered.flights, list->flights, list->count * sizeof(*ordered.flights));
	if (order == FAKE_SHUFFLED)
		seed = 7;
	if (order != FAKE_BY_ID)
		qsort_r(ordered.flights, ordered.count, sizeof(*ordered.flights), shuffled_compare,
		        &seed);
	return ordered;
}

static void link_add(struct strbuf *out, const struct fake_page *page, int64_t offset)
{
	strbuf_printf(out,
	              "\"%s/2.3.0/spacecraft_flights/?format=json&limit=%" PRId64
	              "&mode=detailed&offset=%" PRId64 "&ordering=id\"",
	              page->origin, page->limit, offset);
}

void fake_list_page(const struct fake_list *list, const struct fake_page *page, struct strbuf *out)
{
	int64_t total = (int64_t)list->count;
	int64_t end = page->offset + page->limit < total ? page->offset + page->limit : total;

	strbuf_printf(out,
	              "{\"count\":%" PRId64 ",\"next\":", page->count >= 0 ? page->count : total);
	if (page->next)
		strbuf_printf(out, "\"%s\"", page->next);
	else if (page->offset + page->limit < total)
		link_add(out, page, page->offset + page->limit);
	else
		strbuf_str(out, "null");
	strbuf_str(out, ",\"previous\":null,\"results\":[");
	if (page->cut > 0)
		end -= page->cut;
	for (int64_t i = page->offset; i < end; i++)
		strbuf_printf(out, "%s%s", i > page->offset ? "," : "", list->flights[i].document);
	strbuf_str(out, "]}");
}
