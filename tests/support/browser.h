/* A real browser: chromium without a screen, told what to do by chromedriver (WebDriver: JSON over HTTP).
   It reaches the loopback alone, and runs no script of pages. Whatever cannot be done fails the test. */
#ifndef SUPPORT_BROWSER_H
#define SUPPORT_BROWSER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "support/command.h"
#include "support/temporary.h"

struct browser {
	struct process driver;
	int port;
	char session[80];
	char profile[TEMPORARY_SIZE];
};

/* A window of that size in CSS pixels; a phone's has its narrow viewport and touch. */
void browser_start(struct browser *browser, int width, int height, bool phone);
void browser_stop(struct browser *browser);

void browser_open(struct browser *browser, const char *url);
void browser_back(struct browser *browser);
void browser_prefer_dark(struct browser *browser, bool dark);

/* New strings. Elements are the first that a CSS selector finds. */
char *browser_url(struct browser *browser);
char *browser_title(struct browser *browser);
char *browser_text(struct browser *browser, const char *selector);
char *browser_attribute(struct browser *browser, const char *selector, const char *name);

void browser_click(struct browser *browser, const char *selector);
/* Replaces what a field holds. */
void browser_type(struct browser *browser, const char *selector, const char *text);
/* Keys for whatever has the focus; WebDriver's codes, such as \uE004 for Tab, in UTF-8. */
void browser_press(struct browser *browser, const char *key);
/* Whether such an element can be seen. */
bool browser_shows(struct browser *browser, const char *selector);

/* What a script's `return` gives; new. The test's script, not the page's. */
json_t *browser_script(struct browser *browser, const char *script);

/* Appends to an array of strings the urls that the browser asked for since the last call. */
void browser_requests(struct browser *browser, json_t *urls);

/* A PNG of the window. */
void browser_screenshot(struct browser *browser, const char *path);

#endif
