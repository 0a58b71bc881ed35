/* Stops, freezes and copies a private PostgreSQL. */
#include "support/cluster.h"

#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/cmocka.h"
#include "support/command.h"
#include "support/postgres.h"
#include "support/watching.h"

#define PATH_SIZE 256

static char home[PATH_SIZE];      /* the data is below it */
static char directory[PATH_SIZE]; /* what the tool calls it by */

static void run(const char *const words[], struct output *output)
{
	struct process process;

	process_start(&process, words, NULL, 0);
	process_wait(&process, COMMAND_SECONDS, output);
	if (output->status != 0)
		fail_msg("%s %s: %s", words[0], words[1], output->err);
}

void cluster_own(void)
{
	unsetenv("TEST_POSTGRES");
	assert_int_equal(sscanf(test_postgres(), "host=%255s", home), 1);
	snprintf(directory, sizeof(directory), "%.*s", (int)(strrchr(home, '/') - home), home);
}

void cluster_stop(void)
{
	struct output output;

	run(WORDS("tests/tools/private-postgres", "stop", directory), &output);
	output_fini(&output);
}

void cluster_start(void)
{
	struct output output;
	char owner[32];

	snprintf(owner, sizeof(owner), "%d", getpid());
	run(WORDS("tests/tools/private-postgres", "start", directory, "fast", owner), &output);
	output_fini(&output);
}

static pid_t postmaster(void)
{
	char path[PATH_SIZE + 32];
	FILE *file;
	int pid;

	snprintf(path, sizeof(path), "%s/data/postmaster.pid", home);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%d", &pid), 1);
	fclose(file);
	return pid;
}

static int parent_of(const char *pid)
{
	char path[300];
	FILE *file;
	int parent = 0;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (fscanf(file, "%*d (%*[^)]) %*c %d", &parent) != 1)
		parent = 0;
	fclose(file);
	return parent;
}

static void signal_children(pid_t parent, int signal)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;

	assert_non_null(processes);
	while ((entry = readdir(processes)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		    parent_of(entry->d_name) == parent)
			kill(atoi(entry->d_name), signal);
	closedir(processes);
}

void cluster_freeze(void)
{
	pid_t pid = postmaster();

	assert_int_equal(kill(pid, SIGSTOP), 0);
	signal_children(pid, SIGSTOP);
}

void cluster_thaw(void)
{
	pid_t pid = postmaster();

	signal_children(pid, SIGCONT);
	assert_int_equal(kill(pid, SIGCONT), 0);
}

/* Their current directories are those of their data, below the cluster's home. */
static bool is_of_cluster(const char *pid)
{
	char path[PATH_SIZE + 32], directory_of[PATH_SIZE] = "";

	snprintf(path, sizeof(path), "/proc/%s/cwd", pid);
	return readlink(path, directory_of, sizeof(directory_of) - 1) > 0 &&
	       strncmp(directory_of, home, strlen(home)) == 0;
}

int64_t cluster_run_delay(void)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;
	int64_t sum = 0;

	assert_non_null(processes);
	while ((entry = readdir(processes)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		    is_of_cluster(entry->d_name))
			sum += watch_run_delay(atoi(entry->d_name));
	closedir(processes);
	return sum;
}

const char *standby_start(void)
{
	static char conninfo[512];
	struct output output;

	run(WORDS("tests/tools/private-standby", "start", home), &output);
	snprintf(conninfo, sizeof(conninfo), "%.*s", (int)strcspn(output.out, "\n"), output.out);
	output_fini(&output);
	return conninfo;
}

void standby_stop(void)
{
	struct output output;

	run(WORDS("tests/tools/private-standby", "stop", home), &output);
	output_fini(&output);
}
