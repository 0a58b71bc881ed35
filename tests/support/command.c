/* Runs programs with their streams in files. */
#include "support/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/cmocka.h"
#include "support/poll.h"

#define WRAPPER_WORDS_MAX 16

void output_fini(struct output *output)
{
	free(output->out);
	free(output->err);
	*output = (struct output){0};
}

static int stream_new(const char *name, const char *data, size_t length)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	assert_true(fd >= 0);
	if (length > 0) {
		assert_int_equal(write(fd, data, length), length);
		assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	}
	return fd;
}

static char *stream_read(int fd, size_t *length)
{
	struct stat status;
	char *data;

	assert_int_equal(fstat(fd, &status), 0);
	data = malloc((size_t)status.st_size + 1);
	assert_non_null(data);
	*length = 0;
	while (*length < (size_t)status.st_size) {
		ssize_t count =
			pread(fd, data + *length, (size_t)status.st_size - *length, (off_t)*length);

		if (count <= 0)
			break;
		*length += (size_t)count;
	}
	data[*length] = '\0';
	return data;
}

/* In the child: no function here that is not safe between fork and exec. */
static void child_run(const char *const words[], int in, int out, int err, pid_t parent)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(126);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	execvp(words[0], (char *const *)(uintptr_t)words);
	_exit(127);
}

void process_start(struct process *process, const char *const words[], const char *input,
                   size_t length)
{
	int in = stream_new("stdin", input, length);
	pid_t parent = getpid();

	process->out = stream_new("stdout", NULL, 0);
	process->err = stream_new("stderr", NULL, 0);
	process->pid = fork();
	if (process->pid == 0)
		child_run(words, in, process->out, process->err, parent);
	assert_true(process->pid > 0);
	close(in);
}

static bool process_ended(void *user)
{
	const struct process *process = user;
	siginfo_t info = {0};

	return waitid(P_PID, (id_t)process->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid == process->pid;
}

void process_wait(struct process *process, int seconds, struct output *output)
{
	bool ended = poll_until(process_ended, process, seconds);
	int status;

	if (!ended)
		kill(process->pid, SIGKILL);
	assert_int_equal(waitpid(process->pid, &status, 0), process->pid);
	output->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	output->out = stream_read(process->out, &output->out_length);
	output->err = stream_read(process->err, &output->err_length);
	close(process->out);
	close(process->err);
	process->pid = 0;
	if (!ended)
		fail_msg("still running after %d s; it said: %s", seconds, output->err);
}

void process_kill(struct process *process)
{
	struct output output;

	if (process->pid <= 0)
		return;
	kill(process->pid, SIGKILL);
	process_wait(process, COMMAND_SECONDS, &output);
	output_fini(&output);
}

char *process_err(const struct process *process)
{
	size_t length;

	return stream_read(process->err, &length);
}

const char *command_binary(void)
{
	const char *binary = getenv("SERVER");

	return binary ? binary : "build/spacecraft-flights";
}

const char **command_words(const char *const words[])
{
	static char wrapper[1024];
	const char *text = getenv("TEST_WRAPPER");
	char *rest = wrapper;
	size_t count = 0;
	const char **all;

	while (words[count])
		count++;
	all = calloc(count + WRAPPER_WORDS_MAX + 2, sizeof(*all));
	assert_non_null(all);
	snprintf(wrapper, sizeof(wrapper), "%s", text ? text : "");
	count = 0;
	for (char *word = strsep(&rest, " "); word; word = strsep(&rest, " "))
		if (word[0] != '\0' && count < WRAPPER_WORDS_MAX)
			all[count++] = word;
	all[count++] = command_binary();
	for (size_t i = 0; words[i]; i++)
		all[count++] = words[i];
	return all;
}

void command_run_input(struct output *output, const char *const words[], const char *input,
                       size_t length)
{
	const char **all = command_words(words);
	struct process process;

	process_start(&process, all, input, length);
	process_wait(&process, COMMAND_SECONDS, output);
	free(all);
}

void command_run(struct output *output, const char *const words[])
{
	command_run_input(output, words, NULL, 0);
}
