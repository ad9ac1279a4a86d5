/* Parses with cmark-gfm, makes the tree fit for a mail (no raw HTML, no images, safe links, lower headings), then lets
 * cmark write HTML or walks the tree itself for plain text. */
#include "template/markdown.h"

/* libraries */
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

/* rundbrief */
#include "base/limits.h"
#include "template/wrap.h"

G_DEFINE_QUARK(rundbrief_markdown_error, markdown_error)

#define TEXT_WIDTH  72
#define TOP_HEADING 2 /* h1 is the headline of the letter around the text */

typedef cmark_node MarkdownTree;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MarkdownTree, cmark_node_free)

/* ---- the tree ---------------------------------------------------------------------------------------------------- */

static MarkdownTree *parse(const char *markdown)
{
    static const char *const extensions[] = {"table", "strikethrough", "autolink"};
    cmark_gfm_core_extensions_ensure_registered();
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8);
    for (gsize i = 0; i < G_N_ELEMENTS(extensions); i++)
        cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(extensions[i]));
    cmark_parser_feed(parser, markdown, strlen(markdown));
    cmark_node *tree = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    return tree;
}

/* The extensions' node types are known by name only. */
static bool is_extension(cmark_node *node, const char *type)
{
    return g_str_equal(cmark_node_get_type_string(node), type);
}

static bool link_is_allowed(const char *url)
{
    static const char *const schemes[] = {"http://", "https://", "mailto:", "tel:"};
    for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++)
        if (g_ascii_strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
            return true;
    return false;
}

static void replace_by_children(cmark_node *node)
{
    cmark_node *child;
    while ((child = cmark_node_first_child(node)))
        cmark_node_insert_before(node, child);
    cmark_node_unlink(node);
    cmark_node_free(node);
}

static cmark_node *new_text(const char *literal)
{
    cmark_node *text = cmark_node_new(CMARK_NODE_TEXT);
    cmark_node_set_literal(text, literal);
    return text;
}

static void replace_by_text(cmark_node *node, bool is_block)
{
    g_autofree char *literal = g_strdup(cmark_node_get_literal(node));
    cmark_node *instead = new_text(g_strchomp(literal));
    if (is_block) {
        cmark_node *paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
        cmark_node_append_child(paragraph, instead);
        instead = paragraph;
    }
    cmark_node_replace(node, instead);
    cmark_node_free(node);
}

/* An image becomes a link to it: nothing is loaded from afar when a mail is opened. */
static void replace_by_link(cmark_node *image)
{
    cmark_node *link = cmark_node_new(CMARK_NODE_LINK), *child;
    cmark_node_set_url(link, cmark_node_get_url(image));
    while ((child = cmark_node_first_child(image)))
        cmark_node_append_child(link, child);
    cmark_node_replace(image, link);
    cmark_node_free(image);
}

static void tidy_node(cmark_node *node, int shift)
{
    cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_HEADING)
        cmark_node_set_heading_level(node, MIN(cmark_node_get_heading_level(node) + shift, 6));
    else if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE)
        replace_by_text(node, type == CMARK_NODE_HTML_BLOCK);
    else if ((type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE) && !link_is_allowed(cmark_node_get_url(node)))
        replace_by_children(node);
    else if (type == CMARK_NODE_IMAGE)
        replace_by_link(node);
}

/* All nodes, outer ones before inner ones; *ret_top is the highest heading. */
static GPtrArray *collect(cmark_node *tree, int *ret_top, int *ret_depth)
{
    GPtrArray *nodes = g_ptr_array_new();
    cmark_iter *iter = cmark_iter_new(tree);
    int depth = 0;
    *ret_top = 6;
    *ret_depth = 0;
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_node_first_child(node))
            depth += event == CMARK_EVENT_ENTER ? 1 : -1;
        *ret_depth = MAX(*ret_depth, depth);
        if (event == CMARK_EVENT_ENTER)
            g_ptr_array_add(nodes, node);
        if (cmark_node_get_type(node) == CMARK_NODE_HEADING)
            *ret_top = MIN(*ret_top, cmark_node_get_heading_level(node));
    }
    cmark_iter_free(iter);
    return nodes;
}

