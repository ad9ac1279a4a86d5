/* Announcements as rows: the whole record in and out, its state, and its expansion into deliveries. Owns announcement,
 * announcement_list, variant, medium, medium_text and meeting; adds rows to delivery, whose states it never changes. */
#include "store/announcement_store.h"

G_DEFINE_QUARK(rundbrief_announcement_store_error, announcement_store_error)

/* ---- in ---------------------------------------------------------------------------------------------------------- */

static const char *text_or_empty(const char *text)
{
    return text ? text : "";
}

/* Runs an INSERT … RETURNING id. */
static bool run_returning_id(DbQuery *query, int64_t *ret_id, GError **error)
{
    if (db_step(query, error) != DB_ROW)
        return false;
    *ret_id = db_int64(query, "id");
    return db_step(query, error) == DB_DONE;
}

static bool insert_record(Db *db, Announcement *announcement, int64_t now, GError **error)
{
    const Publisher *publisher = &announcement->publisher;
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_INSERT);
    db_bind_text(query, "kind", announcement_kind_word(announcement->kind));
    db_bind_text(query, "language", announcement->language);
    db_bind_text(query, "office", text_or_empty(publisher->office));
    db_bind_text(query, "person", text_or_empty(publisher->person));
    db_bind_text(query, "address", text_or_empty(publisher->address));
    db_bind_text(query, "phone", text_or_empty(publisher->phone));
    db_bind_text(query, "fax", text_or_empty(publisher->fax));
    db_bind_text(query, "web", text_or_empty(publisher->web));
    db_bind_text(query, "email", text_or_empty(publisher->email));
    db_bind_int64(query, "send_at", announcement->send_at);
    db_bind_int64(query, "embargo_at", announcement->embargo_at);
    db_bind_int64(query, "urgent", announcement->urgent);
    db_bind_int64(query, "now", now);
    return run_returning_id(query, &announcement->id, error);
}

static bool insert_lists(Db *db, const Announcement *announcement, GError **error)
{
    for (guint i = 0; i < announcement->lists->len; i++) {
        const char *slug = announcement->lists->pdata[i];
        g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_ADD_LIST);
        db_bind_int64(query, "id", announcement->id);
        db_bind_int64(query, "position", i);
        db_bind_text(query, "slug", slug);
        if (!db_run(query, error))
            return false;
        if (db_changes(db) != 1) {
            g_set_error(error, ANNOUNCEMENT_STORE_ERROR, ANNOUNCEMENT_STORE_ERROR_LIST, "there is no list '%s'", slug);
            return false;
        }
    }
    return true;
}

static bool insert_variant(Db *db, int64_t id, const Variant *variant, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_ADD_VARIANT);
    db_bind_int64(query, "id", id);
    db_bind_text(query, "language", variant->language);
    db_bind_text(query, "subject", text_or_empty(variant->subject));
    db_bind_text(query, "date_line", text_or_empty(variant->date_line));
    db_bind_text(query, "place_line", text_or_empty(variant->place_line));
    db_bind_text(query, "headline", text_or_empty(variant->headline));
    db_bind_text(query, "sub_headline", text_or_empty(variant->sub_headline));
    db_bind_text(query, "lead", text_or_empty(variant->lead));
    db_bind_text(query, "body", text_or_empty(variant->body));
    db_bind_text(query, "contact", text_or_empty(variant->contact));
    return db_run(query, error);
}

static bool insert_medium_row(Db *db, int64_t id, guint position, Medium *medium, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_ADD_MEDIUM);
    db_bind_int64(query, "id", id);
    db_bind_int64(query, "position", position);
    db_bind_text(query, "file_name", text_or_empty(medium->file_name));
    db_bind_text(query, "media_type", text_or_empty(medium->media_type));
    db_bind_int64(query, "size", medium->size);
    db_bind_text(query, "sha256", text_or_empty(medium->sha256));
    db_bind_text(query, "credit", text_or_empty(medium->credit));
    db_bind_text(query, "licence", text_or_empty(medium->licence));
    db_bind_int64(query, "attached", medium->attached);
    if (medium->thumbnail) {
        gsize size;
        const void *bytes = g_bytes_get_data(medium->thumbnail, &size);
        db_bind_blob(query, "thumbnail", bytes, size);
    } else {
        db_bind_null(query, "thumbnail");
    }
    return run_returning_id(query, &medium->id, error);
}

