/* Builds the tree from the lexer's row. What the specification says of standalone tags and of the indentation of
 * partials and blocks is settled here, so that rendering only has to write the current indentation wherever a NODE_LINE
 * stands. */
#include "template/mustache.h"

/* rundbrief */
#include "base/file.h"
#include "base/limits.h"
#include "template/lexer.h"
#include "template/tree.h"

G_DEFINE_QUARK(rundbrief_template_error, template_error)

typedef struct Builder {
    GArray *lexemes;
    Span strip; /* indentation of the block argument we are in: taken off each of its lines */
} Builder;

static GArray *build(Builder *builder, guint from, guint to);

static void node_clear(gpointer data)
{
    Node *node = data;
    g_free(node->text);
    g_strfreev(node->path);
    g_free(node->indent);
    g_clear_pointer(&node->children, g_array_unref);
}

static const Lexeme *lexeme_at(const Builder *builder, guint index)
{
    return &g_array_index(builder->lexemes, Lexeme, index);
}

static gsize common_prefix(Span a, Span b)
{
    gsize length = 0;
    while (length < a.length && length < b.length && a.start[length] == b.start[length])
        length++;
    return length;
}

static Span stripped(const Builder *builder, Span span)
{
    gsize prefix = common_prefix(builder->strip, span);
    return (Span){span.start + prefix, span.length - prefix};
}

static void add_text(GArray *nodes, Span span, unsigned line)
{
    Node *last = nodes->len ? &g_array_index(nodes, Node, nodes->len - 1) : NULL;
    if (span.length == 0)
        return;
    if (!last || last->kind != NODE_TEXT) {
        Node node = {
            .kind = NODE_TEXT, .line = line, .text = g_strndup(span.start, span.length), .length = span.length};
        g_array_append_val(nodes, node);
        return;
    }
    last->text = g_realloc(last->text, last->length + span.length + 1);
    memcpy(last->text + last->length, span.start, span.length);
    last->length += span.length;
    last->text[last->length] = '\0';
}

static Node tag_node(NodeKind kind, const Lexeme *tag)
{
    Node node = {.kind = kind, .dynamic = tag->dynamic, .own_line = tag->alone, .line = tag->line};
    node.text = g_strndup(tag->span.start, tag->span.length);
    node.length = tag->span.length;
    if (!g_str_equal(node.text, "."))
        node.path = g_strsplit(node.text, ".", -1);
    return node;
}

/* How far the first line that is not blank is indented, among those that begin inside the block at `open`; for want of
 * one, how far its tag is. */
static Span block_indentation(const Builder *builder, guint open)
{
    guint close = lexeme_at(builder, open)->partner;
    for (guint i = open + 1; i < close; i++) {
        const Lexeme *lexeme = lexeme_at(builder, i);
        if (!lexeme->starts)
            continue;
        if (lexeme->kind != LEXEME_TEXT)
            return (Span){lexeme->span.start, 0};
        Span blanks = span_blanks(lexeme->span);
        bool only_blanks = blanks.length == lexeme->span.length;
        char next = only_blanks ? '\0' : lexeme->span.start[blanks.length];
        if (next == '\n' || next == '\r' || (only_blanks && i + 1 == close))
            continue;
        return blanks;
    }
    return lexeme_at(builder, open)->indent;
}

static Node build_block(Builder *builder, guint open, bool is_argument)
{
    const Lexeme *tag = lexeme_at(builder, open);
    Span indentation = tag->alone ? block_indentation(builder, open) : tag->indent;
    Node node = tag_node(NODE_BLOCK, tag);
    Span outer = builder->strip, relative = stripped(builder, indentation);
    node.indent = g_strndup(relative.start, relative.length);
    if (is_argument)
        builder->strip = tag->alone ? indentation : (Span){NULL, 0};
    node.children = build(builder, open + 1, tag->partner);
    builder->strip = outer;
    return node;
}

/* Of what stands inside a parent only the blocks count. */
static GArray *build_arguments(Builder *builder, guint open)
{
    GArray *blocks = g_array_new(FALSE, FALSE, sizeof(Node));
    g_array_set_clear_func(blocks, node_clear);
    guint close = lexeme_at(builder, open)->partner;
    for (guint i = open + 1; i < close; i++) {
        const Lexeme *lexeme = lexeme_at(builder, i);
        if (lexeme->kind == LEXEME_BLOCK) {
            Node block = build_block(builder, i, true);
            g_array_append_val(blocks, block);
        }
        if (lexeme->partner > i)
            i = lexeme->partner;
    }
    return blocks;
}

