/* The commands and their options, said once: the command line, its help, the manual and the completion of shells
   walk these tables. */
#ifndef COMMAND_TABLE_H
#define COMMAND_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#define PROGRAM "spacecraft-flights"
#define TOPIC_SETTINGS "settings" /* of help, beside the commands */
#define SETTINGS_FILE "/etc/" PROGRAM ".ini"

/* What shells complete a word to. */
enum completion {
	COMPLETE_NOTHING,
	COMPLETE_FILES,
	COMPLETE_SETTINGS, /* section.key= */
	COMPLETE_ENDPOINTS,
	COMPLETE_TOPICS, /* of help: commands and `settings` */
};

/* X(id, letter, name, value, completion, help); no value: it is a switch. */
#define FLAGS(X) \
	X(CONFIG, 'c', "config", "FILE", COMPLETE_FILES, "Read settings from a file.") \
	X(SET, 0, "set", "SECTION.KEY=VALUE", COMPLETE_SETTINGS, \
	  "Set one setting; wins over the file and the environment. May be repeated.") \
	X(HELP, 'h', "help", NULL, COMPLETE_NOTHING, \
	  "Show the usage of the program or of a command.") \
	X(VERSION, 'V', "version", NULL, COMPLETE_NOTHING, "Show the version.") \
	X(AS_OF, 0, "as-of", "TIME", COMPLETE_NOTHING, \
	  "When the documents were true, such as 2025-04-13T02:53:55Z; else as they say " \
	  "themselves, or now.") \
	X(DRY_RUN, 'n', "dry-run", NULL, COMPLETE_NOTHING, \
	  "Tell what would change, and store nothing.") \
	X(RECENT, 0, "recent", NULL, COMPLETE_NOTHING, \
	  "Read only what can have changed by itself.") \
	X(READY, 0, "ready", NULL, COMPLETE_NOTHING, \
	  "Whether all holds that is promised: database, schema and age of the data.") \
	X(EXAMPLE, 0, "example", NULL, COMPLETE_NOTHING, \
	  "Print a file of all settings at their defaults instead.") \
	X(DUMP, 0, "dump", NULL, COMPLETE_NOTHING, \
	  "Print the settings in force first, and where each comes from; secrets are hidden.")

enum flag_id {
#define X(id, letter, name, value, completion, help) FLAG_##id,
	FLAGS(X)
#undef X
		FLAG_TOTAL
};

struct flag {
	char letter; /* 0: it has none */
	const char *name;
	const char *value; /* what it is called; NULL: it takes none */
	enum completion completion;
	const char *help;
};

extern const struct flag flags[FLAG_TOTAL];

/* Those of every command, which come first in the table. */
#define FLAGS_OF_ALL \
	((1U << FLAG_CONFIG) | (1U << FLAG_SET) | (1U << FLAG_HELP) | (1U << FLAG_VERSION))

enum command_id {
	COMMAND_SERVE,
	COMMAND_HEALTH,
	COMMAND_MIGRATE,
	COMMAND_IMPORT,
	COMMAND_EXPORT,
	COMMAND_SYNC,
	COMMAND_CHECK,
	COMMAND_HELP,
	COMMAND_TOTAL
};

/* An example: what it is for, and the words behind the program's name. */
struct example {
	const char *purpose;
	const char *words;
};

#define EXAMPLES_MAX 4

struct command {
	const char *name;
	const char *group; /* the heading above it in the help; those of a group stand together */
	const char *arguments; /* for the usage; NULL: it takes none */
	int arguments_least, arguments_most;
	enum completion completion;            /* of its arguments */
	unsigned flags;                        /* a bit for each of its own */
	const char *summary;                   /* a line without a full stop */
	const char *text;                      /* paragraphs, parted by a newline */
	struct example examples[EXAMPLES_MAX]; /* ends with words NULL */
};

extern const struct command commands[COMMAND_TOTAL];

/* The command of a name; NULL: there is none. */
const struct command *command_find(const char *name);

/* Whether it takes the option. */
static inline bool command_takes(const struct command *command, size_t flag)
{
	return ((command->flags | FLAGS_OF_ALL) >> flag & 1) != 0;
}

#endif
