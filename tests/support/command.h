/* Runs programs and keeps what they said. Whatever cannot be done fails the test. */
#ifndef SUPPORT_COMMAND_H
#define SUPPORT_COMMAND_H

#include <stddef.h>
#include <sys/types.h>

struct output {
	int status; /* exit status; 128 and the signal's number for one that was killed */
	char *out;  /* NUL behind it */
	size_t out_length;
	char *err;
	size_t err_length;
};

void output_fini(struct output *output);

/* A program that runs beside the test, its standard streams in unnamed files. */
struct process {
	pid_t pid;
	int out, err;
};

/* Words end with NULL; `input` is what it reads, or NULL for nothing. The child dies with the test. */
void process_start(struct process *process, const char *const words[], const char *input,
                   size_t length);
/* Waits, at most the seconds given (then it is killed and the test fails), and takes what it said. */
void process_wait(struct process *process, int seconds, struct output *output);
/* Ends it with SIGKILL, where it runs, whatever it said. */
void process_kill(struct process *process);
/* What it has said so far on stderr; new. */
char *process_err(const struct process *process);

/* Runs our program (SERVER, below TEST_WRAPPER) with the words behind it, to its end. */
void command_run(struct output *output, const char *const words[]);
void command_run_input(struct output *output, const char *const words[], const char *input,
                       size_t length);

/* The path of our program. */
const char *command_binary(void);
/* The words of our program: wrapper, binary, `words`, NULL. New array; free it with free. */
const char **command_words(const char *const words[]);

#define COMMAND_SECONDS 60
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif
