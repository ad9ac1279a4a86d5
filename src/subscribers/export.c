/* Writes people page by page, each page one short read of the database. Cells cannot start a formula. */
#include "subscribers/export.h"

/* libraries */
#include <jansson.h>

/* rundbrief */
#include "base/datetime.h"
#include "store/subscriber_store.h"
#include "store/subscription_store.h"

#define PAGE_ROWS 1000

void export_append_cell(GString *out, const char *text, char separator)
{
    bool formula = *text && strchr("=+-@\t\r", *text);
    bool quoted = strpbrk(text, "\"\r\n") || strchr(text, separator) || *text == ' ';
    if (quoted)
        g_string_append_c(out, '"');
    if (formula)
        g_string_append_c(out, '\'');
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *p);
    }
    if (quoted)
        g_string_append_c(out, '"');
}

/* ---- one person -------------------------------------------------------------------------------------------------- */

typedef struct Fields {
    const Subscriber *person;
    const char *state; /* of the job's list */
    int64_t since;
    char *lists; /* "presse:active arbeitskreis:left" */
} Fields;

static void fields_clear(Fields *fields)
{
    g_free(fields->lists);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fields, fields_clear)

static bool fields_load(Db *db, const ExportJob *job, const Subscriber *person, Fields *ret, GError **error)
{
    g_autoptr(GPtrArray) all = subscription_all(db, person->id, error);
    if (!all)
        return false;
    g_autoptr(GString) lists = g_string_new(NULL);
    *ret = (Fields){.person = person, .state = ""};
    for (guint i = 0; i < all->len; i++) {
        const Subscription *subscription = all->pdata[i];
        const char *state = subscription_state_word(subscription->state);
        g_string_append_printf(lists, "%s%s:%s", i ? " " : "", subscription->slug, state);
        if (!job->list || job->list->id != subscription->list_id)
            continue;
        ret->state = state;
        ret->since = subscription->since;
    }
    ret->lists = g_string_free(g_steal_pointer(&lists), FALSE);
    return true;
}

static void append_csv(GString *out, const ExportJob *job, const Fields *fields)
{
    g_autofree char *since = fields->since ? datetime_format(fields->since, job->zone, "en", DATETIME_STRICT) : NULL;
    const char *cells[] = {fields->person->address,
                           fields->person->name,
                           fields->person->language,
                           fields->person->wants_text ? "text" : "html",
                           job->list ? fields->state : fields->lists,
                           since};
    for (gsize i = 0; i < G_N_ELEMENTS(cells) && cells[i]; i++) {
        if (i)
            g_string_append_c(out, job->separator);
        export_append_cell(out, cells[i], job->separator);
    }
    g_string_append(out, "\r\n");
}

static void append_json(GString *out, const ExportJob *job, const Fields *fields, bool first)
{
    json_t *object = json_pack("{s:s, s:s, s:s, s:s}", "address", fields->person->address, "name", fields->person->name,
                               "language", fields->person->language, "format",
                               fields->person->wants_text ? "text" : "html");
    if (job->list) {
        json_object_set_new(object, "state", json_string(fields->state));
        g_autofree char *since = fields->since ? datetime_utc(fields->since) : NULL;
        json_object_set_new(object, "since", since ? json_string(since) : json_null());
    } else {
        json_object_set_new(object, "lists", json_string(fields->lists));
    }
    char *text = json_dumps(object, 0);
    g_string_append_printf(out, "%s  %s", first ? "" : ",\n", text);
    free(text);
    json_decref(object);
}

/* ---- all of them ------------------------------------------------------------------------------------------------- */

static void append_head(GString *out, const ExportJob *job)
{
    const char *titles = job->list ? "address;name;language;format;state;since" : "address;name;language;format;lists";
    if (job->json) {
        g_string_append(out, "[\n");
        return;
    }
    for (const char *p = titles; *p; p++)
        g_string_append_c(out, *p == ';' ? job->separator : *p);
    g_string_append(out, "\r\n");
}

static bool append_page(Db *db, const ExportJob *job, const GPtrArray *page, GString *out, int64_t *people,
                        GError **error)
{
    for (guint i = 0; i < page->len; i++) {
        g_auto(Fields) fields = {0};
        if (!fields_load(db, job, page->pdata[i], &fields, error))
            return false;
        if (job->json)
            append_json(out, job, &fields, *people == 0);
        else
            append_csv(out, job, &fields);
        ++*people;
    }
    return true;
}

/* Appends the next page; *after moves on and is NULL behind the last. */
static bool next_page(Db *db, const ExportJob *job, char **after, GString *out, int64_t *people, GError **error)
{
    SubscriberFilter filter = {
        .list_id = job->list ? job->list->id : 0,
        .has_state = job->has_state,
        .state = job->state,
        .after_key = *after,
        .limit = PAGE_ROWS,
    };
    g_autoptr(GPtrArray) page = subscriber_page(db, &filter, error);
    if (!page || !append_page(db, job, page, out, people, error))
        return false;
    const Subscriber *last = page->len == PAGE_ROWS ? page->pdata[page->len - 1] : NULL;
    g_free(*after);
    *after = last ? g_strdup(last->address_key) : NULL;
    return true;
}

static bool append_all(Db *db, const ExportJob *job, int64_t *people, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *after = g_strdup("");
    append_head(out, job);
    while (after) {
        if (!next_page(db, job, &after, out, people, error) || !job->put(job->data, out->str, out->len, error))
            return false;
        g_string_truncate(out, 0);
    }
    if (job->json)
        g_string_append(out, *people ? "\n]\n" : "]\n");
    return job->put(job->data, out->str, out->len, error);
}

bool export_run(Db *db, const ExportJob *job, int64_t *ret_people, GError **error)
{
    *ret_people = 0;
    /* GLib reads a zone once for as long as somebody holds it; each row has a date. */
    GTimeZone *held = g_time_zone_new_identifier(job->zone);
    bool done = append_all(db, job, ret_people, error);
    g_clear_pointer(&held, g_time_zone_unref);
    return done;
}
