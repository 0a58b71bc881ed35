/* Creates and removes directories. */
#include "support/temporary.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/cmocka.h"

#define OPEN_MOST 16

void temporary_directory(char path[TEMPORARY_SIZE], const char *name)
{
	const char *parent = getenv("TMPDIR");
	int length = snprintf(path, TEMPORARY_SIZE, "%s/%s.XXXXXX",
	                      parent && parent[0] != '\0' ? parent : "/tmp", name);

	assert_in_range(length, 1, TEMPORARY_SIZE - 1);
	assert_non_null(mkdtemp(path));
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	remove(path);
	return 0;
}

void temporary_remove(const char *path)
{
	nftw(path, remove_entry, OPEN_MOST, FTW_DEPTH | FTW_PHYS);
}
