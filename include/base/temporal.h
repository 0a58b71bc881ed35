/* Moments, dates and durations, and the texts that the contract writes them as. A moment is in
   microseconds since 1970-01-01T00:00:00Z, a date in days since 1970-01-01, a duration in
   microseconds; moments and dates lie in the years 1 to 9999, durations within 100,000,000 days. */
#ifndef BASE_TEMPORAL_H
#define BASE_TEMPORAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MICROSECONDS INT64_C(1000000)
#define HOUR_MICROSECONDS (3600 * MICROSECONDS)
#define DAY_MICROSECONDS (86400 * MICROSECONDS)

#define TEMPORAL_TEXT_SIZE 48 /* room for any of the texts below and its NUL */

/* `2024-11-15T15:13:18Z`, with six digits of microseconds where they are not zero. Returns the length. */
size_t moment_format(int64_t moment, char text[static TEMPORAL_TEXT_SIZE]);
/* Reads that form; also other fractions of one to six digits and offsets such as +02:00. */
bool moment_parse(const char *text, int64_t *moment);

/* `2021-04-29` */
size_t date_format(int32_t date, char text[static TEMPORAL_TEXT_SIZE]);
bool date_parse(const char *text, int32_t *date);

/* The day of the calendar; false, with *date untouched, where there is none (year 0, 31 April). */
bool date_from_civil(int year, int month, int day, int32_t *date);

/* ISO 8601 as isodate writes it: `P148DT11H36M25S`, `PT0.5S`, `P0D`, `-P1DT2H`. */
size_t duration_format(int64_t duration, char text[static TEMPORAL_TEXT_SIZE]);
/* Reads that form; also weeks, and units that exceed the next (PT36H). */
bool duration_parse(const char *text, int64_t *duration);

/* Days and a clock as Django's DurationField writes it: `1 00:00:00`, `10:33:00`, `-1 23:59:59.500000`. */
size_t clock_duration_format(int64_t duration, char text[static TEMPORAL_TEXT_SIZE]);
bool clock_duration_parse(const char *text, int64_t *duration);

#endif
