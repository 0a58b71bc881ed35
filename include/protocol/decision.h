/* The verdict on a request. decide() applies the rules that need neither the throttle nor the data, in one
   order, and the first that refuses the request decides; decision_conclude() applies the others. What it says
   then is final: status, headers and bodies follow from it. */
#ifndef PROTOCOL_DECISION_H
#define PROTOCOL_DECISION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "protocol/client.h"
#include "protocol/variant.h"
#include "protocol/link.h"
#include "protocol/negotiation.h"
#include "protocol/query.h"
#include "protocol/router.h"

/* What the body of an answer is. */
enum decision_form {
	FORM_PAGE,     /* a fixed page: no Vary, no Allow */
	FORM_EMPTY,    /* no body; `location` where the status is a redirect's */
	FORM_DETAIL,   /* {"detail":TEXT}, as negotiated */
	FORM_ERRORS,   /* {"FILTER":[TEXT],...}, likewise */
	FORM_MESSAGES, /* [TEXT], likewise */
	FORM_ROUTE,    /* what the route is for */
};

/* Bytes of a Location, at most: it has to fit beside the request into the memory of a connection. */
#define DECISION_LOCATION_MOST 6144

/* X(KIND, status, form, text), in the order in which the rules apply. %s is the method, or the endpoint's
   model; a NULL text of a form with texts is written from other parts of the decision. */
#define DECISIONS(X) \
	X(BAD_HOST, 400, FORM_PAGE, NULL) \
	X(PREFLIGHT, 204, FORM_EMPTY, NULL)  /* of CORS */ \
	X(LONG_TARGET, 414, FORM_PAGE, NULL) /* to be redirected */ \
	X(MOVED, 301, FORM_EMPTY, NULL)      /* to the path with its slash */ \
	X(NO_ROUTE, 404, FORM_PAGE, NULL) \
	X(TO_LIST, 302, FORM_EMPTY, NULL) \
	X(TO_UPSTREAM, 307, FORM_EMPTY, NULL) \
	X(TOO_MANY_FIELDS, 400, FORM_PAGE, NULL) \
	X(BAD_FORMAT, 404, FORM_DETAIL, "Not found.") \
	X(NOT_ACCEPTABLE, 406, FORM_DETAIL, "Could not satisfy the request Accept header.") \
	X(THROTTLED, 429, FORM_DETAIL, NULL) \
	X(BAD_METHOD, 405, FORM_DETAIL, NULL) \
	X(BUSY, 503, FORM_DETAIL, "The server is busy.") \
	X(NO_DATABASE, 503, FORM_DETAIL, "The database cannot be reached at the moment.") \
	X(BAD_STATION, 400, FORM_DETAIL, "station: enter the number of a space station.") \
	X(MANY_FILTERS, 400, FORM_MESSAGES, "At most 40 filters at once.") \
	X(BAD_FILTER, 400, FORM_ERRORS, NULL) \
	X(NUL_SEARCH, 400, FORM_MESSAGES, "Null characters are not allowed.") \
	X(LONG_SEARCH, 400, FORM_MESSAGES, "A search has at most 16 terms and 200 characters.") \
	X(BAD_ID, 404, FORM_DETAIL, "Not found.") \
	X(NO_ROW, 404, FORM_DETAIL, NULL) \
	X(NO_STATION, 404, FORM_DETAIL, "No SpaceStation matches the given query.") \
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
	struct client client;
	const char *host;
	const char *accept;
	const char *accept_encoding;
	const char *origin;
	const char *preflight_method; /* Access-Control-Request-Method */
};

/* Settings of the server. */
struct decision_rules {
	const char *allowed_hosts; /* as host_is_allowed takes them */
	const char *public_url; /* scheme://host[/prefix] for all links; "": as the request says */
	const char *upstream;   /* scheme://host of what we do not serve; NULL: 404 then */
	bool admin_apart;       /* routes for operators are answered elsewhere: 404 here */
};

struct decision {
	enum decision_kind kind;
	enum route route;
	const struct endpoint *endpoint; /* of the route, or NULL */
	const char *method;              /* upper case */
	const char *location;            /* of redirects; NULL otherwise */
	struct client client;
	struct link link; /* base, path and query of the request, for the urls in the answer */
	/* From here on only for decisions behind TOO_MANY_FIELDS. */
	struct negotiation negotiation;
	struct query query;
	enum encoding encoding;
	bool throttled; /* the throttle has a say in it */
	bool needs_data; /* it is not final: the rows, or choices of the filters, are to be looked up */
	struct key
		key; /* ROUTE_CALENDAR: a station's, or 0: of all. ROUTE_ROW: which row; the query's filters and search apply to it too */
	int64_t wait; /* seconds, for Retry-After; 0: none */
};

/* What the decision holds is the arena's, the request's or the rules', which must live as long. Any thread. */
void decide(struct decision *decision, const struct request *request,
            const struct decision_rules *rules, struct arena *arena);

/* What the throttle, the threads that make answers and the data say of a request. */
struct findings {
	int64_t throttle_wait; /* seconds until the throttle admits it; 0: it does */
	bool busy;             /* no thread has time for it */
	bool no_database;      /* the data could not be read */
	/* By the query's conditions: 0, or which of its choices, counted from 1, no row has as its key; or NULL. */
	const size_t *unknown_choice;
	bool row_missing; /* the row, or the calendar's station, does not exist, or does not pass the filters and the search */
};

/* Makes the decision final by what was found out. All zero: nothing that speaks against it. */
void decision_conclude(struct decision *decision, const struct findings *findings);

/* The view that the answer shows its documents in. */
enum view_id decision_view(const struct decision *decision);

#endif
