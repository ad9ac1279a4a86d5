/* Takes rows from the reader, has them judged, and writes them. Judging the row is import_row.c's, judging the person
 * admission.c's business; here are the order of things, the transactions and what is found twice in the file. */
#include "subscribers/import.h"

/* system */
#include <unistd.h>

/* rundbrief */
#include "base/file.h"
#include "base/limits.h"
#include "store/audit_store.h"
#include "subscribers/encoding.h"
#include "subscribers/import_row.h"

#define BATCH_ROWS 1000 /* written at once with keep_going: some 50 ms */

G_DEFINE_QUARK(rundbrief_import_error, import_error)

/* One passage through the file. */
typedef struct Passage {
    const ImportJob *job;
    ImportResult *result;
    CsvReader *reader;
    Columns columns;
    GHashTable *seen; /* of Seen: what stood in the file already */
    CsvRow first;     /* a file without header: its first row is data */
    bool first_waits;
} Passage;

typedef struct Seen {
    uint64_t hash[2]; /* the first half of a keyed hash: nobody can make two alike */
    unsigned line;
} Seen;

/* A row on its way in. */
typedef struct Arrival {
    unsigned line;
    Candidate candidate; /* empty when rejected by the file itself */
    Rejection rejection;
} Arrival;

static void arrival_clear(gpointer data)
{
    Arrival *arrival = data;
    candidate_clear(&arrival->candidate);
    rejection_clear(&arrival->rejection);
}

int64_t import_result_rejected(const ImportResult *result)
{
    int64_t sum = 0;
    for (gsize kind = 0; kind < REJECTION_KIND_COUNT; kind++)
        sum += result->rejected[kind];
    return sum;
}

static bool refuse_file(GError **error, const char *sentence)
{
    g_set_error_literal(error, IMPORT_ERROR, IMPORT_ERROR_FILE, sentence);
    return false;
}

/* ---- what is found twice ----------------------------------------------------------------------------------------- */

static guint seen_hash(gconstpointer data)
{
    return (guint)((const Seen *)data)->hash[0];
}

static gboolean seen_equal(gconstpointer left, gconstpointer right)
{
    const Seen *a = left, *b = right;
    return a->hash[0] == b->hash[0] && a->hash[1] == b->hash[1];
}

static bool check_duplicate(Passage *passage, Arrival *arrival)
{
    Seen seen = {.line = arrival->line};
    memcpy(seen.hash, arrival->candidate.hash, sizeof seen.hash);
    const Seen *before = g_hash_table_lookup(passage->seen, &seen);
    if (before)
        return rejection_set(&arrival->rejection, REJECTION_DUPLICATE, "%s stands in line %u already",
                             arrival->candidate.address.text, before->line);
    g_hash_table_add(passage->seen, g_memdup2(&seen, sizeof seen));
    return true;
}

/* ---- a passage --------------------------------------------------------------------------------------------------- */

static void tell_stage(const ImportJob *job, const char *what, int64_t lines)
{
    if (job->watch.staged)
        job->watch.staged(job->watch.data, what, lines);
}

static void tell_rejection(Passage *passage, const Arrival *arrival)
{
    const ImportWatch *watch = &passage->job->watch;
    passage->result->rejected[arrival->rejection.kind]++;
    if (watch->rejected)
        watch->rejected(watch->data, arrival->line, &arrival->rejection);
}

static void passage_end(Passage *passage)
{
    g_clear_pointer(&passage->reader, csv_reader_free);
    g_clear_pointer(&passage->seen, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Passage, passage_end)

static bool read_columns(Passage *passage, GError **error)
{
    g_autoptr(GError) failure = NULL;
    CsvStep step = csv_next(passage->reader, &passage->first, error);
    if (step == CSV_FAILED)
        return false;
    if (step == CSV_END)
        return refuse_file(error, "the file holds no rows");
    if (step == CSV_BAD_ROW) {
        g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_FILE, "the first row (line %u) cannot be read: %s",
                    passage->first.line, passage->first.problem);
        return false;
    }
    passage->first_waits = !columns_is_header(&passage->first);
    bool known = passage->first_waits ? columns_without_header(&passage->first, &passage->columns, &failure)
                                      : columns_from_header(&passage->first, &passage->columns, &failure);
    return known || refuse_file(error, failure->message);
}

/* Begins at the start of the file, with what it has counted set back. */
static bool passage_begin(Passage *passage, const ImportJob *job, ImportResult *result, GError **error)
{
    *passage = (Passage){.job = job, .result = result};
    *result = (ImportResult){0};
    if (lseek(job->fd, 0, SEEK_SET) != 0)
        return refuse_file(error, "the file cannot be read from its start; a pipe will not do");
    passage->reader = csv_reader_new(job->fd);
    passage->seen = g_hash_table_new_full(seen_hash, seen_equal, g_free, NULL);
    return read_columns(passage, error);
}

