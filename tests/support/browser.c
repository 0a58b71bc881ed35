/* Tells chromium what to do, by chromedriver. */
#include "support/browser.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "support/cmocka.h"
#include "support/poll.h"
#include "support/port.h"
#include "support/temporary.h"

#define START_SECONDS 60
#define COMMAND_SECONDS_MOST 60L
#define ELEMENT "element-6066-11e4-a52e-4f735466cecf" /* WebDriver's name for one */

static size_t keep_bytes(char *data, size_t size, size_t count, void *user)
{
	strbuf_add(user, data, size * count);
	return size * count;
}

/* One request of WebDriver: the answer as it came, or NULL for none. New. */
static json_t *talk(const struct browser *browser, const char *method, const char *path,
                    const char *body)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
	struct strbuf answer = STRBUF_INIT;
	CURL *curl = curl_easy_init();
	char url[400];
	json_t *value;

	assert_non_null(curl);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", browser->port, path);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, COMMAND_SECONDS_MOST);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep_bytes);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
	if (body)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	value = curl_easy_perform(curl) == CURLE_OK
	                ? json_loadb(answer.data ? answer.data : "", answer.length, 0, NULL)
	                : NULL;
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	strbuf_fini(&answer);
	return value;
}

/* The value of a command's answer, new; `parameters` are taken. Fails the test where the browser says
   that it is an error. */
static json_t *command(const struct browser *browser, const char *method, const char *path,
                       json_t *parameters)
{
	char *body = parameters ? json_dumps(parameters, 0) : NULL;
	char whole[300];
	json_t *answer, *value;

	snprintf(whole, sizeof(whole), "/session/%s%s", browser->session, path);
	answer = talk(browser, method, *path || *browser->session ? whole : "/session", body);
	value = json_incref(json_object_get(answer, "value"));
	if (!value || json_object_get(value, "error")) {
		char *text = answer ? json_dumps(answer, 0) : NULL;

		fail_msg("%s %s %s: %.600s", method, path, body ? body : "",
		         text ? text : "no answer");
	}
	json_decref(answer);
	json_decref(parameters);
	free(body);
	return value;
}

static void post(const struct browser *browser, const char *path, json_t *parameters)
{
	json_decref(command(browser, "POST", path, parameters));
}

static char *text_of(json_t *value)
{
	char *text = strdup(json_is_string(value) ? json_string_value(value) : "");

	assert_non_null(text);
	json_decref(value);
	return text;
}

static bool is_ready(void *user)
{
	json_t *status = talk(user, "GET", "/status", NULL);
	bool ready = json_is_true(json_object_get(json_object_get(status, "value"), "ready"));

	json_decref(status);
	return ready;
}

/* chromium: nothing that phones home, no other host, and none of the pages' scripts. */
static json_t *options(const struct browser *browser, int width, int height, bool phone)
{
	static const char *const switches[] = {
		"--headless",
		"--no-sandbox",
		"--disable-gpu",
		"--disable-quic",
		"--no-first-run",
		"--no-proxy-server",
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-sync",
		"--disable-dev-shm-usage",
		"--hide-scrollbars",
		"--remote-debugging-pipe",
		"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
	};
	json_t *words = json_array();
	json_t *all;
	char word[TEMPORARY_SIZE + 32];

	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
		json_array_append_new(words, json_string(switches[i]));
	snprintf(word, sizeof(word), "--user-data-dir=%s", browser->profile);
	json_array_append_new(words, json_string(word));
	snprintf(word, sizeof(word), "--window-size=%d,%d", width, height);
	json_array_append_new(words, json_string(word));
	all = json_pack("{s:s, s:o, s:{s:i}}", "binary", "/usr/bin/chromium", "args", words,
	                "prefs", "profile.managed_default_content_settings.javascript", 2);
	if (phone)
		json_object_set_new(all, "mobileEmulation",
		                    json_pack("{s:{s:i, s:i, s:i, s:b, s:b}}", "deviceMetrics",
		                              "width", width, "height", height, "pixelRatio", 2,
		                              "mobile", 1, "touch", 1));
	return all;
}

static void begin_session(struct browser *browser, int width, int height, bool phone)
{
	json_t *capabilities = json_pack(
		"{s:{s:{s:s, s:o, s:{s:s}}}}", "capabilities", "alwaysMatch", "browserName",
		"chrome", "goog:chromeOptions", options(browser, width, height, phone),
		"goog:loggingPrefs", "performance", "ALL");
	json_t *value = command(browser, "POST", "", capabilities);

	snprintf(browser->session, sizeof(browser->session), "%s",
	         json_string_value(json_object_get(value, "sessionId")));
	json_decref(value);
}

