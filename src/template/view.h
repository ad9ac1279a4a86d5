#pragma once
/* The data a template may see: a tree of texts, numbers, truths, lists and objects. Built once, then never changed, so
 * that parts of it (the words of a language, say) may be shared between trees. */
#include <glib.h>
#include <stdbool.h>

#define VIEW_ERROR (view_error_quark())
GQuark view_error_quark(void);
enum { VIEW_ERROR_JSON };

typedef enum {
    VIEW_NULL,
    VIEW_FALSE,
    VIEW_TRUE,
    VIEW_NUMBER, /* kept as its text */
    VIEW_TEXT,
    VIEW_LIST,
    VIEW_OBJECT,
} ViewKind;

typedef struct View View;

View *view_truth(bool value);
View *view_text(const char *text); /* NULL reads as "" */
View *view_list(void);
View *view_object(void);

/** Adds to a list or an object while it is being built. Both take over one reference to value. A name that is there
 * already gets the new value. */
void view_append(View *list, View *value);
void view_set(View *object, const char *name, View *value);
void view_set_text(View *object, const char *name, const char *text);

/** Gives object all members of another one, in place of its own of the same names. */
void view_merge(View *object, const View *from);

/** Names of an object's members, sorted, NULL-terminated; the strings belong to the object. Caller frees the array
 * alone. */
const char **view_names(const View *object);

void view_unref(View *view); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(View, view_unref)

/** Reads JSON (any value, UTF-8, at most LIMIT_TEMPLATE_DATA_BYTES). file names it in the error. */
View *view_from_json(const char *file, const char *text, gsize length, GError **error);

ViewKind view_kind(const View *view);
/** What {{name}} shows: a text or a number as it is, "true" and "false", nothing for the rest. */
const char *view_shown(const View *view);
/** What decides a section: false, null, an empty list and an empty text are false; everything else is true. */
bool view_is_true(const View *view);
guint view_length(const View *list);
const View *view_at(const View *list, guint index);
/** NULL when view is no object or has no such member. */
const View *view_member(const View *view, const char *name);
