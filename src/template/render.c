/* Walks a parsed template and writes a residual program; rendering in full is the case without personal names.
 * Everything that depends on a file, on data or on a template's author is bounded: depth, number of nodes walked, size
 * of the output. */
#include "template/render.h"

/* rundbrief */
#include "base/limits.h"
#include "template/tree.h"

#define NO_SLOT UINT_MAX

/* What a name stands for: a view, or a personal value that is not known yet, or nothing. */
typedef struct Value {
    const View *view;
    guint slot;
} Value;

/* The contexts in which a name is looked up, innermost first. */
typedef struct Scope {
    const struct Scope *outer;
    Value value;
} Scope;

/* The blocks that the parents around us were given, innermost first. */
typedef struct Arguments {
    const struct Arguments *outer;
    const GArray *blocks; /* of Node */
    const Template *template;
} Arguments;

typedef struct Place {
    const Template *template;
    const Scope *scope;
    const Arguments *arguments;
    const char *indent;
    int depth;
} Place;

typedef struct Renderer {
    Residual *residual;
    const char *const *personal;
    Partials *partials;
    int64_t steps;
    GError **error;
} Renderer;

static bool render_nodes(Renderer *renderer, const GArray *nodes, guint from, const Place *place);

static bool fail(Renderer *renderer, int code, const Place *place, const Node *node, const char *format, ...)
    G_GNUC_PRINTF(5, 6);
