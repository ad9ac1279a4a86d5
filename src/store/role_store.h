#pragma once
/* What each role does, and what is wrong, for `rundbrief status`. Writers run inside the caller's transaction. */
#include "store/db.h"

/** Notes that a role lives, and what it does. pid 0: it has ended. Makes its row when there is none. */
bool role_beat(Db *db, const char *role, int64_t pid, int64_t started_at, const char *summary, int64_t now,
               GError **error);

/** When a role last gave a sign of life; 0: never. */
bool role_heard(Db *db, const char *role, int64_t *ret_at, GError **error);

/** Tells or updates a trouble; `since` stays that of its first telling. The text says what is wrong and what to do. */
bool trouble_set(Db *db, const char *subject, const char *role, const char *text, int64_t now, GError **error);
/** What a trouble is about is left alone until then. */
bool trouble_left_alone(Db *db, const char *subject, int64_t until, GError **error);
/** The trouble is over; one that is not there is no error. */
bool trouble_clear(Db *db, const char *subject, GError **error);
/** The subject of a list, by its slug, whose office gets no first copy. Caller frees. */
char *trouble_of_office(const char *list);
/** Clears all that a role has told. */
bool trouble_forget(Db *db, const char *role, GError **error);

typedef struct RoleState {
    char *name;
    int64_t pid;
    int64_t started_at;
    int64_t beat_at; /* a role that lives beats every few seconds */
    char *summary;
} RoleState;

typedef struct Trouble {
    char *subject; /* "relay main" */
    char *role;
    int64_t since;
    int64_t until; /* left alone so long; 0: not */
    char *text;
} Trouble;

/** Every role that ever ran, by name, of RoleState; the array owns them. NULL and error. Caller unrefs. */
GPtrArray *role_all(Db *db, GError **error);

/** Every trouble there is, oldest first, of Trouble; the array owns them. NULL and error. Caller unrefs. */
GPtrArray *trouble_all(Db *db, GError **error);