static void add_opening(cmark_node *tree, const char *opening)
{
    cmark_node *first = cmark_node_first_child(tree);
    if (!first || cmark_node_get_type(first) != CMARK_NODE_PARAGRAPH) {
        cmark_node *paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
        cmark_node_prepend_child(tree, paragraph);
        first = paragraph;
    }
    cmark_node *strong = cmark_node_new(CMARK_NODE_STRONG);
    cmark_node_append_child(strong, new_text(opening));
    if (cmark_node_first_child(first))
        cmark_node_prepend_child(first, new_text(" "));
    cmark_node_prepend_child(first, strong);
}

static MarkdownTree *parse_for_mail(const char *markdown, const char *opening, GError **error)
{
    if (strlen(markdown) > LIMIT_MARKDOWN_BYTES) {
        g_set_error(error, MARKDOWN_ERROR, MARKDOWN_ERROR_LIMIT, "the text is longer than %d bytes",
                    LIMIT_MARKDOWN_BYTES);
        return NULL;
    }
    g_autoptr(MarkdownTree) tree = parse(markdown);
    int top, depth;
    g_autoptr(GPtrArray) nodes = collect(tree, &top, &depth);
    if (depth > LIMIT_MARKDOWN_DEPTH) {
        g_set_error(error, MARKDOWN_ERROR, MARKDOWN_ERROR_LIMIT,
                    "lists, quotes or emphasis stand more than %d deep within each other", LIMIT_MARKDOWN_DEPTH);
        return NULL;
    }
    for (guint i = nodes->len; i > 0; i--)
        tidy_node(nodes->pdata[i - 1], TOP_HEADING - top);
    if (opening && opening[0])
        add_opening(tree, opening);
    return g_steal_pointer(&tree);
}

/* A table wider than a phone is moved sideways by itself, instead of the whole letter. */
static void frame_tables(cmark_node *tree)
{
    g_autoptr(GPtrArray) tables = g_ptr_array_new();
    cmark_iter *iter = cmark_iter_new(tree);
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;)
        if (event == CMARK_EVENT_ENTER && is_extension(cmark_iter_get_node(iter), "table"))
            g_ptr_array_add(tables, cmark_iter_get_node(iter));
    cmark_iter_free(iter);
    for (guint i = 0; i < tables->len; i++) {
        cmark_node *frame = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK);
        cmark_node_set_on_enter(frame, "<div class=\"wide\" style=\"overflow-x:auto\">");
        cmark_node_set_on_exit(frame, "</div>");
        cmark_node_replace(tables->pdata[i], frame);
        cmark_node_append_child(frame, tables->pdata[i]);
    }
}

char *markdown_to_html(const char *markdown, const char *opening, GError **error)
{
    g_autoptr(MarkdownTree) tree = parse_for_mail(markdown, opening, error);
    if (!tree)
        return NULL;
    frame_tables(tree);
    char *html = cmark_render_html(tree, CMARK_OPT_DEFAULT, NULL);
    char *copy = g_strdup(html);
    free(html);
    return copy;
}

/* ---- plain text: inside a paragraph ------------------------------------------------------------------------------ */

static void append_inlines(GString *out, cmark_node *parent);

/* "Amt <https://amt.example/>", but the address alone where the text says the same. */
static void append_link(GString *out, cmark_node *link)
{
    g_autoptr(GString) text = g_string_new(NULL);
    append_inlines(text, link);
    const char *url = cmark_node_get_url(link), *bare = url;
    if (g_str_has_prefix(url, "mailto:") || g_str_has_prefix(url, "tel:"))
        bare = strchr(url, ':') + 1;
    else if (g_str_has_prefix(url, "http://") && !g_str_has_prefix(text->str, "http"))
        bare = url + strlen("http://");
    if (text->len == 0)
        g_string_append(out, bare);
    else if (g_str_equal(text->str, url) || g_str_equal(text->str, bare))
        g_string_append(out, text->str);
    else
        g_string_append_printf(out, "%s <%s>", text->str, bare);
}

