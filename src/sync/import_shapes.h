/* The shapes of all resources. */
#ifndef IMPORT_SHAPES_H
#define IMPORT_SHAPES_H

#include "import_shape.h"

/* Made at first use, for good. Any thread. */
const struct shape *shape_of(const struct resource *resource);

#endif
