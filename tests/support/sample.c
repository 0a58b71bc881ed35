/* Imports the sample flights. */
#include "support/sample.h"

#include <glob.h>
#include <stdio.h>

#include "support/cmocka.h"
#include "support/command.h"
#include "support/postgres.h"

#define FILES_MOST 60

void sample_database_init(struct test_database *database)
{
	char setting[600];
	const char *words[FILES_MOST + 4] = {"--set", setting, "import"};
	struct output output;
	glob_t files;

	test_database_init_schema(database);
	snprintf(setting, sizeof(setting), "database.conninfo=%s", database->conninfo);
	assert_int_equal(glob("sql/sample/*.json", 0, NULL, &files), 0);
	assert_in_range(files.gl_pathc, 1, FILES_MOST);
	for (size_t i = 0; i < files.gl_pathc; i++)
		words[3 + i] = files.gl_pathv[i];
	command_run(&output, words);
	if (output.status != 0)
		fail_msg("import: %s", output.err);
	output_fini(&output);
	globfree(&files);
}
