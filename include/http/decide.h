/* What becomes of a request, as far as that can be said without the throttle and the database. The
   rules apply in one order, and the first that refuses decides. */
#ifndef HTTP_DECIDE_H
#define HTTP_DECIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "http/client.h"
#include "http/link.h"
#include "http/negotiate.h"
#include "http/path.h"
#include "http/query.h"
#include "http/text.h"

/* How an answer is made. */
enum decision_form {
	FORM_PAGE,     /* a fixed page: no Vary, no Allow */
	FORM_EMPTY,    /* no body; `location` where the status is a redirect's */
	FORM_DETAIL,   /* {"detail":TEXT}, by the negotiation */
	FORM_CHOICE,   /* {"spacecraft":[TEXT]}, likewise */
	FORM_MESSAGES, /* [TEXT], likewise */
	FORM_ROUTE,    /* what the route is for */
};

/* Bytes of a Location, at most: it has to fit beside the request into the memory of a connection. */
#define DECIDE_LOCATION_MOST 6144

/* X(KIND, status, form, text), in the order in which the rules apply. THROTTLED and NO_FLIGHT are
   the caller's to find out. */
#define NOT_A_CHOICE "Select a valid choice. That choice is not one of the available choices."
#define NULL_CHARACTERS "Null characters are not allowed."
#define DECISIONS(X) \
	X(BAD_HOST, 400, FORM_PAGE, NULL) \
	X(PREFLIGHT, 204, FORM_EMPTY, NULL)  /* of CORS */ \
	X(LONG_TARGET, 400, FORM_PAGE, NULL) /* to be redirected */ \
	X(MOVED, 301, FORM_EMPTY, NULL)      /* to the path with its slash */ \
	X(NO_ROUTE, 404, FORM_PAGE, NULL) \
	X(TO_LIST, 302, FORM_EMPTY, NULL) \
	X(TO_UPSTREAM, 307, FORM_EMPTY, NULL) \
	X(TOO_MANY_FIELDS, 400, FORM_PAGE, NULL) \
	X(BAD_FORMAT, 404, FORM_DETAIL, "Not found.") \
	X(NOT_ACCEPTABLE, 406, FORM_DETAIL, "Could not satisfy the request Accept header.") \
	X(THROTTLED, 429, FORM_DETAIL, NULL)  /* text: throttle_write_detail */ \
	X(BAD_METHOD, 405, FORM_DETAIL, NULL) /* text: Method "POST" not allowed. */ \
	X(NUL_SPACECRAFT, 400, FORM_CHOICE, NULL_CHARACTERS) \
	X(BAD_SPACECRAFT, 400, FORM_CHOICE, NOT_A_CHOICE) \
	X(NUL_SEARCH, 400, FORM_MESSAGES, NULL_CHARACTERS) \
	X(LONG_SEARCH, 400, FORM_MESSAGES, "Too many search terms.") \
	X(BAD_ID, 404, FORM_DETAIL, "Not found.") \
	X(NO_FLIGHT, 404, FORM_DETAIL, "No SpacecraftFlight matches the given query.") \
	X(SERVED, 200, FORM_ROUTE, NULL)

enum decision_kind {
#define X(kind, status, form, text) DECISION_##kind,
	DECISIONS(X)
#undef X
		DECISION_COUNT
};

struct decision_row {
	int status;
	enum decision_form form;
	const char *text;
};

extern const struct decision_row decision_rows[DECISION_COUNT];

/* A request, as it came. Of headers that were sent several times the values are joined with commas;
   NULL: none was sent. */
struct request {
	const char *method;
	struct text target;
	const char *host;
	const char *accept;
	const char *origin;
	const char *preflight_method; /* Access-Control-Request-Method */
	const char *forwarded_for;
	const char *forwarded_proto;
	const struct sockaddr *peer;
};

/* Settings of the server. */
struct decide_rules {
	const char *allowed_hosts; /* as host.h has it */
	const char *public_url;    /* scheme://host for all links; "": as the request says */
	const char *upstream;      /* scheme://host of what we do not serve; NULL: 404 then */
	struct networks trusted_proxies;
};

struct decision {
	enum decision_kind kind;
	enum route route;
	const char *method;   /* upper case */
	const char *location; /* of redirects; NULL otherwise */
	struct client client;
	struct link link; /* base, path and query of the request, for the urls in the answer */
	/* From here on good only for decisions behind TOO_MANY_FIELDS. */
	struct negotiation negotiation;
	struct query query;
	/* The throttle has its say: when it refuses, the answer is THROTTLED, else the rest is as
	   if there were none. */
	bool throttled;
	/* Whether spacecraft query.spacecraft exists is to be looked up: if not, the answer is
	   BAD_SPACECRAFT, whatever `kind` says. */
	bool needs_spacecraft;
	/* SERVED by ROUTE_FLIGHT; the query's filter and search apply to that flight too. */
	int64_t flight_id;
};

/* What the decision holds is the arena's, the request's or the rules', which must live as long.
   Any thread. */
void decide(struct decision *decision, const struct request *request,
            const struct decide_rules *rules, struct arena *arena);

#endif