static bool insert_medium(Db *db, int64_t id, guint position, Medium *medium, GError **error)
{
    if (!insert_medium_row(db, id, position, medium, error))
        return false;
    for (guint i = 0; i < medium->texts->len; i++) {
        const MediumText *text = medium->texts->pdata[i];
        g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_ADD_MEDIUM_TEXT);
        db_bind_int64(query, "medium_id", medium->id);
        db_bind_text(query, "language", text->language);
        db_bind_text(query, "caption", text_or_empty(text->caption));
        db_bind_text(query, "alt", text_or_empty(text->alt));
        if (!db_run(query, error))
            return false;
    }
    return true;
}

static bool insert_meeting(Db *db, int64_t id, const Meeting *meeting, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_ADD_MEETING);
    db_bind_int64(query, "id", id);
    db_bind_text(query, "uid", meeting->uid);
    db_bind_int64(query, "sequence", meeting->sequence);
    db_bind_int64(query, "starts_at", meeting->starts_at);
    db_bind_int64(query, "ends_at", meeting->ends_at);
    db_bind_text(query, "place", text_or_empty(meeting->place));
    db_bind_text(query, "topic", text_or_empty(meeting->topic));
    db_bind_text(query, "registration", text_or_empty(meeting->registration));
    return db_run(query, error);
}

bool announcement_insert(Db *db, Announcement *announcement, int64_t now, GError **error)
{
    if (!insert_record(db, announcement, now, error) || !insert_lists(db, announcement, error))
        return false;
    for (guint i = 0; i < announcement->variants->len; i++)
        if (!insert_variant(db, announcement->id, announcement->variants->pdata[i], error))
            return false;
    for (guint i = 0; i < announcement->media->len; i++)
        if (!insert_medium(db, announcement->id, i, announcement->media->pdata[i], error))
            return false;
    announcement->state = ANNOUNCEMENT_DRAFT;
    return !announcement->meeting || insert_meeting(db, announcement->id, announcement->meeting, error);
}

/* ---- out --------------------------------------------------------------------------------------------------------- */

static char *column(const DbQuery *query, const char *name)
{
    return g_strdup(text_or_empty(db_text(query, name)));
}

static bool unknown_word(GError **error, int64_t id, const char *word)
{
    g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT, "announcement %" G_GINT64_FORMAT ": unknown word '%s' in its row",
                id, word);
    return false;
}

static bool read_record(const DbQuery *query, Announcement *announcement, GError **error)
{
    announcement->id = db_int64(query, "id");
    const char *kind = db_text(query, "kind"), *state = db_text(query, "state");
    if (!announcement_kind_from_word(kind, &announcement->kind))
        return unknown_word(error, announcement->id, kind);
    if (!announcement_state_from_word(state, &announcement->state))
        return unknown_word(error, announcement->id, state);
    announcement->language = column(query, "language");
    announcement->publisher = (Publisher){
        .office = column(query, "publisher_office"),
        .person = column(query, "publisher_person"),
        .address = column(query, "publisher_address"),
        .phone = column(query, "publisher_phone"),
        .fax = column(query, "publisher_fax"),
        .web = column(query, "publisher_web"),
        .email = column(query, "publisher_email"),
    };
    announcement->send_at = db_int64(query, "send_at");
    announcement->embargo_at = db_int64(query, "embargo_at");
    announcement->urgent = db_int64(query, "urgent") != 0;
    return true;
}

static void read_list(const DbQuery *query, gpointer record)
{
    Announcement *announcement = record;
    g_ptr_array_add(announcement->lists, column(query, "slug"));
}

