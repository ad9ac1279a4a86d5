#pragma once
/* The header of a received mail: its fields in order, raw and decoded. Tolerant: what is no field is passed over. */
#include <glib.h>
#include <stdbool.h>

typedef struct Fields Fields;

/** Reads lines (ended by LF) up to the first empty one; *ret_end is the offset behind it (may be NULL). A block over
 * LIMIT_HEADER_BLOCK_BYTES is cut. The bytes are copied. */
Fields *fields_parse(const char *bytes, gsize length, gsize *ret_end);
/** True when a header may begin here: the first line looks like a field, or is empty. */
bool fields_begin(const char *bytes, gsize length);
void fields_free(Fields *fields); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fields, fields_free)

/** The n-th (from 0) field of that name, letter case ignored: its value unfolded, bytes as they came. NULL: no such
 * field. */
const char *fields_raw(const Fields *fields, const char *name, guint n);

/** The first such field's value as readable UTF-8 on one line (RFC 2047 decoded); "" when there is none. */
const char *fields_text(Fields *fields, const char *name);

bool fields_has(const Fields *fields, const char *name);
