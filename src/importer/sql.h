/* Builds the statements that write a shape's rows and lists. */
#ifndef SQL_H
#define SQL_H

#include "shape.h"

/* Both after all slots of all shapes are set up. */
void shape_put_statement(struct shape *shape);
void shape_list_statements(const struct shape *owner, struct slot *slot);

#endif
