/* Documents of any bytes through the importer's reading: as those of a resource, and as those of any endpoint, several
   of them one behind the other or one a line, that are known by their urls or fields. */
#include "importer/import.h"
#include "resources/all.h"
#include "support/fuzz.h"

static void import_as(const struct resource *resource, const char *text, size_t size)
{
	const int64_t as_of = 0;
	struct import *import = import_new(resource ? &as_of : NULL);
	struct strbuf unknown = STRBUF_INIT;
	struct error error = {0};

	FUZZ_REQUIRE(import_text(import, resource, "fuzz", text, size, &error) !=
	             error_is_set(&error));
	unknown_fields_line(import_unknown_fields(import), &unknown);
	strbuf_fini(&unknown);
	import_free(import);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	import_as(&resource_spacecraft_flight, (const char *)data, size);
	import_as(NULL, (const char *)data, size);
	return 0;
}
