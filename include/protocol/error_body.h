/* The bodies of all answers that are errors. */
#ifndef PROTOCOL_ERROR_BODY_H
#define PROTOCOL_ERROR_BODY_H

#include "base/strbuf.h"
#include "protocol/decision.h"

/* Appends the body of a decision that refuses the request: the original's fixed HTML page, byte for byte,
   where the form is FORM_PAGE, else compact JSON. Nothing for FORM_EMPTY. */
void error_body_write(struct strbuf *out, const struct decision *decision);

#endif
