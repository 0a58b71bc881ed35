/* The distance between names. */
#include "base/nearest.h"

#include <string.h>

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment: the rows of the table are those of the letter before last, the last, and this one. */
size_t name_distance(const char *typed, const char *name)
{
	size_t rows[3][NAME_MAX_LENGTH];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];
	size_t width = strlen(name);

	for (size_t j = 0; j <= width; j++)
		last[j] = j;
	for (size_t i = 0; typed[i] != '\0'; i++) {
		size_t *next = before;

		row[0] = i + 1;
		for (size_t j = 0; j < width; j++) {
			row[j + 1] = smaller(smaller(row[j], last[j + 1]) + 1,
			                     last[j] + (typed[i] != name[j]));
			if (i > 0 && j > 0 && typed[i] == name[j - 1] && typed[i - 1] == name[j])
				row[j + 1] = smaller(row[j + 1], before[j - 1] + 1);
		}
		before = last;
		last = row;
		row = next;
	}
	return last[width];
}

bool name_is_near(const char *typed, const char *name)
{
	size_t length = strlen(typed);

	return name_distance(typed, name) <= 1 + smaller(length, strlen(name)) / 4 ||
	       (length >= 2 && strncmp(typed, name, length) == 0);
}
