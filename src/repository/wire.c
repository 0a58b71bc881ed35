/* Reading and writing of PostgreSQL's binary values. */
#include "repository/wire.h"

#include <stdlib.h>

#include "base/temporal.h"

enum wire_type wire_array_of(enum wire_type type)
{
	switch (type) {
#define X(name, oid, array_oid) \
	case oid: \
		return array_oid;
		WIRE_TYPES(X)
#undef X
	default:
		abort(); /* not a type of an element: the caller is wrong */
	}
}

double wire_get_double(const char *data)
{
	uint64_t bits = wire_get64(data);
	double value;
	memcpy(&value, &bits, sizeof(value));
	return value;
}

int64_t wire_get_moment(const char *data)
{
	return (int64_t)(wire_get64(data) + (uint64_t)WIRE_EPOCH); /* infinities wrap around */
}

int32_t wire_get_date(const char *data)
{
	return (int32_t)(wire_get32(data) + WIRE_EPOCH_DAYS);
}

int64_t wire_get_interval(const char *data)
{
	int64_t microseconds = (int64_t)wire_get64(data);
	int64_t days = (int32_t)wire_get32(data + 8);
	int64_t months = (int32_t)wire_get32(data + 12);
	return microseconds + (days + 30 * months) * DAY_MICROSECONDS;
}

void wire_put32(struct strbuf *out, uint32_t value)
{
	value = __builtin_bswap32(value);
	strbuf_add(out, &value, sizeof(value));
}

void wire_put64(struct strbuf *out, uint64_t value)
{
	value = __builtin_bswap64(value);
	strbuf_add(out, &value, sizeof(value));
}

void wire_put_double(struct strbuf *out, double value)
{
	uint64_t bits;
	memcpy(&bits, &value, sizeof(bits));
	wire_put64(out, bits);
}

void wire_put_moment(struct strbuf *out, int64_t moment)
{
	wire_put64(out, (uint64_t)(moment - WIRE_EPOCH));
}

void wire_put_date(struct strbuf *out, int32_t date)
{
	wire_put32(out, (uint32_t)(date - WIRE_EPOCH_DAYS));
}

void wire_put_interval(struct strbuf *out, int64_t duration)
{
	wire_put64(out, (uint64_t)(duration % DAY_MICROSECONDS));
	wire_put32(out, (uint32_t)(duration / DAY_MICROSECONDS));
	wire_put32(out, 0);
}

void wire_put_key(struct strbuf *out, bool uuid, struct key key)
{
	if (uuid)
		wire_put64(out, key.high);
	wire_put64(out, key.low);
}

/* Offsets in the array's header: number of dimensions, whether there are NULLs, the elements' type, the only
   dimension's length and lower bound. */
enum { HAS_NULLS_AT = 4, COUNT_AT = 12 };

static void patch32(struct strbuf *bytes, size_t at, uint32_t value)
{
	value = __builtin_bswap32(value);
	memcpy(bytes->data + at, &value, sizeof(value));
}

void wire_array_init(struct wire_array *array, enum wire_type element_type)
{
	*array = (struct wire_array){.bytes = STRBUF_INIT};
	wire_put32(&array->bytes, 1);
	wire_put32(&array->bytes, 0);
	wire_put32(&array->bytes, (uint32_t)element_type);
	wire_put32(&array->bytes, 0);
	wire_put32(&array->bytes, 1);
}

void wire_array_fini(struct wire_array *array)
{
	strbuf_fini(&array->bytes);
}

void wire_element_begin(struct wire_array *array)
{
	array->element = array->bytes.length;
	wire_put32(&array->bytes, 0);
}

void wire_element_end(struct wire_array *array)
{
	patch32(&array->bytes, array->element,
	        (uint32_t)(array->bytes.length - array->element - 4));
	array->count++;
}

void wire_element_null(struct wire_array *array)
{
	wire_put32(&array->bytes, UINT32_MAX);
	patch32(&array->bytes, HAS_NULLS_AT, 1);
	array->count++;
}

void wire_element_key(struct wire_array *array, bool uuid, struct key key)
{
	wire_element_begin(array);
	wire_put_key(&array->bytes, uuid, key);
	wire_element_end(array);
}

void wire_array_finish(struct wire_array *array)
{
	patch32(&array->bytes, COUNT_AT, array->count);
}
