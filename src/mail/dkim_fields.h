#pragma once
/* The header of a mail as DKIM sees it: fields in their order, each with its folds, as they stand on the line. */
#include <glib.h>
#include <stdbool.h>

typedef struct DkimField {
    const char *start;
    gsize length; /* with its folds, without the last line end */
} DkimField;

/** Fills fields (of DkimField) with those of a header with CRLF line ends. end: its last CRLF, before the empty line;
 * no NUL comes before it. They borrow the bytes. */
void dkim_fields_find(GArray *fields, const char *header, const char *end);

/** Letter case is ignored. */
bool dkim_field_has_name(const DkimField *field, const char *name);
