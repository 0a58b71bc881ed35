/* The tables of commands and options. */
#include "command/table.h"

#include <limits.h>
#include <string.h>

const struct flag flags[FLAG_TOTAL] = {
#define X(id, letter, name, value, completion, help) {letter, name, value, completion, help},
	FLAGS(X)
#undef X
};

#define NO_ARGUMENTS NULL, 0, 0, COMPLETE_NOTHING
#define BIT(flag) (1U << FLAG_##flag)

const struct command commands[COMMAND_TOTAL] = {
	[COMMAND_SERVE] = {"serve",
                           "Serving",
                           NO_ARGUMENTS,
                           0,
                           "run the server in the foreground, until SIGTERM or SIGINT",
                           "SIGTERM and SIGINT let requests under way end, and then the program. "
                           "SIGHUP reads the "
                           "settings again: those that can change while the server runs do so, of "
                           "others a line in "
                           "the log says that they need a restart. SIGQUIT ends it at once, with a "
                           "core dump.\n"
                           "Where sync.interval is set, the server syncs by itself as well.",
                           {{"Serve with the settings of the service",
                             "-c " SETTINGS_FILE " serve"},
                            {"On another port, over a database of this machine",
                             "--set server.listen=127.0.0.1:8001 --set "
                             "database.conninfo=dbname=flights serve"}}},
	[COMMAND_HEALTH] = {"health",
                            "Serving",
                            NO_ARGUMENTS,
                            BIT(READY),
                            "ask the running server whether it can answer",
                            "Asks /health at the first place of server.listen, or /ready at that "
                            "of admin.listen if it "
                            "is set, and prints the answer. The exit status is 1 where the server "
                            "does not answer, or "
                            "answers with anything but 200; for the health checks of containers "
                            "and supervisors.",
                            {{"As the service listens", "-c " SETTINGS_FILE " health"}}},
	[COMMAND_MIGRATE] =
		{"migrate",
                 "Data",
                 NO_ARGUMENTS,
                 0,
                 "bring the database's schema to the newest version",
                 "To be run before a newer server starts, by a role that owns the database's "
                 "tables. A second run does nothing.",
                 {{"Set up the database, or upgrade it",
                   "--set database.conninfo=dbname=flights migrate"}}},
	[COMMAND_IMPORT] =
		{"import",
                 "Data",
                 "FILE...",
                 1,
                 INT_MAX,
                 COMPLETE_FILES,
                 BIT(AS_OF) | BIT(DRY_RUN),
                 "store documents from files, all or nothing",
                 "A file has documents, arrays of documents or pages of the API, one behind the "
                 "other or one "
                 "a line; - is standard input. What a document is, its url says. All are "
                 "stored in one transaction, and what is older than what is stored is left out.",
                 {{"A saved page", "-c " SETTINGS_FILE " import page.json"},
                  {"What would change", "-c " SETTINGS_FILE " import --dry-run page.json"},
                  {"From a pipe", "-c " SETTINGS_FILE " import - <page.json"}}},
	[COMMAND_EXPORT] = {"export",
                            "Data",
                            "[ENDPOINT]...",
                            0,
                            INT_MAX,
                            COMPLETE_ENDPOINTS,
                            0,
                            "write what is stored to standard output",
                            "Writes pages of the API, a page a line, of all endpoints or of those "
                            "that are named. "
                            "What is written is one state of the data, and says when it was true; "
                            "import reads it "
                            "back, into this or another database.",
                            {{"Everything", "-c " SETTINGS_FILE " export >all.jsonl"},
                             {"One endpoint",
                              "-c " SETTINGS_FILE " export spacecraft >spacecraft.jsonl"}}},
	[COMMAND_SYNC] =
		{"sync",
                 "Data",
                 NO_ARGUMENTS,
                 BIT(RECENT) | BIT(DRY_RUN),
                 "one pass over the upstream",
                 "Reads what the upstream has, within its allowance, and stores what differs. "
                 "Without "
                 "--recent it reads everything, and what is gone from the upstream is deleted.",
                 {{"Read everything from the upstream", "-c " SETTINGS_FILE " sync"},
                  {"What can have changed by itself", "-c " SETTINGS_FILE " sync --recent"}}},
	[COMMAND_CHECK] = {"check",
                           "Help",
                           NO_ARGUMENTS,
                           BIT(EXAMPLE) | BIT(DUMP),
                           "check settings, database, schema, sync and documents",
                           "Each of these has a line on standard output. The exit status is 1 "
                           "where one of them "
                           "fails.",
                           {{"Everything", "-c " SETTINGS_FILE " check"},
                            {"The settings in force, and where each comes from",
                             "-c " SETTINGS_FILE " check --dump"},
                            {"A file of settings to begin with", "check --example"}}},
	[COMMAND_HELP] = {"help",
                          "Help",
                          "[COMMAND | settings]",
                          0,
                          1,
                          COMPLETE_TOPICS,
                          0,
                          "show the usage, of a command or of the settings",
                          "",
                          {{"Every setting", "help settings"}}},
};

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < COMMAND_TOTAL; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}