static void add_inclusion(Builder *builder, GArray *nodes, guint index, NodeKind kind)
{
    const Lexeme *tag = lexeme_at(builder, index);
    Node node = tag_node(kind, tag);
    Span indent = tag->alone ? stripped(builder, tag->indent) : (Span){"", 0};
    node.indent = g_strndup(indent.start, indent.length);
    if (kind == NODE_PARENT)
        node.children = build_arguments(builder, index);
    g_array_append_val(nodes, node);
}

static void add_value(GArray *nodes, const Lexeme *tag)
{
    Node node = tag_node(NODE_VALUE, tag);
    node.raw = tag->kind == LEXEME_RAW;
    g_array_append_val(nodes, node);
}

static void add_section(Builder *builder, GArray *nodes, guint index)
{
    const Lexeme *tag = lexeme_at(builder, index);
    Node node = tag_node(tag->kind == LEXEME_SECTION ? NODE_SECTION : NODE_INVERTED, tag);
    node.children = build(builder, index + 1, tag->partner);
    g_array_append_val(nodes, node);
}

static void begin_line(GArray *nodes, const Lexeme *lexeme)
{
    Node line = {.kind = NODE_LINE, .line = lexeme->line};
    g_array_append_val(nodes, line);
}

static bool line_is_kept(const Lexeme *lexeme)
{
    return lexeme->starts && !lexeme->gone && !lexeme->alone;
}

/* Adds the node for one lexeme; returns the index of the last lexeme that is part of it. */
static guint add_node(Builder *builder, GArray *nodes, guint index)
{
    const Lexeme *lexeme = lexeme_at(builder, index);
    switch (lexeme->kind) {
    case LEXEME_TEXT:
        if (!lexeme->gone)
            add_text(nodes, lexeme->starts ? stripped(builder, lexeme->span) : lexeme->span, lexeme->line);
        break;
    case LEXEME_VALUE:
    case LEXEME_RAW:
        add_value(nodes, lexeme);
        break;
    case LEXEME_SECTION:
    case LEXEME_INVERTED:
        add_section(builder, nodes, index);
        return lexeme->partner;
    case LEXEME_PARTIAL:
        add_inclusion(builder, nodes, index, NODE_PARTIAL);
        break;
    case LEXEME_PARENT:
        add_inclusion(builder, nodes, index, NODE_PARENT);
        return lexeme->partner;
    case LEXEME_BLOCK: {
        Node node = build_block(builder, index, false);
        g_array_append_val(nodes, node);
        return lexeme->partner;
    }
    case LEXEME_CLOSE:
    case LEXEME_SILENT:
        break;
    }
    return index;
}

/* Recursion is bounded: the lexer allows LIMIT_TEMPLATE_NESTING sections within each other. */
static GArray *build(Builder *builder, guint from, guint to)
{
    GArray *nodes = g_array_new(FALSE, FALSE, sizeof(Node));
    g_array_set_clear_func(nodes, node_clear);
    for (guint i = from; i < to; i++) {
        if (line_is_kept(lexeme_at(builder, i)))
            begin_line(nodes, lexeme_at(builder, i));
        i = add_node(builder, nodes, i);
    }
    /* A closing tag that begins a line takes the line's indentation inside with it. */
    if (to < builder->lexemes->len && line_is_kept(lexeme_at(builder, to)))
        begin_line(nodes, lexeme_at(builder, to));
    return nodes;
}

Template *template_parse(const char *file, const char *text, gsize length, GError **error)
{
    const char *bad;
    if (!g_utf8_validate(text, (gssize)length, &bad)) {
        unsigned line = 1;
        for (const char *p = text; p < bad; p++)
            line += *p == '\n';
        g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_SYNTAX, "%s:%u: not UTF-8 text", file, line);
        return NULL;
    }
    g_autoptr(GArray) lexemes = g_array_new(FALSE, FALSE, sizeof(Lexeme));
    if (!lexer_run(file, text, length, lexemes, error))
        return NULL;
    Builder builder = {.lexemes = lexemes};
    Template *template = g_new0(Template, 1);
    template->file = g_strdup(file);
    template->nodes = build(&builder, 0, lexemes->len);
    return template;
}

Template *template_load(const char *path, GError **error)
{
    gsize length;
    g_autofree char *text = file_read_whole(path, LIMIT_TEMPLATE_BYTES, &length, error);
    return text ? template_parse(path, text, length, error) : NULL;
}

void template_free(Template *template)
{
    if (!template)
        return;
    g_free(template->file);
    g_array_unref(template->nodes);
    g_free(template);
}
