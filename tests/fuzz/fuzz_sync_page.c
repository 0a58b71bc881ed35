/* Pages of an upstream: what is taken for one has documents with ids, in order once it is checked. */
#include "resources/all.h"
#include "support/fuzz.h"
#include "upstream/page.h"
#include "upstream/url.h"

#define UPSTREAM "http://h"
#define LIST_PATH "/2.3.0/spacecraft_flights/"

static void documents_require(const struct upstream_page *page)
{
	FUZZ_REQUIRE(page->count >= 0);
	for (size_t i = 0; i < page->document_count; i++) {
		FUZZ_REQUIRE((int64_t)page->documents[i].key.low >= 0);
		FUZZ_REQUIRE(json_is_object(page->documents[i].json));
	}
}

static void check_require(struct upstream_page *page)
{
	struct page_position position = {.upstream = UPSTREAM,
	                                 .path = LIST_PATH,
	                                 .resource = &resource_spacecraft_flight,
	                                 .limit = 100};
	const struct key one = key_of_integer(1);
	struct error error = {0};
	bool good = upstream_page_check(page, &position, &error);

	FUZZ_REQUIRE(good != error_is_set(&error));
	if (!good)
		return;
	FUZZ_REQUIRE(page->document_count <= 100);
	good = upstream_page_ascends(page, &resource_spacecraft_flight, &one, &error);
	for (size_t i = 0; i < page->document_count && good; i++)
		FUZZ_REQUIRE(page->documents[i].key.low >
		             (i > 0 ? page->documents[i - 1].key.low : 1));
	FUZZ_REQUIRE(!page->next ||
	             strncmp(page->next, UPSTREAM LIST_PATH, sizeof(UPSTREAM LIST_PATH) - 1) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* No byte more than the input, so that reading beyond it is noticed. */
	char *text = malloc(size ? size : 1);
	struct upstream_page page;
	struct error error = {0};

	FUZZ_REQUIRE(text);
	memcpy(text, data, size);
	if (upstream_page_read(&page, "page", &resource_spacecraft_flight, text, size, &error)) {
		documents_require(&page);
		check_require(&page);
	} else {
		FUZZ_REQUIRE(error_is_set(&error));
	}
	upstream_page_fini(&page);
	free(text);
	return 0;
}
