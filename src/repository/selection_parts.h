/* What the files that make the statements of selections share. */
#ifndef SELECTION_PARTS_H
#define SELECTION_PARTS_H

#include "base/strbuf.h"
#include "repository/wire.h"
#include "resources/endpoint.h"

/* Appends a condition on the endpoint's row `t`; its value is that parameter. */
void condition_write_sql(const struct resource *resource, const struct condition *condition,
                         size_t parameter, struct strbuf *sql);

/* Appends the value in binary and returns its type. */
enum wire_type condition_put_value(const struct resource *resource,
                                   const struct condition *condition, struct strbuf *value);

#endif
