/* Reads HTML as far as tests need it: by its text, and by what stands between two marks. */
#ifndef SUPPORT_HTML_H
#define SUPPORT_HTML_H

/* The text without tags, with &amp; &lt; &gt; &quot; &#x27; read; other entities fail the test. New. */
char *html_text(const char *html);

/* What stands behind the first `begin` and before the next `end`; fails the test where there is none. New. */
char *html_between(const char *html, const char *begin, const char *end);

/* Each run of white space as one space, none at the ends; in place. */
void html_squeeze(char *text);

/* Indented JSON without its white space; in place. Numbers stay as they are written. */
void html_compact_json(char *json);

#endif
