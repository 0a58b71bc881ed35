/* An answer of the fake upstream on its way: what it says, and how it goes over the wire. */
#ifndef SUPPORT_FAKE_ANSWER_H
#define SUPPORT_FAKE_ANSWER_H

#include "support/fake_upstream.h"

enum fake_wire {
	WIRE_WHOLE,
	WIRE_RESET,  /* half of the body, then a reset */
	WIRE_CLOSE,  /* half of the body, then the end */
	WIRE_SILENT, /* half of the body, then nothing */
	WIRE_DRIP,   /* byte by byte */
	WIRE_NOTHING_RESET,
	WIRE_NOTHING_SILENT,
};

struct fake_answer {
	int status;
	struct strbuf headers; /* lines beside Content-Type, Content-Length and Date */
	const char *type;
	struct strbuf body;
	int64_t padding;      /* bytes of white space behind the body */
	const char *encoding; /* what to pack it with: gzip, zstd or NULL */
	enum fake_wire wire;
};

/* Makes the answer to a request for the page, with the fault in it. */
void fake_answer_make(struct fake_answer *answer, enum fake_fault fault,
                      const struct fake_list *list, struct fake_page page, const char *target);
void fake_answer_fini(struct fake_answer *answer);

/* Packs the body, if it is to be; broken where the fault says so. */
void fake_answer_pack(struct fake_answer *answer, enum fake_fault fault);

/* Sends it; false when the connection is of no more use. */
bool fake_answer_send(const struct fake_answer *answer, int fd);

#endif
