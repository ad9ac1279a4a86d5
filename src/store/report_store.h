#pragma once
/* Announcements as staff look at them: lists, counts, who was refused and why. Reads only. */
#include "model/announcement.h"
#include "model/delivery.h"
#include "store/announcement_store.h"

typedef struct AnnouncementSummary {
    int64_t id;
    AnnouncementKind kind;
    AnnouncementProgress progress;
    char *headline; /* of the fallback variant */
    char *lists;    /* slugs, joined with ", " */
    int64_t counts[DELIVERY_STATE_COUNT];
} AnnouncementSummary;

/** Appends AnnouncementSummary, newest first, up to limit. */
bool report_announcements(Db *db, guint limit, GPtrArray *ret_summaries, GError **error);
void announcement_summary_free(AnnouncementSummary *summary); /* NULL is fine */

/** How many would get an announcement to its lists now: active, not suppressed, each person once. */
bool report_audience(Db *db, int64_t announcement_id, int64_t *ret_count, GError **error);

/** One delivery with what was last said about it. Strings are valid until the next row. */
typedef struct DeliveryRow {
    int64_t subscriber_id;
    const char *address; /* NULL: the person was erased */
    DeliveryState state;
    int attempts;
    int64_t at;       /* as in the schema */
    const char *kind; /* of its last event, model/delivery.h; NULL: all went smoothly */
    int64_t event_at;
    const char *relay;
    int reply;
    const char *enhanced;
    const char *detail;
} DeliveryRow;

typedef enum {
    REPORT_ALL,
    REPORT_TROUBLED, /* refused, waiting for another try, uncertain, sent again, or bounced after it was sent */
} ReportScope;

/** Takes one row; false: no more, please. */
typedef bool (*DeliveryReader)(const DeliveryRow *row, gpointer data);

/** Hands each delivery of an announcement to `row`, in order of the subscriber's id: read in pages, so that neither
 * memory nor a snapshot grows with the audience. */
bool report_deliveries(Db *db, int64_t announcement_id, ReportScope scope, DeliveryReader row, gpointer data,
                       GError **error);

/** The same for those in one state. */
bool report_deliveries_in(Db *db, int64_t announcement_id, DeliveryState state, DeliveryReader row, gpointer data,
                          GError **error);

/** How many tries of an announcement ended without anybody knowing whether the relay took the mail: at most so many
 * mails were sent twice. */
bool report_uncertain_tries(Db *db, int64_t announcement_id, int64_t *ret_count, GError **error);
