/* Writes the page that documents the API. */
#include "http/page.h"
#include "http/path.h"
#include "page_frame.h"
#include "resources/resource.h"
#include "serializer/reference.h"

static void write_reference(struct strbuf *out, void *context)
{
	(void)context;
	reference_write(out);
}

void page_write_docs(struct strbuf *out)
{
	const struct page_frame frame = {
		.title = "Documentation – Spacecraft Flights",
		.crumbs = {{"Spacecraft Flight List", PATH_LIST},
	                   {"Documentation", VERSION_PATH "docs/"}},
		.crumb_count = 2,
		.skip = "reference",
		.write_main = write_reference,
	};

	page_frame_write(&frame, out);
}
