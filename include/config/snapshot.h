/* Settings that several threads use: once they are handed around nobody changes them, and whoever lets go of them
   last frees them. A server that reads its file again makes new ones. */
#ifndef CONFIG_SNAPSHOT_H
#define CONFIG_SNAPSHOT_H

#include <stdatomic.h>

#include "config/config.h"

struct config_snapshot {
	struct config config;
	_Atomic unsigned references;
};

/* All settings at their defaults, to be filled in before others see them; one reference. */
struct config_snapshot *config_snapshot_new(void) __attribute__((returns_nonnull));

/* Any thread. */
struct config_snapshot *config_snapshot_ref(struct config_snapshot *snapshot);
void config_snapshot_unref(struct config_snapshot *snapshot); /* NULL is fine */

#endif