static void append_inline(GString *out, cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    switch ((int)type) {
    case CMARK_NODE_TEXT:
    case CMARK_NODE_CODE:
        g_string_append(out, cmark_node_get_literal(node));
        return;
    case CMARK_NODE_SOFTBREAK:
        g_string_append_c(out, ' ');
        return;
    case CMARK_NODE_LINEBREAK:
        g_string_append_c(out, '\n');
        return;
    case CMARK_NODE_LINK:
        append_link(out, node);
        return;
    default:
        break;
    }
    const char *mark = is_extension(node, "strikethrough") ? "~~" : ""; /* struck out must not read as still valid */
    g_string_append(out, mark);
    append_inlines(out, node);
    g_string_append(out, mark);
}

static void append_inlines(GString *out, cmark_node *parent)
{
    for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node))
        append_inline(out, node);
}

static char *inlines_text(cmark_node *parent)
{
    GString *text = g_string_new(NULL);
    append_inlines(text, parent);
    return g_string_free(text, FALSE);
}

/* ---- plain text: blocks ------------------------------------------------------------------------------------------ */

/* Blocks begin each line with what surrounds them: quote marks, the room of a list's numbers. */
typedef struct Margin {
    const char *first; /* of the next line */
    const char *rest;
    int width; /* of a line with its margin */
} Margin;

static void append_blocks(GString *out, cmark_node *parent, Margin margin, bool tight);

static void append_heading(GString *out, cmark_node *heading, Margin margin)
{
    g_autofree char *text = inlines_text(heading);
    wrap_append(out, text, margin.first, margin.rest, margin.width);
    if (cmark_node_get_heading_level(heading) > TOP_HEADING)
        return;
    int room = margin.width - display_width(margin.rest);
    g_autofree char *underline = g_strnfill((gsize)CLAMP(display_width(text), 1, MAX(room, 1)), '-');
    line_append(out, margin.rest, underline);
}

static void append_code(GString *out, cmark_node *code, Margin margin)
{
    g_autofree char *literal = g_strchomp(g_strdup(cmark_node_get_literal(code)));
    g_auto(GStrv) lines = g_strsplit(literal, "\n", -1);
    const char *lead = margin.first;
    for (char **line = lines; *line; line++, lead = margin.rest) {
        g_autofree char *indented = g_strconcat("    ", *line, NULL);
        line_append(out, lead, indented);
    }
}

static void append_list(GString *out, cmark_node *list, Margin margin)
{
    bool tight = cmark_node_get_list_tight(list), ordered = cmark_node_get_list_type(list) == CMARK_ORDERED_LIST;
    int number = cmark_node_get_list_start(list);
    for (cmark_node *item = cmark_node_first_child(list); item; item = cmark_node_next(item), number++) {
        g_autofree char *bullet = ordered ? g_strdup_printf("%d. ", number) : g_strdup("- ");
        g_autofree char *room = g_strnfill(strlen(bullet), ' ');
        g_autofree char *first = g_strconcat(margin.first, bullet, NULL);
        g_autofree char *rest = g_strconcat(margin.rest, room, NULL);
        if (!cmark_node_first_child(item))
            line_append(out, first, "");
        append_blocks(out, item, (Margin){first, rest, margin.width}, tight);
        margin.first = margin.rest;
        if (!tight && cmark_node_next(item))
            line_append(out, margin.rest, "");
    }
}

static void append_quote(GString *out, cmark_node *quote, Margin margin)
{
    g_autofree char *first = g_strconcat(margin.first, "> ", NULL);
    g_autofree char *rest = g_strconcat(margin.rest, "> ", NULL);
    append_blocks(out, quote, (Margin){first, rest, margin.width}, false);
}

