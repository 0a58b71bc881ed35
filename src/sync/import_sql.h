/* Builds the statements that write a shape's rows and lists. */
#ifndef IMPORT_SQL_H
#define IMPORT_SQL_H

#include "import_shape.h"

/* Both once all slots of all shapes are laid. */
void shape_put_statement(struct shape *shape);
void shape_list_statements(const struct shape *owner, struct slot *slot);

#endif
