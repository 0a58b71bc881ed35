/* The bodies of refusals, in JSON. */
#ifndef HTTP_REFUSAL_H
#define HTTP_REFUSAL_H

#include <stdint.h>

#include "base/strbuf.h"
#include "http/decide.h"

/* Adds the body, compact, of a decision whose row's form is FORM_DETAIL, FORM_CHOICE or FORM_MESSAGES.
   `wait` is for THROTTLED: seconds. */
void refusal_write(struct strbuf *out, const struct decision *decision, int64_t wait);

#endif
