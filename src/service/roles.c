/* Which roles there are. */
#include "service/role.h"

const RoleKind *const role_kinds[] = {&role_send, &role_inbox, NULL};

const RoleKind *role_find(const char *name)
{
    for (const RoleKind *const *kind = role_kinds; *kind; kind++)
        if (g_str_equal((*kind)->name, name))
            return *kind;
    return NULL;
}
