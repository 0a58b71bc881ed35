/* Holds the fixed pages. */
#include "http/fixed_page.h"

#define PAGE(title, text) \
	"\n<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>" title "</title>\n</head>\n" \
	"<body>\n  <h1>" title "</h1><p>" text "</p>\n</body>\n</html>\n"
#define ROW(status, title, text) \
	{ \
		status, PAGE(title, text), sizeof(PAGE(title, text)) - 1 \
	}

static const struct fixed_page pages[] = {
	ROW(404, "Not Found", "The requested resource was not found on this server."),
	ROW(400, "Bad Request (400)", ""),
	ROW(503, "Service Unavailable (503)", ""), /* the original has none of its own */
	ROW(500, "Server Error (500)", ""),
};

const struct fixed_page *fixed_page_of(int status)
{
	const struct fixed_page *page = pages;

	while (page->status != status && page->status != 500)
		page++;
	return page;
}
