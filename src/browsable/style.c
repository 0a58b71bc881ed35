/* Holds the pages' style sheet, and the policy that lets it in and nothing else. */
#include "style.h"

#include "base/embed.h"
#include "browsable/page.h"

/* The Makefile gives the hash of page.css as browsers compute it. */
#ifndef PAGE_STYLE_SHA256
#define PAGE_STYLE_SHA256 ""
#endif

EMBED(page_css, "src/browsable/page.css");
EMBED(page_icon, "src/browsable/icon.svg");

const char page_policy[] = "default-src 'none'; style-src 'sha256-" PAGE_STYLE_SHA256 "'; "
			   "img-src https: http: data:; form-action 'self'; base-uri 'none'; "
			   "frame-ancestors 'none'";

void page_style_write(struct strbuf *out)
{
	strbuf_str(out, page_css);
}

void page_write_icon(struct strbuf *out)
{
	strbuf_str(out, page_icon);
}