static CsvStep next_row(Passage *passage, CsvRow *ret_row, GError **error)
{
    if (passage->first_waits) {
        passage->first_waits = false;
        *ret_row = passage->first;
        return CSV_ROW;
    }
    return csv_next(passage->reader, ret_row, error);
}

/* What the file itself says of a row. */
static void judge_row(Passage *passage, CsvStep step, const CsvRow *row, Arrival *ret)
{
    const ImportJob *job = passage->job;
    *ret = (Arrival){.line = row->line};
    if (step == CSV_BAD_ROW)
        rejection_set(&ret->rejection, REJECTION_UNREADABLE, "%s", row->problem);
    else if (import_row_read(&passage->columns, row, job->terms->keyring, job->language, &ret->candidate,
                             &ret->rejection))
        check_duplicate(passage, ret);
}

typedef enum { NEXT_FAILED = -1, NEXT_END = 0, NEXT_ARRIVAL = 1 } Next;

/* The next row, judged by the file alone; the caller clears it. */
static Next next_arrival(Passage *passage, Arrival *ret, GError **error)
{
    const ImportWatch *watch = &passage->job->watch;
    CsvRow row;
    CsvStep step = next_row(passage, &row, error);
    if (step == CSV_FAILED)
        return NEXT_FAILED;
    if (step == CSV_END)
        return NEXT_END;
    if (++passage->result->rows > LIMIT_IMPORT_ROWS) {
        refuse_file(error, "the file has more than " G_STRINGIFY(LIMIT_IMPORT_ROWS) " rows; split it");
        return NEXT_FAILED;
    }
    if (watch->advanced)
        watch->advanced(watch->data, row.line);
    judge_row(passage, step, &row, ret);
    return NEXT_ARRIVAL;
}

/* ---- what is done with a person ---------------------------------------------------------------------------------- */

/* What the database says of a row that the file has nothing against; then it is counted, or told why not. */
static bool judge_person(Db *db, Passage *passage, Arrival *arrival, int64_t now, Standing *ret_standing,
                         GError **error)
{
    if (arrival->rejection.kind == REJECTION_NONE &&
        !admission_check(db, passage->job->terms, &arrival->candidate, now, ret_standing, &arrival->rejection, error))
        return false;
    if (arrival->rejection.kind == REJECTION_NONE)
        passage->result->good++;
    else
        tell_rejection(passage, arrival);
    return true;
}

static bool write_person(Db *db, Passage *passage, Arrival *arrival, int64_t now, GError **error)
{
    const ImportJob *job = passage->job;
    Standing standing;
    if (!judge_person(db, passage, arrival, now, &standing, error))
        return false;
    if (arrival->rejection.kind != REJECTION_NONE)
        return true;
    g_autofree char *source = g_strdup_printf("import %s line %u", job->file_name, arrival->line);
    if (!admission_write(db, job->terms, &arrival->candidate, &standing, source, now, error))
        return false;
    passage->result->imported++;
    return true;
}

static bool add_audit(Db *db, const ImportJob *job, int64_t count, unsigned last_line, int64_t now, GError **error)
{
    const AdmissionTerms *terms = job->terms;
    g_autofree char *subject = g_strdup_printf("list %s", terms->list->slug);
    g_autofree char *detail = g_strdup_printf("%" G_GINT64_FORMAT
                                              " people %s from %s up to line %u; basis %s; ground: %s",
                                              count, consent_kind_word(terms->kind), job->file_name, last_line,
                                              legal_basis_word(terms->list->legal_basis), terms->ground);
    return audit_add(db, terms->actor, "subscriber.import", subject, detail, now, error);
}

/* ---- all or nothing ---------------------------------------------------------------------------------------------- */

static bool check_all(Db *db, Passage *passage, int64_t now, GError **error)
{
    for (;;) {
        Arrival arrival;
        Next next = next_arrival(passage, &arrival, error);
        if (next != NEXT_ARRIVAL)
            return next == NEXT_END;
        Standing standing;
        bool judged = judge_person(db, passage, &arrival, now, &standing, error);
        arrival_clear(&arrival);
        if (!judged)
            return false;
    }
}

