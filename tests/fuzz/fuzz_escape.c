/* Texts of others in lines of logs and on terminals: whatever they are, each stays one line, of characters alone that
   steer nothing, and JSON stays JSON. Lines of the input are method, version, host, Referer, User-Agent and target. */
#include <ctype.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/printable.h"
#include "base/utf8.h"
#include "server/access_log.h"
#include "support/fuzz.h"

#define LINE_MOST ((size_t)1 << 20)

/* --- What is written. --- */

/* The access log's line of a request; new. */
static char *access_line(enum access_format format, const struct access *access)
{
	int file = memfd_create("access", MFD_CLOEXEC);
	char *line = malloc(LINE_MOST);
	struct error error = {0};
	struct access_log *log;
	char path[64];
	ssize_t length;

	FUZZ_REQUIRE(file >= 0 && line);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	log = access_log_start(path, &error);
	FUZZ_REQUIRE(log);
	access_log_add(log, format, access);
	access_log_stop(log);
	access_log_free(log);
	length = pread(file, line, LINE_MOST - 1, 0);
	FUZZ_REQUIRE(length > 0);
	line[length] = '\0';
	FUZZ_REQUIRE(strlen(line) == (size_t)length);
	close(file);
	return line;
}

static void check_one_line(const char *line)
{
	struct text text = text_of(line);
	uint32_t character;

	FUZZ_REQUIRE(text_ends_with(text, "\n") && utf8_valid(text));
	for (text.length--; text.length > 0;
	     text = text_from(text, utf8_decode(text.data, text.length, &character))) {
		utf8_decode(text.data, text.length, &character);
		FUZZ_REQUIRE(character >= 0x20 && (character < 0x7f || character >= 0xa0));
	}
}

/* --- The access log. --- */

static void check_combined(const struct access *access)
{
	char *line = access_line(ACCESS_COMBINED, access);
	size_t quotes = 0;

	check_one_line(line);
	for (const char *at = line; *at; at++) {
		FUZZ_REQUIRE(isascii(*at));
		quotes += *at == '"';
	}
	FUZZ_REQUIRE(quotes == 6);
	free(line);
}

static void check_member(const json_t *json, const char *name, const char *text)
{
	const char *written = json_string_value(json_object_get(json, name));

	FUZZ_REQUIRE(written);
	if (text && strlen(text) < 1000 && utf8_valid(text_of(text)))
		FUZZ_REQUIRE(strcmp(written, text) == 0);
}

static void check_json(const struct access *access)
{
	char *line = access_line(ACCESS_JSON, access);
	json_t *json = json_loads(line, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);

	check_one_line(line);
	check_member(json, "method", access->method);
	check_member(json, "protocol", access->version);
	check_member(json, "host", access->host);
	check_member(json, "referer", access->referer);
	check_member(json, "user_agent", access->user_agent);
	FUZZ_REQUIRE(json_string_value(json_object_get(json, "target")));
	json_decref(json);
	free(line);
}

/* --- Terminals. --- */

static void check_terminal(const char *text)
{
	char *line = NULL;
	size_t length;
	FILE *file = open_memstream(&line, &length);

	FUZZ_REQUIRE(file);
	printable_line(file, "%s", text);
	FUZZ_REQUIRE(fclose(file) == 0);
	check_one_line(line);
	free(line);
}

static const char *next_line(char **rest)
{
	const char *line = strsep(rest, "\n");

	return line && line[0] != '\0' ? line : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);
	char *lines = fuzz_string(data, size);
	char *rest = lines;
	struct access access = {.id = "0123", .route = "/", .status = 200};

	check_terminal(text);
	access.method = next_line(&rest);
	access.version = next_line(&rest);
	access.host = next_line(&rest);
	access.referer = next_line(&rest);
	access.user_agent = next_line(&rest);
	if (rest) /* the rest, with what ends lines and texts */
		access.target = (struct text){rest, size - (size_t)(rest - lines)};
	check_combined(&access);
	check_json(&access);
	free(lines);
	free(text);
	return 0;
}
