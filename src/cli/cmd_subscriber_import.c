/* rundbrief subscriber import: shows how an import goes on and what came of it. */
#include "cli/cmd_subscriber.h"

/* system */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* libraries */
#include <jansson.h>

/* rundbrief */
#include "base/clock.h"
#include "cli/actor.h"
#include "cli/output.h"
#include "store/wake.h"
#include "subscribers/import.h"

typedef struct Show {
    const char *file;
    Progress *progress;
    json_t *rows; /* with --json: the rejected ones; else NULL */
} Show;

static void staged(void *data, const char *what, int64_t lines)
{
    Show *show = data;
    progress_end(show->progress);
    show->progress = progress_new(what, lines);
}

static void advanced(void *data, int64_t lines)
{
    Show *show = data;
    progress_to(show->progress, lines);
}

static void rejected(void *data, unsigned line, const Rejection *rejection)
{
    Show *show = data;
    if (show->rows) {
        json_array_append_new(show->rows,
                              json_pack("{s:I, s:s, s:s}", "line", (json_int_t)line, "reason",
                                        rejection_kind_word(rejection->kind), "sentence", rejection->sentence));
        return;
    }
    g_autofree char *clean = output_clean(rejection->sentence);
    progress_hide(show->progress);
    printf("%s:%u: %s.\n", show->file, line, clean);
}

static json_t *reasons(const ImportResult *result)
{
    json_t *object = json_object();
    for (int kind = REJECTION_NONE + 1; kind < REJECTION_KIND_COUNT; kind++)
        if (result->rejected[kind])
            json_object_set_new(object, rejection_kind_word((RejectionKind)kind), json_integer(result->rejected[kind]));
    return object;
}

static void print_json(const ImportJob *job, const ImportResult *result, json_t *rows)
{
    json_t *object = json_pack(
        "{s:s, s:s, s:b, s:b, s:I, s:I, s:I, s:I, s:o, s:O}", "file", job->file_name, "list", job->terms->list->slug,
        "dry_run", job->dry_run, "invite", job->terms->kind == CONSENT_INVITED, "rows", (json_int_t)result->rows,
        "good", (json_int_t)result->good, "imported", (json_int_t)result->imported, "rejected",
        (json_int_t)import_result_rejected(result), "reasons", reasons(result), "rejected_rows", rows);
    output_json(object);
}

/* "12 rejected (3 bad-address, 9 duplicate)" */
static char *rejected_text(const ImportResult *result)
{
    GString *text = g_string_new(NULL);
    g_string_printf(text, "%" G_GINT64_FORMAT " rejected", import_result_rejected(result));
    const char *before = " (";
    for (int kind = REJECTION_NONE + 1; kind < REJECTION_KIND_COUNT; kind++)
        if (result->rejected[kind]) {
            g_string_append_printf(text, "%s%" G_GINT64_FORMAT " %s", before, result->rejected[kind],
                                   rejection_kind_word((RejectionKind)kind));
            before = ", ";
        }
    if (before[0] == ',')
        g_string_append_c(text, ')');
    return g_string_free(text, FALSE);
}

static void print_text(const ImportJob *job, const ImportResult *result, double seconds)
{
    const char *slug = job->terms->list->slug;
    const char *done = job->terms->kind == CONSENT_INVITED ? "asked to confirm for" : "imported to";
    g_autofree char *rest = rejected_text(result);
    if (result->rows == 0) {
        printf("%s: no rows below the titles; there is nobody to import.\n", job->file_name);
        return;
    }
    printf("%s: %" G_GINT64_FORMAT " %s, ", job->file_name, result->rows, result->rows == 1 ? "row" : "rows");
    if (job->dry_run) {
        bool all_or_nothing = !job->keep_going && import_result_rejected(result) > 0;
        printf("%" G_GINT64_FORMAT " good, %s. Nothing was changed; %s for list %s.\n", result->good, rest,
               all_or_nothing ? "without --keep-going nothing would be done" : "these good rows would be taken", slug);
    } else if (result->imported == 0 && import_result_rejected(result) > 0) {
        printf("%" G_GINT64_FORMAT " good, %s. Nothing was imported%s.\n", result->good, rest,
               result->good ? "; correct the rows, or take the good ones with --keep-going" : "");
    } else {
        printf("%" G_GINT64_FORMAT " %s list %s, %s, in %.1f seconds.\n", result->imported, done, slug, rest, seconds);
    }
}