/* Between the two passages somebody may have left or changed the file: then nothing is written. */
static bool write_all(Db *db, Passage *passage, int64_t now, GError **error)
{
    g_autoptr(DbTransaction) transaction = db_begin(db, error);
    unsigned last_line = 0;
    if (!transaction)
        return false;
    for (;;) {
        Arrival arrival;
        Next next = next_arrival(passage, &arrival, error);
        if (next == NEXT_FAILED)
            return false;
        if (next == NEXT_END)
            break;
        last_line = arrival.line;
        bool written = write_person(db, passage, &arrival, now, error);
        arrival_clear(&arrival);
        if (!written)
            return false;
    }
    if (import_result_rejected(passage->result) > 0)
        return true;
    return add_audit(db, passage->job, passage->result->imported, last_line, now, error) &&
           db_commit(&transaction, error);
}

static bool import_whole(Db *db, const ImportJob *job, int64_t lines, int64_t now, ImportResult *ret, GError **error)
{
    tell_stage(job, "Checking", lines);
    {
        g_auto(Passage) passage = {0};
        if (!passage_begin(&passage, job, ret, error) || !check_all(db, &passage, now, error))
            return false;
    }
    if (job->dry_run || import_result_rejected(ret) > 0 || ret->good == 0)
        return true;
    tell_stage(job, "Importing", lines);
    g_auto(Passage) passage = {0};
    bool done = passage_begin(&passage, job, ret, error) && write_all(db, &passage, now, error);
    if (!done || import_result_rejected(ret) > 0)
        ret->imported = 0;
    return done;
}

/* ---- with keep_going --------------------------------------------------------------------------------------------- */

/* Reads before the transaction begins: nobody waits for a slow disk. */
static Next read_batch(Passage *passage, GArray *batch, GError **error)
{
    g_array_set_size(batch, 0);
    while (batch->len < BATCH_ROWS) {
        Arrival arrival;
        Next next = next_arrival(passage, &arrival, error);
        if (next != NEXT_ARRIVAL)
            return next;
        g_array_append_val(batch, arrival);
    }
    return NEXT_ARRIVAL;
}

static bool write_people(Db *db, Passage *passage, GArray *batch, int64_t now, GError **error)
{
    unsigned last_line = 0;
    int64_t before = passage->result->imported;
    g_autoptr(DbTransaction) transaction = db_begin(db, error);
    if (!transaction)
        return false;
    for (guint i = 0; i < batch->len; i++) {
        Arrival *arrival = &g_array_index(batch, Arrival, i);
        last_line = arrival->line;
        if (!write_person(db, passage, arrival, now, error))
            return false;
    }
    int64_t count = passage->result->imported - before;
    return (count == 0 || add_audit(db, passage->job, count, last_line, now, error)) && db_commit(&transaction, error);
}

static bool write_batch(Db *db, Passage *passage, GArray *batch, int64_t now, GError **error)
{
    int64_t before = passage->result->imported;
    if (write_people(db, passage, batch, now, error))
        return true;
    passage->result->imported = before;
    return false;
}

static bool import_batches(Db *db, const ImportJob *job, int64_t lines, int64_t now, ImportResult *ret, GError **error)
{
    tell_stage(job, "Importing", lines);
    g_auto(Passage) passage = {0};
    if (!passage_begin(&passage, job, ret, error))
        return false;
    g_autoptr(GArray) batch = g_array_new(FALSE, FALSE, sizeof(Arrival));
    g_array_set_clear_func(batch, arrival_clear);
    for (;;) {
        Next next = read_batch(&passage, batch, error);
        if (next == NEXT_FAILED || !write_batch(db, &passage, batch, now, error))
            return false;
        if (next == NEXT_END)
            return true;
    }
}

/* ---- together ---------------------------------------------------------------------------------------------------- */

/* About as many as there are rows; for the progress bar only. */
static int64_t count_lines(int fd)
{
    char buffer[64 * 1024];
    int64_t lines = 0;
    ssize_t got;
    while ((got = file_read(fd, buffer, sizeof buffer)) > 0)
        for (const char *p = buffer; (p = memchr(p, '\n', (gsize)(buffer + got - p))); p++)
            lines++;
    return lines;
}

bool import_run(Db *db, const ImportJob *job, int64_t now, ImportResult *ret, GError **error)
{
    g_autoptr(GError) failure = NULL;
    *ret = (ImportResult){0};
    if (!encoding_check(job->fd, &failure))
        return refuse_file(error, failure->message);
    int64_t lines = count_lines(job->fd);
    /* GLib reads a zone once for as long as somebody holds it; 100,000 dates in sentences need it. */
    GTimeZone *held = g_time_zone_new_identifier(job->terms->site->zone);
    bool done = job->keep_going && !job->dry_run ? import_batches(db, job, lines, now, ret, error)
                                                 : import_whole(db, job, lines, now, ret, error);
    g_clear_pointer(&held, g_time_zone_unref);
    return done;
}
