/* The login behind a command. */
#include "cli/actor.h"

/* system */
#include <unistd.h>

/* libraries */
#include <glib.h>

/* rundbrief */
#include "base/text.h"

char *actor_name(void)
{
    const char *behind_sudo = geteuid() == 0 ? g_getenv("SUDO_USER") : NULL;
    const char *login = behind_sudo && *behind_sudo && text_is_one_line(behind_sudo) ? behind_sudo : g_get_user_name();
    return g_strconcat("cli:", login, NULL);
}