void browser_start(struct browser *browser, int width, int height, bool phone)
{
	char port[32];

	*browser = (struct browser){.port = port_reserve()};
	temporary_directory(browser->profile, "browser");
	snprintf(port, sizeof(port), "--port=%d", browser->port);
	process_start(&browser->driver, WORDS("chromedriver", port), NULL, 0);
	if (!poll_until(is_ready, browser, START_SECONDS))
		fail_msg("chromedriver does not start (package chromium-driver)");
	begin_session(browser, width, height, phone);
}

void browser_stop(struct browser *browser)
{
	struct output output;

	json_decref(command(browser, "DELETE", "", NULL));
	kill(browser->driver.pid, SIGTERM);
	process_wait(&browser->driver, START_SECONDS, &output);
	output_fini(&output);
	temporary_remove(browser->profile); /* some of it the browser may still remove itself */
}

void browser_open(struct browser *browser, const char *url)
{
	post(browser, "/url", json_pack("{s:s}", "url", url));
}

void browser_back(struct browser *browser)
{
	post(browser, "/back", json_object());
}

void browser_prefer_dark(struct browser *browser, bool dark)
{
	post(browser, "/goog/cdp/execute",
	     json_pack("{s:s, s:{s:[{s:s, s:s}]}}", "cmd", "Emulation.setEmulatedMedia", "params",
	               "features", "name", "prefers-color-scheme", "value",
	               dark ? "dark" : "light"));
}

char *browser_url(struct browser *browser)
{
	return text_of(command(browser, "GET", "/url", NULL));
}

char *browser_title(struct browser *browser)
{
	return text_of(command(browser, "GET", "/title", NULL));
}

/* The path of an element's command, in the buffer. */
static const char *element_path(const struct browser *browser, const char *selector,
                                const char *rest, char path[200])
{
	json_t *element =
		command(browser, "POST", "/element",
	                json_pack("{s:s, s:s}", "using", "css selector", "value", selector));

	snprintf(path, 200, "/element/%s%s", json_string_value(json_object_get(element, ELEMENT)),
	         rest);
	json_decref(element);
	return path;
}

char *browser_text(struct browser *browser, const char *selector)
{
	char path[200];

	return text_of(
		command(browser, "GET", element_path(browser, selector, "/text", path), NULL));
}

char *browser_attribute(struct browser *browser, const char *selector, const char *name)
{
	char rest[100];
	char path[200];

	snprintf(rest, sizeof(rest), "/property/%s", name);
	return text_of(command(browser, "GET", element_path(browser, selector, rest, path), NULL));
}

void browser_click(struct browser *browser, const char *selector)
{
	char path[200];

	post(browser, element_path(browser, selector, "/click", path), json_object());
}

void browser_type(struct browser *browser, const char *selector, const char *text)
{
	char path[200];

	post(browser, element_path(browser, selector, "/clear", path), json_object());
	post(browser, element_path(browser, selector, "/value", path),
	     json_pack("{s:s}", "text", text));
}

void browser_press(struct browser *browser, const char *key)
{
	post(browser, "/actions",
	     json_pack("{s:[{s:s, s:s, s:[{s:s, s:s}, {s:s, s:s}]}]}", "actions", "type", "key",
	               "id", "keyboard", "actions", "type", "keyDown", "value", key, "type",
	               "keyUp", "value", key));
}

bool browser_shows(struct browser *browser, const char *selector)
{
	char path[200];
	json_t *shown =
		command(browser, "GET", element_path(browser, selector, "/displayed", path), NULL);
	bool result = json_is_true(shown);

	json_decref(shown);
	return result;
}

json_t *browser_script(struct browser *browser, const char *script)
{
	return command(browser, "POST", "/execute/sync",
	               json_pack("{s:s, s:[]}", "script", script, "args"));
}

void browser_requests(struct browser *browser, json_t *urls)
{
	json_t *entries =
		command(browser, "POST", "/se/log", json_pack("{s:s}", "type", "performance"));
	json_t *entry;
	size_t i;

	json_array_foreach(entries, i, entry)
	{
		json_t *event =
			json_loads(json_string_value(json_object_get(entry, "message")), 0, NULL);
		const json_t *message = json_object_get(event, "message");
		const char *method = json_string_value(json_object_get(message, "method"));
		json_t *request = json_object_get(json_object_get(message, "params"), "request");

		if (method && strcmp(method, "Network.requestWillBeSent") == 0)
			json_array_append(urls, json_object_get(request, "url"));
		json_decref(event);
	}
	json_decref(entries);
}

static void write_base64(const char *text, FILE *file)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0;
	int count = 0;

	for (; *text && *text != '='; text++) {
		const char *digit = strchr(digits, *text);

		assert_non_null(digit);
		bits = bits << 6 | (unsigned)(digit - digits);
		count += 6;
		if (count >= 8) {
			count -= 8;
			fputc((int)(bits >> count & 0xFF), file);
		}
	}
}

void browser_screenshot(struct browser *browser, const char *path)
{
	char *text = text_of(command(browser, "GET", "/screenshot", NULL));
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	write_base64(text, file);
	assert_int_equal(fclose(file), 0);
	free(text);
}