static void read_variant(const DbQuery *query, gpointer record)
{
    Variant *variant = announcement_add_variant(record, db_text(query, "language"));
    variant->subject = column(query, "subject");
    variant->date_line = column(query, "date_line");
    variant->place_line = column(query, "place_line");
    variant->headline = column(query, "headline");
    variant->sub_headline = column(query, "sub_headline");
    variant->lead = column(query, "lead");
    variant->body = column(query, "body");
    variant->contact = column(query, "contact");
}

static void read_medium(const DbQuery *query, gpointer record)
{
    Medium *medium = announcement_add_medium(record);
    medium->id = db_int64(query, "id");
    medium->file_name = column(query, "file_name");
    medium->media_type = column(query, "media_type");
    medium->size = db_int64(query, "size");
    medium->sha256 = column(query, "sha256");
    medium->credit = column(query, "credit");
    medium->licence = column(query, "licence");
    medium->attached = db_int64(query, "attached") != 0;
    if (!db_is_null(query, "thumbnail")) {
        gsize size;
        const void *bytes = db_blob(query, "thumbnail", &size);
        medium->thumbnail = g_bytes_new(bytes, size);
    }
}

static void read_medium_text(const DbQuery *query, gpointer record)
{
    MediumText *text = medium_add_text(record, db_text(query, "language"));
    text->caption = column(query, "caption");
    text->alt = column(query, "alt");
}

static void read_meeting(const DbQuery *query, gpointer record)
{
    Announcement *announcement = record;
    announcement->meeting = g_new0(Meeting, 1);
    *announcement->meeting = (Meeting){
        .uid = column(query, "uid"),
        .sequence = (int)db_int64(query, "sequence"),
        .starts_at = db_int64(query, "starts_at"),
        .ends_at = db_int64(query, "ends_at"),
        .place = column(query, "place"),
        .topic = column(query, "topic"),
        .registration = column(query, "registration"),
    };
}

/* Hands each row of a query to a reader. */
static bool read_rows(DbQuery *query, void (*read)(const DbQuery *, gpointer), gpointer record, GError **error)
{
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW)
        read(query, record);
    return step == DB_DONE;
}

static bool read_parts(Db *db, Announcement *announcement, GError **error)
{
    static const struct {
        SqlStatement statement;
        void (*read)(const DbQuery *, gpointer);
    } parts[] = {
        {SQL_ANNOUNCEMENT_LISTS, read_list},
        {SQL_ANNOUNCEMENT_VARIANTS, read_variant},
        {SQL_ANNOUNCEMENT_MEDIA, read_medium},
        {SQL_ANNOUNCEMENT_MEETING, read_meeting},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autoptr(DbQuery) query = db_query(db, parts[i].statement);
        db_bind_int64(query, "id", announcement->id);
        if (!read_rows(query, parts[i].read, announcement, error))
            return false;
    }
    for (guint i = 0; i < announcement->media->len; i++) {
        Medium *medium = announcement->media->pdata[i];
        g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_MEDIUM_TEXTS);
        db_bind_int64(query, "medium_id", medium->id);
        if (!read_rows(query, read_medium_text, medium, error))
            return false;
    }
    return true;
}

bool announcement_load(Db *db, int64_t id, Announcement **ret, GError **error)
{
    *ret = NULL;
    g_autoptr(Announcement) announcement = announcement_new();
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_RECORD);
    db_bind_int64(query, "id", id);
    DbStep step = db_step(query, error);
    if (step != DB_ROW)
        return step == DB_DONE;
    if (!read_record(query, announcement, error) || !read_parts(db, announcement, error))
        return false;
    *ret = g_steal_pointer(&announcement);
    return true;
}

bool announcement_kind(Db *db, int64_t id, AnnouncementKind *ret_kind, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_KIND);
    db_bind_int64(query, "id", id);
    switch (db_step(query, error)) {
    case DB_FAILED:
        return false;
    case DB_DONE:
        g_set_error(error, ANNOUNCEMENT_STORE_ERROR, ANNOUNCEMENT_STORE_ERROR_MISSING,
                    "there is no announcement %" G_GINT64_FORMAT, id);
        return false;
    case DB_ROW:
        break;
    }
    const char *kind = db_text(query, "kind");
    return announcement_kind_from_word(kind, ret_kind) || unknown_word(error, id, kind);
}
