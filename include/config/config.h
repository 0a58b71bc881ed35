/* The settings, checked and typed. Errors say where a value stands (file and line, or --set), which
   setting it is for and what was expected there. */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "config/options.h"

struct strbuf;

struct config {
	struct arena arena; /* holds the texts */
#define X(section, key, kind, least, most, fallback, help) OPTION_##kind section##_##key;
	OPTIONS(X)
#undef X
};

/* All settings at their defaults. Cannot fail. */
void config_init(struct config *config);
void config_fini(struct config *config);

/* Reads a file over what is set; false at its first mistake. */
bool config_load(struct config *config, const char *path, struct error *error) MUST_CHECK;

/* The same, but goes on behind mistakes, to know them all: appends each as a line. False: there are some. */
bool config_load_all(struct config *config, const char *path, struct strbuf *mistakes) MUST_CHECK;

/* Takes one `SECTION.KEY=VALUE` of the command line. */
bool config_set(struct config *config, const char *assignment, struct error *error) MUST_CHECK;

/* Adds the example file: every setting with its help, commented out at its default. */
void config_write_example(struct strbuf *out);

#endif
