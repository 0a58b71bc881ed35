/* Holds the fixed pages. */
#include "http/fixed_page.h"

#define PAGE(title, text) \
	"\n<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>" title "</title>\n</head>\n" \
	"<body>\n  <h1>" title "</h1><p>" text "</p>\n</body>\n</html>\n"
#define FIXED_PAGE(status, title, text) \
	{ \
		status, PAGE(title, text), sizeof(PAGE(title, text)) - 1 \
	}

static const struct fixed_page not_found =
	FIXED_PAGE(404, "Not Found", "The requested resource was not found on this server.");
static const struct fixed_page bad_request = FIXED_PAGE(400, "Bad Request (400)", "");

const struct fixed_page *fixed_page_of(int status)
{
	return status == not_found.status ? &not_found : &bad_request;
}
