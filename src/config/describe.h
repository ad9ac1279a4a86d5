#pragma once
/* The settings table as text for people. Every function returns a new string; the caller frees it. */
#include <glib.h>

/** What one setting ("relays.host"), a group ("relays") or, for NULL, all groups are.
 * NULL when there is no such thing. */
char *describe_explain(const char *name);

/** conf/rundbrief.conf: every setting with its help; what is optional is commented out. */
char *describe_sample(void);

/** docs/settings.md */
char *describe_markdown(void);

/** docs/man/rundbrief.conf.5, in mdoc. */
char *describe_man(void);
