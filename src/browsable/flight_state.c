/* What a flight is up to at a moment, by its document. */
#include "flight_state.h"

#include "json_scan.h"

/* Of launches: the original's identifier of the status. */
#define LAUNCH_FAILURE 4

static const struct {
	const char *word, *class;
} words[] = {
#define X(state, word, class) {word, class},
	FLIGHT_STATES(X)
#undef X
};

/* Whether the moment is there and not later than now; if it is later, the state changes then. */
static bool has_come(struct text value, struct format_clock *clock)
{
	int64_t moment;

	if (!scan_moment(value, &moment))
		return false;
	if (moment > clock->now)
		format_good_for(clock, moment - clock->now);
	return moment <= clock->now;
}

/* Whether a docking has begun and not ended; *any tells whether any has begun. */
static bool is_docked(struct text flight, struct format_clock *clock, bool *any)
{
	struct text rest = scan_begin(scan_at(flight, "docking_events"));
	struct text event;
	bool docked = false;

	*any = false;
	while (scan_item(&rest, &event)) {
		if (!has_come(scan_at(event, "docking"), clock))
			continue;
		*any = true;
		if (!has_come(scan_at(event, "departure"), clock))
			docked = true;
	}
	return docked;
}

static enum flight_state_kind state_in_space(struct text flight, struct format_clock *clock)
{
	bool docked_before;

	if (!scan_at(flight, "docking_events").data)
		return FLIGHT_IN_SPACE;
	if (is_docked(flight, clock, &docked_before))
		return FLIGHT_DOCKED;
	return docked_before ? FLIGHT_UNDOCKED : FLIGHT_ON_ITS_WAY;
}

static enum flight_state_kind state_when_over(struct text flight)
{
	struct text success = scan_at(flight, "landing__success");

	if (text_is(success, "true"))
		return FLIGHT_LANDED;
	return text_is(success, "false") ? FLIGHT_LANDING_FAILED : FLIGHT_ENDED;
}

static bool launch_failed(struct text flight)
{
	struct text status = scan_at(flight, "launch__status__id");

	return status.length == 1 && status.data[0] == '0' + LAUNCH_FAILURE;
}

struct flight_state flight_state_of(struct text flight, struct format_clock *clock)
{
	struct flight_state state = {.kind = FLIGHT_TO_COME};

	if (launch_failed(flight))
		state.kind = FLIGHT_LAUNCH_FAILED;
	else if (has_come(scan_at(flight, "mission_end"), clock))
		state.kind = state_when_over(flight);
	else if (has_come(scan_at(flight, "launch__net"), clock))
		state.kind = state_in_space(flight, clock);
	state.word = words[state.kind].word;
	state.class = words[state.kind].class;
	return state;
}