static bool fail(Renderer *renderer, int code, const Place *place, const Node *node, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *sentence = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(renderer->error, TEMPLATE_ERROR, code, "%s:%u: %s", place->template->file, node->line, sentence);
    return false;
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

static const Value nothing = {NULL, NO_SLOT};

static guint personal_slot(const Renderer *renderer, const char *name)
{
    for (guint i = 0; renderer->personal && renderer->personal[i]; i++)
        if (strcmp(renderer->personal[i], name) == 0)
            return i;
    return NO_SLOT;
}

static Value look_up_first(const Renderer *renderer, const Scope *scope, const char *name)
{
    for (; scope; scope = scope->outer) {
        guint slot = scope->outer ? NO_SLOT : personal_slot(renderer, name);
        if (slot != NO_SLOT)
            return (Value){NULL, slot};
        const View *member = scope->value.view ? view_member(scope->value.view, name) : NULL;
        if (member)
            return (Value){member, NO_SLOT};
    }
    return nothing;
}

/* Only the first part of a dotted name is searched for; the rest leads inward from there. */
static Value look_up(const Renderer *renderer, const Scope *scope, char **path)
{
    if (!path)
        return scope->value;
    Value value = look_up_first(renderer, scope, path[0]);
    for (char **name = path + 1; *name; name++)
        value = (Value){value.view ? view_member(value.view, *name) : NULL, NO_SLOT};
    return value;
}

/* ---- output ------------------------------------------------------------------------------------------------------ */

static ResidualPiece *add_piece(Renderer *renderer, ResidualKind kind, guint slot)
{
    ResidualPiece piece = {.kind = kind, .slot = slot, .offset = renderer->residual->text->len};
    g_array_append_val(renderer->residual->pieces, piece);
    return &g_array_index(renderer->residual->pieces, ResidualPiece, renderer->residual->pieces->len - 1);
}

static bool add_text(Renderer *renderer, bool escaped, bool raw, const char *text, gsize length, const Place *place,
                     const Node *node)
{
    GString *bytes = renderer->residual->text;
    GArray *pieces = renderer->residual->pieces;
    gsize before = bytes->len;
    if (length > LIMIT_RENDERED_BYTES - before)
        return fail(renderer, TEMPLATE_ERROR_LIMIT, place, node, "more than %d bytes of output", LIMIT_RENDERED_BYTES);
    if (escaped)
        escape_append(bytes, renderer->residual->escape, raw, text, length);
    else
        g_string_append_len(bytes, text, (gssize)length);
    if (bytes->len > LIMIT_RENDERED_BYTES)
        return fail(renderer, TEMPLATE_ERROR_LIMIT, place, node, "more than %d bytes of output", LIMIT_RENDERED_BYTES);
    if (bytes->len == before)
        return true;
    ResidualPiece *last = pieces->len ? &g_array_index(pieces, ResidualPiece, pieces->len - 1) : NULL;
    if (!last || last->kind != RESIDUAL_TEXT) {
        last = add_piece(renderer, RESIDUAL_TEXT, 0);
        last->offset = before;
    }
    last->length += bytes->len - before;
    return true;
}

/* ---- nodes ------------------------------------------------------------------------------------------------------- */

static bool render_value(Renderer *renderer, const Node *node, const Place *place)
{
    Value value = look_up(renderer, place->scope, node->path);
    if (value.slot != NO_SLOT) {
        add_piece(renderer, RESIDUAL_SLOT, value.slot)->raw = node->raw;
        return true;
    }
    if (!value.view)
        return true;
    const char *shown = view_shown(value.view);
    return add_text(renderer, true, node->raw, shown, strlen(shown), place, node);
}

static bool render_with(Renderer *renderer, const Node *node, const Place *place, Value value)
{
    Scope scope = {.outer = place->scope, .value = value};
    Place inside = *place;
    inside.scope = &scope;
    return render_nodes(renderer, node->children, 0, &inside);
}

static bool render_personal_section(Renderer *renderer, const Node *node, const Place *place, Value value)
{
    bool inverted = node->kind == NODE_INVERTED;
    add_piece(renderer, inverted ? RESIDUAL_UNLESS : RESIDUAL_WHEN, value.slot);
    bool good = inverted ? render_nodes(renderer, node->children, 0, place) : render_with(renderer, node, place, value);
    add_piece(renderer, RESIDUAL_END, value.slot);
    return good;
}

static bool render_section(Renderer *renderer, const Node *node, const Place *place)
{
    Value value = look_up(renderer, place->scope, node->path);
    if (value.slot != NO_SLOT)
        return render_personal_section(renderer, node, place, value);
    bool is_true = value.view && view_is_true(value.view);
    if (node->kind == NODE_INVERTED)
        return is_true || render_nodes(renderer, node->children, 0, place);
    if (!is_true)
        return true;
    if (view_kind(value.view) != VIEW_LIST)
        return render_with(renderer, node, place, value);
    for (guint i = 0; i < view_length(value.view); i++)
        if (!render_with(renderer, node, place, (Value){view_at(value.view, i), NO_SLOT}))
            return false;
    return true;
}

/* *ret_name stays NULL for a dynamic name that leads to nothing. */
static bool inclusion_name(Renderer *renderer, const Node *node, const Place *place, const char **ret_name)
{
    *ret_name = node->text;
    if (!node->dynamic)
        return true;
    Value value = look_up(renderer, place->scope, node->path);
    if (value.slot != NO_SLOT)
        return fail(renderer, TEMPLATE_ERROR_SYNTAX, place, node,
                    "“%s” is different for each recipient and cannot choose a partial", node->text);
    *ret_name = value.view && view_kind(value.view) == VIEW_TEXT ? view_shown(value.view) : NULL;
    return true;
}

static bool find_inclusion(Renderer *renderer, const Node *node, const Place *place, const Template **ret)
{
    const char *name;
    *ret = NULL;
    if (!inclusion_name(renderer, node, place, &name))
        return false;
    if (!renderer->partials || !name)
        return true;
    if (!partials_get(renderer->partials, name, ret, renderer->error))
        return false;
    if (!*ret && partials_strict(renderer->partials))
        return fail(renderer, TEMPLATE_ERROR_SYNTAX, place, node, "there is no partial “%s”", name);
    return true;
}

static bool go_deeper(Renderer *renderer, const Node *node, Place *place)
{
    if (++place->depth > LIMIT_TEMPLATE_DEPTH)
        return fail(renderer, TEMPLATE_ERROR_LIMIT, place, node, "more than %d partials within each other",
                    LIMIT_TEMPLATE_DEPTH);
    return true;
}

/* A partial on a line of its own is indented with it; the lines of one in the middle of a line are not. */
static bool render_inclusion(Renderer *renderer, const Node *node, const Place *place)
{
    Place inside = *place;
    const Template *found;
    if (!go_deeper(renderer, node, &inside) || !find_inclusion(renderer, node, place, &found))
        return false;
    if (!found)
        return true;
    Arguments arguments = {.outer = place->arguments, .blocks = node->children, .template = place->template};
    if (node->kind == NODE_PARENT)
        inside.arguments = &arguments;
    g_autofree char *indent = node->own_line ? g_strconcat(place->indent, node->indent, NULL) : g_strdup("");
    inside.indent = indent;
    inside.template = found;
    return render_nodes(renderer, found->nodes, 0, &inside);
}

/* The outermost parent that was given this block decides. */
static const Node *find_argument(const Arguments *arguments, const char *name, const Arguments **ret_giver)
{
    const Node *found = NULL;
    for (; arguments; arguments = arguments->outer)
        for (guint i = 0; i < arguments->blocks->len; i++) {
            const Node *block = &g_array_index(arguments->blocks, Node, i);
            if (g_str_equal(block->text, name)) {
                found = block;
                *ret_giver = arguments;
            }
        }
    return found;
}

/* Text that began behind its opening tag may come to stand on a line of its own, and the other way round. */
static bool fit_first_line(Renderer *renderer, const Node *block, const Node *argument, const Place *place,
                           guint *ret_from)
{
    const GArray *nodes = argument->children;
    bool begins_line = nodes->len > 0 && g_array_index(nodes, Node, 0).kind == NODE_LINE;
    *ret_from = begins_line && !block->own_line ? 1 : 0;
    if (begins_line || !block->own_line || argument->own_line || nodes->len == 0)
        return true;
    return add_text(renderer, false, false, place->indent, strlen(place->indent), place, block);
}

static bool render_block(Renderer *renderer, const Node *node, const Place *place)
{
    const Arguments *giver = NULL;
    const Node *argument = find_argument(place->arguments, node->text, &giver);
    Place inside = *place;
    if (!argument)
        return render_nodes(renderer, node->children, 0, place);
    if (!go_deeper(renderer, node, &inside))
        return false;
    /* The argument belongs to the template that gave it: only parents around that one may replace blocks in it. */
    inside.arguments = giver->outer;
    inside.template = giver->template;
    g_autofree char *indent = g_strconcat(place->indent, node->indent, NULL);
    inside.indent = indent;
    guint from;
    return fit_first_line(renderer, node, argument, &inside, &from) &&
           render_nodes(renderer, argument->children, from, &inside);
}

static bool render_node(Renderer *renderer, const Node *node, const Place *place)
{
    switch (node->kind) {
    case NODE_LINE:
        return add_text(renderer, false, false, place->indent, strlen(place->indent), place, node);
    case NODE_TEXT:
        return add_text(renderer, false, false, node->text, node->length, place, node);
    case NODE_VALUE:
        return render_value(renderer, node, place);
    case NODE_SECTION:
    case NODE_INVERTED:
        return render_section(renderer, node, place);
    case NODE_PARTIAL:
    case NODE_PARENT:
        return render_inclusion(renderer, node, place);
    case NODE_BLOCK:
        return render_block(renderer, node, place);
    }
    return true;
}

static bool render_nodes(Renderer *renderer, const GArray *nodes, guint from, const Place *place)
{
    for (guint i = from; i < nodes->len; i++) {
        const Node *node = &g_array_index(nodes, Node, i);
        if (++renderer->steps > LIMIT_TEMPLATE_STEPS)
            return fail(renderer, TEMPLATE_ERROR_LIMIT, place, node,
                        "more than %d steps: a list is too long for this template", LIMIT_TEMPLATE_STEPS);
        if (!render_node(renderer, node, place))
            return false;
    }
    return true;
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

Residual *template_reduce(const Template *template, const View *data, const char *const personal[], Partials *partials,
                          Escape escape, GError **error)
{
    g_autoptr(Residual) residual = g_new0(Residual, 1);
    residual->text = g_string_new(NULL);
    residual->pieces = g_array_new(FALSE, FALSE, sizeof(ResidualPiece));
    residual->escape = escape;
    Renderer renderer = {.residual = residual, .personal = personal, .partials = partials, .error = error};
    Scope scope = {.outer = NULL, .value = {data, NO_SLOT}};
    Place place = {.template = template, .scope = &scope, .indent = ""};
    if (!render_nodes(&renderer, template->nodes, 0, &place))
        return NULL;
    return g_steal_pointer(&residual);
}

bool template_render(const Template *template, const View *data, Partials *partials, Escape escape, GString *out,
                     GError **error)
{
    g_autoptr(Residual) residual = template_reduce(template, data, NULL, partials, escape, error);
    if (!residual)
        return false;
    g_string_append_len(out, residual->text->str, (gssize)residual->text->len);
    return true;
}
