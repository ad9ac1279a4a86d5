#pragma once
/* What the actions of `rundbrief announce` share. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/datetime.h"
#include "cli/command.h"
#include "store/report_store.h"

extern const Command command_announce;

typedef struct AnnounceOptions {
    char *at; /* queue */
    gboolean at_once, urgent;
    char *language; /* preview */
    char *recipient;
    gboolean as_text, as_html, as_mail;
    gboolean deliveries; /* status */
    char *state;
    gint64 limit;                     /* list */
    gboolean failed, uncertain, sent; /* resend, settle */
} AnnounceOptions;

typedef struct AnnounceCall {
    Context context;
    CommonOptions common;
    AnnounceOptions options;
    const char *const *files;     /* add: NULL-terminated */
    const char *const *addresses; /* resend, settle: NULL-terminated */
    int64_t id;                   /* of the announcement, for all actions but add and list */
    int64_t now;
} AnnounceCall;

/** "3: sentence" of a failed call on stderr; returns the exit code that fits the error. */
int announce_fail(const GError *error);

/** An instant as people of the site write it. Caller frees. */
char *announce_time(const AnnounceCall *call, int64_t at, DatetimeStyle style);

/** "1 min 40 s": how long a scheduled announcement is still held; NULL when it is not. Caller frees. */
char *announce_countdown(const AnnouncementProgress *progress, int64_t now);

/** Something of an announcement has changed. */
void announce_wake_sender(const AnnounceCall *call);

/** The announcement of call->id; NULL after it has said why, and *ret_code is what to exit with. */
Announcement *announce_load(const AnnounceCall *call, int *ret_code);

/* The actions that have files of their own; they return the exit code. */
int announce_list(const AnnounceCall *call);
int announce_show(const AnnounceCall *call);
int announce_preview(const AnnounceCall *call);
int announce_status(const AnnounceCall *call);
int announce_resend(const AnnounceCall *call);
int announce_settle(const AnnounceCall *call);
