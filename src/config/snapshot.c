/* Counts the references to settings. */
#include "config/snapshot.h"

#include <stdlib.h>

#include "base/memory.h"

struct config_snapshot *config_snapshot_new(void)
{
	struct config_snapshot *snapshot = must(calloc(1, sizeof(*snapshot)));

	config_init(&snapshot->config);
	atomic_init(&snapshot->references, 1);
	return snapshot;
}

struct config_snapshot *config_snapshot_ref(struct config_snapshot *snapshot)
{
	atomic_fetch_add_explicit(&snapshot->references, 1, memory_order_relaxed);
	return snapshot;
}

void config_snapshot_unref(struct config_snapshot *snapshot)
{
	if (!snapshot ||
	    atomic_fetch_sub_explicit(&snapshot->references, 1, memory_order_acq_rel) > 1)
		return;
	config_fini(&snapshot->config);
	free(snapshot);
}
