#pragma once
/* One row of an import file -> a candidate, or the reason why not. Knows the file, not the database. */
#include <stdbool.h>

#include "base/token.h"
#include "subscribers/candidate.h"
#include "subscribers/columns.h"
#include "subscribers/rejection.h"

/** False: ret is empty and rejection says why. language: of rows that name none. */
bool import_row_read(const Columns *columns, const CsvRow *row, const Keyring *keyring, const char *language,
                     Candidate *ret, Rejection *rejection);
