/* Pages of an upstream: what is taken for one lies within the text, and is in order once it is checked. */
#include "support/fuzz.h"
#include "sync/page.h"
#include "sync/url.h"

#define UPSTREAM "http://h"

static void documents_require(const struct sync_page *page, const char *text, size_t size)
{
	const char *before = text;

	for (size_t i = 0; i < page->document_count; i++) {
		const struct sync_document *document = &page->documents[i];

		FUZZ_REQUIRE(document->id > 0);
		FUZZ_REQUIRE(document->text >= before && document->length >= 2);
		before = document->text + document->length;
		FUZZ_REQUIRE(before <= text + size);
		FUZZ_REQUIRE(document->text[0] == '{' && before[-1] == '}');
	}
}

static void check_require(const struct sync_page *page)
{
	struct sync_place place = {.limit = 100, .last_id = 1, .upstream = UPSTREAM};
	struct error error = {0};
	bool good = sync_page_check(page, &place, &error);

	FUZZ_REQUIRE(good != error_is_set(&error));
	if (!good)
		return;
	FUZZ_REQUIRE(page->document_count <= 100);
	for (size_t i = 0; i < page->document_count; i++)
		FUZZ_REQUIRE(page->documents[i].id > (i > 0 ? page->documents[i - 1].id : 1));
	FUZZ_REQUIRE(!page->next || sync_url_same_origin(page->next, UPSTREAM));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* No byte more than the input, so that reading beyond it is noticed. */
	char *text = malloc(size ? size : 1);
	struct sync_page page;
	struct error error = {0};

	FUZZ_REQUIRE(text);
	memcpy(text, data, size);
	if (sync_page_read(&page, "page", text, size, &error)) {
		documents_require(&page, text, size);
		check_require(&page);
	} else {
		FUZZ_REQUIRE(error_is_set(&error));
	}
	sync_page_fini(&page);
	free(text);
	return 0;
}