static int exit_code(const ImportJob *job, const ImportResult *result)
{
    bool would = job->dry_run && (job->keep_going || import_result_rejected(result) == 0) && result->good > 0;
    return would || result->imported > 0 || import_result_rejected(result) == 0 ? EXIT_GOOD : EXIT_WRONG;
}

/* Told once, whatever was written before it. */
static int tell_failure(const ImportJob *job, const ImportResult *result, const char *path, const GError *error)
{
    int code = error->domain == IMPORT_ERROR ? EXIT_USAGE : EXIT_FAULT;
    if (result->imported > 0)
        return command_fail(&command_subscriber, code,
                            "%s: %s. %" G_GINT64_FORMAT " rows were imported before that; run the same command again "
                            "for the rest",
                            path, error->message, result->imported);
    return command_fail(&command_subscriber, code, "%s: %s. Nothing was %s", path, error->message,
                        job->dry_run ? "changed" : "imported");
}

static int import_people(const SubscriberCall *call, ImportJob *job, const char *path)
{
    g_autoptr(GError) error = NULL;
    ImportResult result;
    Show show = {.file = job->file_name, .rows = call->common.json ? json_array() : NULL};
    job->watch = (ImportWatch){staged, advanced, rejected, &show};
    int64_t began_at = clock_monotonic();
    bool done = import_run(call->context.db, job, clock_now(), &result, &error);
    progress_end(show.progress);
    if (result.imported > 0 && job->terms->kind == CONSENT_INVITED)
        wake_role(&call->context.settings->files, "send");
    int code = done ? exit_code(job, &result) : tell_failure(job, &result, path, error);
    if (done && show.rows)
        print_json(job, &result, show.rows);
    else if (done)
        print_text(job, &result, (double)(clock_monotonic() - began_at) / (double)SECOND_US);
    json_decref(show.rows);
    return code;
}

/* -1 after it has said why. */
static int open_file(const char *path)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        command_fail(&command_subscriber, EXIT_USAGE, "%s: %s", path, g_strerror(errno));
    } else if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        command_fail(&command_subscriber, EXIT_USAGE, "%s: not a file; it is read twice, so a pipe will not do", path);
        close(fd);
        fd = -1;
    }
    return fd;
}

/* As it stands in the proof: the name without folders, on one line. */
static char *proof_name(const char *path)
{
    g_autofree char *name = g_path_get_basename(path);
    return output_clean(name);
}

int subscriber_import(const SubscriberCall *call, const char *path)
{
    int code = EXIT_GOOD;
    g_autofree char *actor = actor_name(), *name = proof_name(path);
    AdmissionTerms terms;
    g_autoptr(MailingList) list = subscriber_call_list(call, &code);
    if (!list || (code = subscriber_call_terms(call, list, CONSENT_IMPORTED, actor, &terms)) != EXIT_GOOD)
        return code;
    if (terms.returning)
        return subscriber_usage("--returning goes with 'add': whoever left comes back one by one");
    g_autofree char *language = language_tag(call->options.language ? call->options.language : list->language);
    if (!language)
        return subscriber_usage("--language takes a tag such as de or en");
    int fd = open_file(path);
    if (fd < 0)
        return EXIT_USAGE;
    ImportJob job = {
        .fd = fd,
        .file_name = name,
        .terms = &terms,
        .language = language,
        .keep_going = call->options.keep_going,
        .dry_run = call->options.dry_run,
    };
    code = import_people(call, &job, path);
    close(fd);
    return code;
}
