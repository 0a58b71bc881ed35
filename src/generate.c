/* A program for the build: prints what is made from the tables of commands and settings. `generate man1` */
#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "command/manual.h"

static const struct {
	const char *name;
	void (*write)(struct strbuf *out);
} kinds[] = {
	{"man1", manual_write_commands}, {"man5", manual_write_settings},
	{"bash", completion_write_bash}, {"zsh", completion_write_zsh},
	{"fish", completion_write_fish},
};

int main(int argc, char **argv)
{
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; argc == 2 && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(argv[1], kinds[i].name) == 0)
			kinds[i].write(&text);
	if (text.length == 0) {
		fprintf(stderr, "usage: generate man1|man5|bash|zsh|fish\n");
		return 2;
	}
	fwrite(text.data, 1, text.length, stdout);
	strbuf_fini(&text);
	return fclose(stdout) == 0 ? 0 : 1;
}
