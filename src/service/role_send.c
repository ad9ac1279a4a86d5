/* The role that sends: outbound/engine.h in the common form. */
#include "outbound/engine.h"
#include "service/role.h"

static void *open_engine(const Settings *settings, Db *db, const Keyring *keyring, GError **error)
{
    return engine_new(settings, db, keyring, error);
}

static void close_engine(void *work)
{
    engine_free(work);
}

static void watch_engine(void *work, int fd)
{
    engine_watch(work, fd);
}

static bool turn_engine(void *work, int64_t max_wait_ms, GError **error)
{
    return engine_turn(work, max_wait_ms, error);
}

static bool has_engine_heard(const void *work)
{
    return engine_heard(work);
}

static void wake_engine(void *work)
{
    engine_wake(work);
}

static void stop_engine(void *work)
{
    engine_stop(work);
}

static bool is_engine_finished(const void *work)
{
    return engine_finished(work);
}

static bool reload_engine(void *work, const Settings *settings, GError **error)
{
    return engine_reload(work, settings, error);
}

static char *summarise_engine(const void *work)
{
    return engine_summary(work);
}

/* A power cut may repeat the mails of its last moment; that is the price of not waiting for the disk with each. Not
 * alone: the engine takes a lock of its own, since nothing but a lock keeps two senders from sending twice. */
const RoleKind role_send = {
    .name = "send",
    .syncs_later = true,
    .open = open_engine,
    .close = close_engine,
    .watch = watch_engine,
    .turn = turn_engine,
    .heard = has_engine_heard,
    .wake = wake_engine,
    .stop = stop_engine,
    .is_finished = is_engine_finished,
    .reload = reload_engine,
    .summary = summarise_engine,
};
