/* The settings as one request sees them, from its begin to its end: they never change. A reload makes new ones, and
   those of before are freed with the last request that has them. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdatomic.h>
#include <stdint.h>

#include "config/config.h"
#include "protocol/decision.h"

struct settings {
	const struct config *config;
	struct decision_rules rules;
	struct response *schema[ENCODING_COUNT], *docs[ENCODING_COUNT]; /* pages by their coding */
	/* From 1, and another one after a change that responses show: they are cached for one version. */
	uint32_t version;
	_Atomic unsigned references;
	struct config_snapshot *snapshot; /* of `config` */
};

/* One reference; the snapshot gets one more. `before`: those in whose place they come, or NULL. Takes milliseconds. */
struct settings *settings_new(struct config_snapshot *snapshot, const struct settings *before)
	__attribute__((returns_nonnull));

/* Any thread. */
struct settings *settings_ref(struct settings *settings);
void settings_unref(struct settings *settings); /* NULL is fine */

/* The response of a route that changes with the settings alone; NULL: the route is another. */
struct response *settings_page(const struct settings *settings, const struct decision *decision);

#endif
