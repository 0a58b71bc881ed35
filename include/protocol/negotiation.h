/* JSON or the page for browsers: what `format` and Accept leave of the two. */
#ifndef PROTOCOL_NEGOTIATION_H
#define PROTOCOL_NEGOTIATION_H

#include "protocol/query.h"

#define NEGOTIATE_INDENT_MOST 8

enum renderer { RENDERER_JSON, RENDERER_HTML };

struct negotiation {
	enum renderer renderer;
	int indent; /* of JSON, by the media type's parameter; 0: compact */
};

enum negotiated {
	NEGOTIATED,
	NEGOTIATED_BAD_FORMAT,     /* 404 */
	NEGOTIATED_NOT_ACCEPTABLE, /* 406 */
};

/* `accept`: the header's value, several joined with commas; NULL: none was sent. Qualities are
   ignored, as the original does. Unless NEGOTIATED, *negotiation is compact JSON, which the refusal
   is. */
enum negotiated negotiate(enum query_format format, const char *accept,
                          struct negotiation *negotiation);

#endif
