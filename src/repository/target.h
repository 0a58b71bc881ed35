/* What a connection string says of the hosts to connect to. */
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest host, address or port that is told apart from others. */
#define TARGET_ITEM_SIZE 512

struct target {
	char *hosts, *addresses, *ports, *attributes; /* lists as libpq has them; never NULL */
	int64_t timeout;                              /* seconds for a host; 0: not said */
	size_t count; /* of hosts; 0: libpq has to go through them by itself */
	size_t port_count;
};

/* Reads the string, with the environment and service files that libpq adds to it. Of several hosts the standbys are no
   use to who writes, unless the string says otherwise. */
void target_init(struct target *target, const char *conninfo, bool writes);
void target_fini(struct target *target);

/* The item of one of its lists, or "" behind the list's end. */
void target_item(char item[static TARGET_ITEM_SIZE], const char *list, size_t index);

#endif
