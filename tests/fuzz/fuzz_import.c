/* Documents of any bytes through the importer's reading. */
#include "importer/import.h"
#include "resources/all.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const int64_t as_of = 0;
	struct import *import = import_new(&as_of);
	struct strbuf unknown = STRBUF_INIT;
	struct error error = {0};

	if (import_text(import, &resource_spacecraft_flight, "fuzz", (const char *)data, size,
	                &error) == error_is_set(&error))
		__builtin_trap();
	unknown_fields_line(import_unknown_fields(import), &unknown);
	strbuf_fini(&unknown);
	import_free(import);
	return 0;
}
