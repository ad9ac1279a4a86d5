#pragma once
/* A file of people onto a list. All or nothing: every row is checked first, then all are written in one transaction;
 * or, with keep_going, the good rows in small transactions, so that nobody else waits for the database. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"
#include "subscribers/admission.h"
#include "subscribers/rejection.h"

#define IMPORT_ERROR (import_error_quark())
GQuark import_error_quark(void);
enum {
    IMPORT_ERROR_FILE, /* the file as a whole cannot be imported; the sentence says why. Nothing was changed */
};

/** What the caller may want to tell meanwhile; each may be NULL. */
typedef struct ImportWatch {
    void (*staged)(void *data, const char *what,
                   int64_t lines); /* "Checking", "Importing": so many lines to go through */
    void (*advanced)(void *data, int64_t lines);
    void (*rejected)(void *data, unsigned line, const Rejection *rejection);
    void *data;
} ImportWatch;

typedef struct ImportJob {
    int fd;                /* of a file (not a pipe: it is read twice); borrowed */
    const char *file_name; /* as it stands in the proof, without folders */
    const AdmissionTerms *terms;
    const char *language; /* of rows that name none */
    bool keep_going;
    bool dry_run; /* reads the database, changes nothing */
    ImportWatch watch;
} ImportJob;

typedef struct ImportResult {
    int64_t rows;     /* read, without header and blank lines */
    int64_t good;     /* of them, those that may come */
    int64_t imported; /* written */
    int64_t rejected[REJECTION_KIND_COUNT];
} ImportResult;

int64_t import_result_rejected(const ImportResult *result); /* all kinds together */

/** True when the file was gone through, whatever was rejected. False: IMPORT_ERROR_FILE or a database error; then
 * ret->imported still says how many rows were written before it. */
bool import_run(Db *db, const ImportJob *job, int64_t now, ImportResult *ret, GError **error);
