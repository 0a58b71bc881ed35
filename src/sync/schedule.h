/* Which pass over which list comes next. Pure decisions, from what is stored.

   The budget is spread evenly. Frequent passes (recent ones, and those over short lists that are read whole) come in the
   order of their promises, and as late as these allow. What they leave goes to full passes: first over lists that have
   never been read, by their rank, then the page comes next that was read longest ago. So a full pass stands back, between
   its pages, for frequent ones, and a long one for short ones. Where frequent passes would take so much of the budget
   that the others were not read in time, they come less often. */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include "base/strbuf.h"
#include "plan.h"
#include "resources/endpoint.h"

/* How long a change can stay unseen while the upstream works, beside the time that its responses take. */
struct schedule_promise {
	int64_t recent; /* of a row that recent passes read */
	int64_t any;    /* of any other */
	int64_t gone;   /* of a row that was deleted */
};

/* A list and how it stands. */
struct schedule_list {
	const struct endpoint *list;
	struct strbuf passes; /* struct plan_pass, newest first; until it is planned */
	bool ordered, obeys;  /* as struct list_record has it */
	int64_t page_size;    /* documents of a request */
	struct plan_state state;
	int64_t interval; /* between its recent passes, or its full ones where there are no others */
	struct schedule_promise promise;
};

struct schedule {
	const struct sync_settings *settings;
	int64_t now;
	int64_t installed;                         /* when the schema was made */
	struct schedule_list lists[ENDPOINTS_MAX]; /* as the settings have them */
	size_t count;
	struct strbuf requests; /* int64_t: times in the last hour; until it is planned */
	double round_budget;    /* requests an hour of full passes; 0: any number */
	int64_t wait;           /* until the next request */
	int64_t blocked_until;  /* the upstream lets nobody in before */
};

void schedule_init(struct schedule *schedule, const struct sync_settings *settings, int64_t now);

/* Adds what is stored: passes newest first, requests ascending. Lists that are not synced are passed over. */
void schedule_add_pass(struct schedule *schedule, const char *path, const struct plan_pass *pass);
void schedule_set_list(struct schedule *schedule, const char *path, bool ordered, bool obeys,
                       int64_t page_size);
void schedule_add_request(struct schedule *schedule, int64_t at);

/* How long to wait for the next request after those (times in the last hour, ascending): passes over several lists
   spread the budget evenly, so that none has to wait until those of an hour ago do not count any more. */
int64_t schedule_wait(const struct sync_settings *settings, const struct strbuf *requests,
                      int64_t now);

/* Works out the rest, once all is added. It needs no end then. */
void schedule_plan(struct schedule *schedule);

/* The pass that comes next, and when; list NULL: none. A full pass that is under way, if `running` is not NULL, is
   over that list: it goes on where it is what comes next, now. */
struct schedule_turn {
	const struct endpoint *list;
	enum pass_kind kind;
	int64_t at;
};
struct schedule_turn schedule_next(struct schedule *schedule, const struct endpoint *running);

/* When the list becomes older than promised, unless another pass over it is done before; 0: it is, since nothing but
   failures came yet. A pass is seen once it is done, which takes as long as its responses: so one interval more. */
int64_t schedule_good_until(const struct schedule *schedule, const struct schedule_list *list);

/* Whether a full pass over the list counts as a recent one: it is short, and there are no others. */
static inline bool list_is_read_whole(const struct endpoint *list)
{
	return list->upkeep.recent == RECENT_WHOLE;
}

#endif
