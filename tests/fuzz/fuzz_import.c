/* Documents of any bytes through the importer's reading. */
#include "sync/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const int64_t as_of = 0;
	struct import *import = import_new(&as_of);
	struct strbuf unknown = STRBUF_INIT;
	struct error error = {0};

	if (import_read(import, "fuzz", (const char *)data, size, &error) == error_is_set(&error))
		__builtin_trap();
	import_unknown(import, &unknown);
	strbuf_fini(&unknown);
	import_free(import);
	return 0;
}
