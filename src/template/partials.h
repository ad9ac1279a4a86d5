#pragma once
/* Where partials and parents come from: a folder, each file read and parsed once. */
#include "template/mustache.h"

typedef struct Partials Partials;

/** {{>name}} is DIR/name + the first of the suffixes (NULL-terminated) that exists. strict: a missing one is a mistake
 * of the template; otherwise it is empty, as the specification wants. */
Partials *partials_new(const char *dir, const char *const suffixes[], bool strict);
void partials_free(Partials *partials); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Partials, partials_free)

/** Parses a template that is in no file (tests). Takes over template. */
void partials_add(Partials *partials, const char *name, Template *template);

/** Finds one. Returns false only on an error; *ret is NULL for a partial that is missing and may be. Names with '/' and
 * names that begin with '.' are never found: data may choose a name. */
bool partials_get(Partials *partials, const char *name, const Template **ret, GError **error);

/** Is a missing one a mistake? */
bool partials_strict(const Partials *partials);
