/* The role that reads mailboxes: inbound/inbox.h in the common form. */
#include "inbound/inbox.h"
#include "service/role.h"

static void *open_inbox(const Settings *settings, Db *db, const Keyring *keyring, GError **error)
{
    (void)error;
    return inbox_new(settings, db, keyring);
}

static void close_inbox(void *work)
{
    inbox_free(work);
}

static void watch_inbox(void *work, int fd)
{
    inbox_watch(work, fd);
}

static bool turn_inbox(void *work, int64_t max_wait_ms, GError **error)
{
    return inbox_turn(work, max_wait_ms, error);
}

static void stop_inbox(void *work)
{
    inbox_stop(work);
}

static bool is_inbox_finished(const void *work)
{
    return inbox_finished(work);
}

static bool reload_inbox(void *work, const Settings *settings, GError **error)
{
    (void)error;
    inbox_reload(work, settings);
    return true;
}

static char *summarise_inbox(const void *work)
{
    return inbox_summary(work);
}

/* Alone: two readers of one mailbox would fetch every mail twice. */
const RoleKind role_inbox = {
    .name = "inbox",
    .alone = true,
    .open = open_inbox,
    .close = close_inbox,
    .watch = watch_inbox,
    .turn = turn_inbox,
    .stop = stop_inbox,
    .is_finished = is_inbox_finished,
    .reload = reload_inbox,
    .summary = summarise_inbox,
};
