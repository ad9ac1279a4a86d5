#pragma once
/* A role is a process that turns one engine until it is told to stop. What all roles have in common is here; what each
 * does is a row of functions. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/token.h"
#include "config/settings.h"
#include "store/db.h"

typedef struct RoleKind {
    const char *name; /* "send": on the command line, in logs, in the status */
    bool alone;       /* one process per database */
    bool syncs_later; /* its commits do not wait for the disk: see store.sync_ms */
    void *(*open)(const Settings *settings, Db *db, const Keyring *keyring, GError **error);
    void (*close)(void *work); /* NULL is fine */
    void (*watch)(void *work, int fd);
    bool (*turn)(void *work, int64_t max_wait_ms, GError **error);
    bool (*heard)(const void *work); /* the watched descriptor was readable in the last turn; NULL: it may have been */
    void (*wake)(void *work);        /* rows may have changed; NULL: the engine looks by itself */
    void (*stop)(void *work);
    bool (*is_finished)(const void *work);
    bool (*reload)(void *work, const Settings *settings, GError **error);
    char *(*summary)(const void *work);
} RoleKind;

extern const RoleKind role_send, role_inbox;

/** Every role there is; ends with NULL. */
extern const RoleKind *const role_kinds[];

/** NULL when there is none. */
const RoleKind *role_find(const char *name);

/** How a role ended. */
typedef enum {
    ROLE_DRAINED,  /* it was told to stop and came to an end */
    ROLE_CUT,      /* it was told twice: it ended at once */
    ROLE_SETTINGS, /* the settings are wrong */
    ROLE_FAULT,    /* keys, database or system refuse */
} RoleEnd;

/** Runs in the foreground until SIGTERM or SIGINT. Says everything in the log. A database that is away for a while does
 * not end it; SIGHUP reads the settings again, and a broken file leaves those it has. */
RoleEnd role_run(const RoleKind *kind, const char *config_path);

#define ROLE_BEAT_SECONDS  10
#define ROLE_STALE_SECONDS 45 /* whoever was not heard for so long does not run */
