#pragma once
/* Mustache templates, parsed once: the whole core of the specification with inheritance and dynamic names, without
 * lambdas. Rendering is in render.h. */
#include <glib.h>
#include <stdbool.h>

#define TEMPLATE_ERROR (template_error_quark())
GQuark template_error_quark(void);
enum {
    TEMPLATE_ERROR_SYNTAX, /* the template's author made a mistake: "FILE:LINE: sentence" */
    TEMPLATE_ERROR_LIMIT,  /* too deep, too long, too many: "FILE:LINE: sentence" */
};

typedef struct Template Template;

/** Parses length bytes of UTF-8; copies them. file names the template in errors. */
Template *template_parse(const char *file, const char *text, gsize length, GError **error);

/** The same from a file of at most LIMIT_TEMPLATE_BYTES. */
Template *template_load(const char *path, GError **error);

void template_free(Template *template); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Template, template_free)