/* ---- plain text: tables ------------------------------------------------------------------------------------------ */

typedef struct TextTable {
    GPtrArray *rows; /* of GPtrArray of char *; the first holds the titles */
    GArray *widths;  /* of int */
    const uint8_t *alignments;
} TextTable;

static void free_row(gpointer row)
{
    g_ptr_array_unref(row);
}

static void read_row(TextTable *table, cmark_node *row)
{
    GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
    for (cmark_node *cell = cmark_node_first_child(row); cell; cell = cmark_node_next(cell)) {
        char *text = inlines_text(cell);
        int width = display_width(text);
        if (cells->len == table->widths->len)
            g_array_append_val(table->widths, width);
        int *widest = &g_array_index(table->widths, int, cells->len);
        *widest = MAX(*widest, width);
        g_ptr_array_add(cells, text);
    }
    g_ptr_array_add(table->rows, cells);
}

static void append_padded_row(GString *out, const TextTable *table, guint row, const char *prefix)
{
    const GPtrArray *cells = table->rows->pdata[row];
    g_autoptr(GString) line = g_string_new(NULL);
    for (guint i = 0; i < cells->len; i++) {
        int room = g_array_index(table->widths, int, i) - display_width(cells->pdata[i]);
        int before = table->alignments[i] == 'r' ? room : table->alignments[i] == 'c' ? room / 2 : 0;
        g_string_append_printf(line, "%s%*s%s%*s", i ? "  " : "", before, "", (char *)cells->pdata[i], room - before,
                               "");
    }
    line_append(out, prefix, line->str);
}

static void append_rule(GString *out, const TextTable *table, const char *prefix)
{
    g_autoptr(GString) line = g_string_new(NULL);
    for (guint i = 0; i < table->widths->len; i++) {
        g_autofree char *dashes = g_strnfill((gsize)MAX(g_array_index(table->widths, int, i), 1), '-');
        g_string_append_printf(line, "%s%s", i ? "  " : "", dashes);
    }
    line_append(out, prefix, line->str);
}

/* Too wide for columns: each row as a short list of "title: value". */
static void append_as_list(GString *out, const TextTable *table, Margin margin)
{
    const GPtrArray *titles = table->rows->pdata[0];
    for (guint row = 1; row < table->rows->len; row++) {
        const GPtrArray *cells = table->rows->pdata[row];
        for (guint i = 0; i < cells->len; i++) {
            g_autofree char *text = g_strdup_printf("%s: %s", (char *)titles->pdata[i], (char *)cells->pdata[i]);
            g_autofree char *first = g_strconcat(margin.first, i ? "  " : "- ", NULL);
            g_autofree char *rest = g_strconcat(margin.rest, "  ", NULL);
            wrap_append(out, text, first, rest, margin.width);
            margin.first = margin.rest;
        }
    }
}

static void append_table(GString *out, cmark_node *node, Margin margin)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);
    g_autoptr(GArray) widths = g_array_new(FALSE, FALSE, sizeof(int));
    TextTable table = {rows, widths, cmark_gfm_extensions_get_table_alignments(node)};
    for (cmark_node *row = cmark_node_first_child(node); row; row = cmark_node_next(row))
        read_row(&table, row);
    int total = display_width(margin.rest);
    for (guint i = 0; i < widths->len; i++)
        total += g_array_index(widths, int, i) + (i ? 2 : 0);
    if (total > margin.width && rows->len > 1) {
        append_as_list(out, &table, margin);
        return;
    }
    append_padded_row(out, &table, 0, margin.first);
    append_rule(out, &table, margin.rest);
    for (guint row = 1; row < rows->len; row++)
        append_padded_row(out, &table, row, margin.rest);
}

