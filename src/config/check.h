#pragma once
/* What a value must be, by the type of its setting, and what settings must be together. Syntax only: nothing is looked
 * up in the network, no file is opened. */
#include "base/problems.h"
#include "config/settings.h"
#include "config/settings_table.h"

/** What is allowed, for messages and manuals: "a number from 1 to 65535", "one of starttls, implicit, none". Caller
 * frees. */
char *setting_allowed(const Setting *setting);

/** True when a text is fit for its setting. An empty one never is. */
bool setting_text_is_fit(const Setting *setting, const char *text);

/* Where in the files things stand. */
typedef struct Place {
    const char *file;
    unsigned line;
    bool refused; /* the value was, so that nothing else need be said about it */
} Place;

typedef struct Places {
    const char *file;   /* the main one */
    GHashTable *fields; /* address of a field in the settings -> Place *; a field that has its default is not in it */
    GHashTable *groups; /* address of a group's struct or of a list's element -> Place * */
} Places;

/** Rules over several settings. */
void settings_check_together(const Settings *settings, const Places *places, Problems *problems);

/** True for this machine itself: a loopback address or "localhost" (RFC 6761 6.3, RFC 1122 3.2.1.3 (g), RFC 4291
 * 2.5.3); not for what only begins like one, such as "127.0.0.1.example.org". */
bool host_is_loopback(const char *host);
