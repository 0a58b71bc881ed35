/* Gives settings to the program in either way: in a file for -c, or with --set. */
#ifndef SUPPORT_PROGRAM_SETTINGS_H
#define SUPPORT_PROGRAM_SETTINGS_H

#include "base/arena.h"

enum settings_source {
	SETTINGS_IN_FILE,
	SETTINGS_ON_COMMAND_LINE, /* by --set, with a file that has every setting at its default */
	SETTINGS_SOURCES
};

#define PROGRAM_SETTINGS_MAX 20

struct program_settings {
	struct arena arena;
	char path[64];                                     /* of the file */
	const char *options[2 + 2 * PROGRAM_SETTINGS_MAX]; /* of the command line */
	size_t count;
};

/* Takes `section.key=value`, ended by NULL, and writes the file. */
void program_settings_init(struct program_settings *settings, enum settings_source source,
                           const char *const assignments[]);
/* Removes the file. */
void program_settings_fini(struct program_settings *settings);

/* The options and the command's words behind them, ended by NULL; the memory is the settings' own. */
const char *const *program_settings_words(struct program_settings *settings,
                                          const char *const command[]);

/* Every setting there is. */
struct known_setting {
	const char *section;
	const char *name; /* section.key */
	const char *key;
	const char *fallback;
};
extern const struct known_setting known_settings[];
extern const size_t known_setting_count;

#endif
