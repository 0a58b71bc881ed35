/* Directories of a test's own, below TMPDIR or /tmp. */
#ifndef SUPPORT_TEMPORARY_H
#define SUPPORT_TEMPORARY_H

#define TEMPORARY_SIZE 100

/* Creates an empty one whose name begins with `name`. */
void temporary_directory(char path[TEMPORARY_SIZE], const char *name);

/* Removes it and what is in it; what somebody else removes meanwhile is no error. */
void temporary_remove(const char *path);

#endif
