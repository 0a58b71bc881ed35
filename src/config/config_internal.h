/* What the files of config share. */
#ifndef CONFIG_INTERNAL_H
#define CONFIG_INTERNAL_H

#include "config/config.h"
#include "values.h"

extern const struct option options[OPTION_TOTAL];

/* The option of a name such as `server.listen`; NULL with the error set, which says what the nearest is. */
const struct option *option_find(const char *name, struct error *error) MUST_CHECK;

/* Sets a value and notes its text and where it comes from; on an error none of these counts. */
bool option_assign(struct config *config, const struct option *option, const char *text,
                   const char *origin, struct error *error) MUST_CHECK;

/* Whether it can change while a server runs. */
bool option_is_live(const struct option *option);

/* The name of the variable that sets an option. */
void setting_variable(const struct option *option, char name[SETTING_VARIABLE_SIZE]);

/* Takes settings from variables, `NAME=value`, ended by NULL; false with all mistakes reported. */
bool read_environment(struct config *config, char *const variables[], config_report *report,
                      void *context) MUST_CHECK;

#endif
