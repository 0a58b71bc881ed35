/* How the pages look: the text of their <style> element. */
#ifndef PAGE_STYLE_H
#define PAGE_STYLE_H

#include "base/strbuf.h"

/* Appends page.css as it is: the policy names its hash. */
void page_style_write(struct strbuf *out);

#endif
