/* PostgreSQL's binary format: big-endian numbers, times since 2000, arrays. */
#ifndef REPOSITORY_WIRE_H
#define REPOSITORY_WIRE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/strbuf.h"
#include "resources/key.h"

#define WIRE_EPOCH INT64_C(946684800000000) /* 2000-01-01 in microseconds since 1970 */
#define WIRE_EPOCH_DAYS 10957               /* and in days */

/* X(NAME, oid, its array's oid): the types that resources use, by pg_type's oids, which never change. */
#define WIRE_TYPES(X) \
	X(BOOLEAN, 16, 1000) \
	X(BIGINT, 20, 1016) \
	X(INTEGER, 23, 1007) \
	X(TEXT, 25, 1009) \
	X(DOUBLE, 701, 1022) \
	X(DATE, 1082, 1182) \
	X(TIMESTAMPTZ, 1184, 1185) \
	X(INTERVAL, 1186, 1187) \
	X(UUID, 2950, 2951)

enum wire_type {
#define X(name, oid, array_oid) WIRE_##name = oid, WIRE_##name##_ARRAY = array_oid,
	WIRE_TYPES(X)
#undef X
};

/* The array type of a type. */
enum wire_type wire_array_of(enum wire_type type);

static inline uint32_t wire_get32(const char *data)
{
	uint32_t v;
	memcpy(&v, data, sizeof(v));
	return __builtin_bswap32(v);
}

static inline uint64_t wire_get64(const char *data)
{
	uint64_t v;
	memcpy(&v, data, sizeof(v));
	return __builtin_bswap64(v);
}

/* A key as results have it. */
static inline struct key wire_get_key(const char *data, bool uuid)
{
	if (uuid)
		return (struct key){wire_get64(data), wire_get64(data + 8)};
	return (struct key){0, wire_get64(data)};
}

double wire_get_double(const char *data);
int64_t wire_get_moment(const char *data);   /* timestamptz, microseconds since 1970 */
int32_t wire_get_date(const char *data);     /* days since 1970 */
int64_t wire_get_interval(const char *data); /* microseconds; a month counts 30 days */

/* Values without a length, as parameters are. */
void wire_put32(struct strbuf *out, uint32_t value);
void wire_put64(struct strbuf *out, uint64_t value);
void wire_put_double(struct strbuf *out, double value);
void wire_put_moment(struct strbuf *out, int64_t moment);
void wire_put_date(struct strbuf *out, int32_t date);
void wire_put_interval(struct strbuf *out, int64_t duration); /* days and microseconds, no months */
void wire_put_key(struct strbuf *out, bool uuid, struct key key);

/* An array of one dimension: init; for each element wire_element_begin, its value, wire_element_end, or
   wire_element_null; then finish. */
struct wire_array {
	struct strbuf bytes;
	size_t element; /* where the current element begins */
	uint32_t count;
};
void wire_array_init(struct wire_array *array, enum wire_type element_type);
void wire_array_fini(struct wire_array *array);
void wire_element_begin(struct wire_array *array);
void wire_element_end(struct wire_array *array);
void wire_element_null(struct wire_array *array);
void wire_array_finish(
	struct wire_array *array); /* writes the count; `bytes` is the parameter then */

/* A key as an element. */
void wire_element_key(struct wire_array *array, bool uuid, struct key key);

/* The type of a key. */
static inline enum wire_type wire_key_type(bool uuid)
{
	return uuid ? WIRE_UUID : WIRE_BIGINT;
}

#endif