static void append_block(GString *out, cmark_node *block, Margin margin)
{
    cmark_node_type type = cmark_node_get_type(block);
    if (type == CMARK_NODE_HEADING) {
        append_heading(out, block, margin);
    } else if (type == CMARK_NODE_LIST) {
        append_list(out, block, margin);
    } else if (type == CMARK_NODE_BLOCK_QUOTE) {
        append_quote(out, block, margin);
    } else if (type == CMARK_NODE_CODE_BLOCK) {
        append_code(out, block, margin);
    } else if (type == CMARK_NODE_THEMATIC_BREAK) {
        line_append(out, margin.first, "* * *");
    } else if (is_extension(block, "table")) {
        append_table(out, block, margin);
    } else {
        g_autofree char *text = inlines_text(block);
        wrap_append(out, text, margin.first, margin.rest, margin.width);
    }
}

/* Recursion is bounded by LIMIT_MARKDOWN_DEPTH. */
static void append_blocks(GString *out, cmark_node *parent, Margin margin, bool tight)
{
    for (cmark_node *block = cmark_node_first_child(parent); block; block = cmark_node_next(block)) {
        append_block(out, block, margin);
        margin.first = margin.rest;
        if (cmark_node_next(block) && !tight)
            line_append(out, margin.rest, "");
    }
}

static char *to_text(const char *markdown, const char *opening, int width, GError **error)
{
    g_autoptr(MarkdownTree) tree = parse_for_mail(markdown, opening, error);
    if (!tree)
        return NULL;
    GString *text = g_string_new(NULL);
    append_blocks(text, tree, (Margin){"", "", width}, false);
    return g_string_free(text, FALSE);
}

char *markdown_to_text(const char *markdown, const char *opening, GError **error)
{
    return to_text(markdown, opening, TEXT_WIDTH, error);
}

char *markdown_to_lines(const char *markdown, const char *opening, GError **error)
{
    return to_text(markdown, opening, LIMIT_MARKDOWN_BYTES, error);
}

/* ---- for the writer ---------------------------------------------------------------------------------------------- */

/* Inside tables, what stands in a line does not know its place: the block around it does. */
static unsigned line_of(cmark_node *node)
{
    while (node && cmark_node_get_start_line(node) < 1)
        node = cmark_node_parent(node);
    return node ? (unsigned)cmark_node_get_start_line(node) : 1;
}

static void add_fault(GArray *faults, MarkdownFaultKind kind, cmark_node *node)
{
    const MarkdownFault fault = {kind, line_of(node)};
    g_array_append_val(faults, fault);
}

/* Counts as collect() does. */
GArray *markdown_faults(const char *markdown)
{
    GArray *faults = g_array_new(FALSE, FALSE, sizeof(MarkdownFault));
    g_autoptr(MarkdownTree) tree = parse(markdown);
    cmark_iter *iter = cmark_iter_new(tree);
    int depth = 0, deepest = 0;
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_node_first_child(node))
            depth += event == CMARK_EVENT_ENTER ? 1 : -1;
        if (depth > LIMIT_MARKDOWN_DEPTH && deepest <= LIMIT_MARKDOWN_DEPTH)
            add_fault(faults, MARKDOWN_FAULT_DEPTH, node);
        deepest = MAX(deepest, depth);
        if (event == CMARK_EVENT_ENTER && cmark_node_get_type(node) == CMARK_NODE_IMAGE)
            add_fault(faults, MARKDOWN_FAULT_IMAGE, node);
    }
    cmark_iter_free(iter);
    return faults;
}

static bool has_word(const char *text)
{
    for (const char *p = text; p && *p; p = g_utf8_next_char(p))
        if (g_unichar_isalnum(g_utf8_get_char(p)))
            return true;
    return false;
}

bool markdown_shows_words(const char *markdown)
{
    g_autoptr(MarkdownTree) tree = parse(markdown);
    cmark_iter *iter = cmark_iter_new(tree);
    bool found = false;
    while (!found && cmark_iter_next(iter) != CMARK_EVENT_DONE)
        found = has_word(cmark_node_get_literal(cmark_iter_get_node(iter)));
    cmark_iter_free(iter);
    return found;
}
