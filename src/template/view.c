/* A reference-counted tree. Lists and objects own their children; JSON comes in through jansson, whose strictness (no
 * duplicate keys, no broken UTF-8, limited depth) we want. */
#include "template/view.h"

/* libraries */
#include <jansson.h>

/* rundbrief */
#include "base/limits.h"

G_DEFINE_QUARK(rundbrief_view_error, view_error)

struct View {
    int references;
    ViewKind kind;
    char *text;          /* numbers and texts */
    GPtrArray *items;    /* lists */
    GHashTable *members; /* objects: name -> View */
};

static View *view_new(ViewKind kind)
{
    View *view = g_new0(View, 1);
    view->references = 1;
    view->kind = kind;
    return view;
}

static void unref_item(gpointer view)
{
    view_unref(view);
}

static View *view_ref(View *view)
{
    view->references++;
    return view;
}

static View *view_null(void)
{
    return view_new(VIEW_NULL);
}

View *view_truth(bool value)
{
    return view_new(value ? VIEW_TRUE : VIEW_FALSE);
}

static View *view_number(int64_t value)
{
    View *view = view_new(VIEW_NUMBER);
    view->text = g_strdup_printf("%" G_GINT64_FORMAT, value);
    return view;
}

View *view_text(const char *text)
{
    View *view = view_new(VIEW_TEXT);
    view->text = g_strdup(text ? text : "");
    return view;
}

View *view_list(void)
{
    View *view = view_new(VIEW_LIST);
    view->items = g_ptr_array_new_with_free_func(unref_item);
    return view;
}

View *view_object(void)
{
    View *view = view_new(VIEW_OBJECT);
    view->members = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_item);
    return view;
}

void view_append(View *list, View *value)
{
    g_ptr_array_add(list->items, value);
}

void view_set(View *object, const char *name, View *value)
{
    g_hash_table_insert(object->members, g_strdup(name), value);
}

void view_set_text(View *object, const char *name, const char *text)
{
    view_set(object, name, view_text(text));
}

void view_merge(View *object, const View *from)
{
    GHashTableIter iter;
    gpointer name, value;
    if (from->kind != VIEW_OBJECT)
        return;
    g_hash_table_iter_init(&iter, from->members);
    while (g_hash_table_iter_next(&iter, &name, &value))
        view_set(object, name, view_ref(value));
}

static int by_name(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

const char **view_names(const View *object)
{
    guint count;
    gpointer *names = g_hash_table_get_keys_as_array(object->members, &count);
    qsort(names, count, sizeof *names, by_name);
    return (const char **)names;
}

void view_unref(View *view)
{
    if (!view || --view->references > 0)
        return;
    g_free(view->text);
    g_clear_pointer(&view->items, g_ptr_array_unref);
    g_clear_pointer(&view->members, g_hash_table_unref);
    g_free(view);
}

/* The shortest text that reads back as the same number. */
static View *view_real(double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    for (int digits = 15; digits <= 17; digits++) {
        char format[8];
        g_snprintf(format, sizeof format, "%%.%dg", digits);
        g_ascii_formatd(text, sizeof text, format, value);
        if (g_ascii_strtod(text, NULL) == value)
            break;
    }
    View *view = view_new(VIEW_NUMBER);
    view->text = g_strdup(text);
    return view;
}

static View *from_json(const json_t *json);

static View *list_from_json(const json_t *json)
{
    View *list = view_list();
    for (size_t i = 0; i < json_array_size(json); i++)
        view_append(list, from_json(json_array_get(json, i)));
    return list;
}

static View *object_from_json(json_t *json)
{
    View *object = view_object();
    const char *name;
    json_t *member;
    json_object_foreach(json, name, member) view_set(object, name, from_json(member));
    return object;
}

static View *from_json(const json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return object_from_json((json_t *)json);
    case JSON_ARRAY:
        return list_from_json(json);
    case JSON_STRING:
        return view_text(json_string_value(json));
    case JSON_INTEGER:
        return view_number(json_integer_value(json));
    case JSON_REAL:
        return view_real(json_real_value(json));
    case JSON_TRUE:
    case JSON_FALSE:
        return view_truth(json_is_true(json));
    case JSON_NULL:
        break;
    }
    return view_null();
}

View *view_from_json(const char *file, const char *text, gsize length, GError **error)
{
    if (length > LIMIT_TEMPLATE_DATA_BYTES) {
        g_set_error(error, VIEW_ERROR, VIEW_ERROR_JSON, "%s: larger than the %d bytes allowed here", file,
                    LIMIT_TEMPLATE_DATA_BYTES);
        return NULL;
    }
    json_error_t mistake;
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &mistake);
    if (!json) {
        g_set_error(error, VIEW_ERROR, VIEW_ERROR_JSON, "%s:%d: not valid JSON: %s", file, MAX(mistake.line, 1),
                    mistake.text);
        return NULL;
    }
    View *view = from_json(json);
    json_decref(json);
    return view;
}

ViewKind view_kind(const View *view)
{
    return view->kind;
}

const char *view_shown(const View *view)
{
    switch (view->kind) {
    case VIEW_NUMBER:
    case VIEW_TEXT:
        return view->text;
    case VIEW_TRUE:
        return "true";
    case VIEW_FALSE:
        return "false";
    default:
        return "";
    }
}

bool view_is_true(const View *view)
{
    switch (view->kind) {
    case VIEW_NULL:
    case VIEW_FALSE:
        return false;
    case VIEW_LIST:
        return view->items->len > 0;
    case VIEW_TEXT:
        return view->text[0] != '\0';
    default:
        return true;
    }
}

guint view_length(const View *list)
{
    return list->kind == VIEW_LIST ? list->items->len : 0;
}

const View *view_at(const View *list, guint index)
{
    return g_ptr_array_index(list->items, index);
}

const View *view_member(const View *view, const char *name)
{
    return view->kind == VIEW_OBJECT ? g_hash_table_lookup(view->members, name) : NULL;
}
