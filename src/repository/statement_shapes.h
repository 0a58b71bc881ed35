/* The texts of statements that requests bring about again and again. */
#ifndef STATEMENT_SHAPES_H
#define STATEMENT_SHAPES_H

#include "repository/session.h"

/* A statement of the same text and parameters that lives as long as the program, so that sessions can prepare it;
   NULL: it is not to be prepared, since the text comes for the first time or there are too many already. Any thread. */
const struct statement *statement_shape(const struct statement *statement);

#endif
