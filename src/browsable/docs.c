/* Writes the page that documents the API. */
#include "browsable/page.h"
#include "layout.h"
#include "resources/resource.h"
#include "reference.h"

static void write_reference(struct strbuf *out, void *context)
{
	(void)context;
	reference_write(out);
}

void page_write_docs(struct strbuf *out)
{
	const struct page_frame frame = {
		.title = "Documentation – Spacecraft Flights",
		.crumbs = {{"Spacecraft Flight List", VERSION_PATH "spacecraft_flights/"},
	                   {"Documentation", VERSION_PATH "docs/"}},
		.crumb_count = 2,
		.skip = "reference",
		.write_main = write_reference,
	};

	page_frame_write(&frame, out);
}
