/* YAML by libyaml's event interface, one event at a time: the document interface would follow aliases. Never reads
 * files; knows nothing of what the keys mean. */
#include "announcements/front_matter.h"

/* libraries */
#include <yaml.h>

/* rundbrief */
#include "base/limits.h"

typedef struct Reader {
    yaml_parser_t parser;
    const char *text;
    gsize length;
    const char *file;
    unsigned first_line;
    Problems *problems;
    guint nodes;
} Reader;

void front_node_free(FrontNode *node)
{
    if (!node)
        return;
    g_free(node->key);
    g_free(node->text);
    if (node->children)
        g_ptr_array_unref(node->children);
    g_free(node);
}

static void node_destroy(gpointer node)
{
    front_node_free(node);
}

static unsigned line_of(const Reader *reader, yaml_mark_t mark)
{
    return reader->first_line + (unsigned)mark.line;
}

/* libyaml's word for what went wrong, and what to do about the mistakes that people make. */
static void add_syntax_problem(Reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    const char *what = parser->problem ? parser->problem : "cannot be read as YAML";
    const char *hint = "";
    if (strstr(what, "mapping values are not allowed"))
        hint = "; a text that holds a colon needs quotation marks: headline: \"Bridge: works begin\"";
    else if (strstr(what, "cannot start any token"))
        hint = "; indent with spaces, and put a text that begins with a special character into quotation marks";
    else if (strstr(what, "could not find expected ':'"))
        hint = "; every line is \"key: text\", and a longer text is indented below \"key: |\"";
    problems_add(reader->problems, reader->file, line_of(reader, parser->problem_mark), "%s%s", what, hint);
}

static bool next_event(Reader *reader, yaml_event_t *event)
{
    if (yaml_parser_parse(&reader->parser, event))
        return true;
    add_syntax_problem(reader);
    return false;
}

/* ---- nodes ------------------------------------------------------------------------------------------------------- */

static FrontNode *refuse(const Reader *reader, const yaml_event_t *event, const char *sentence)
{
    problems_add(reader->problems, reader->file, line_of(reader, event->start_mark), "%s", sentence);
    return NULL;
}

static FrontNode *node_new(Reader *reader, FrontShape shape, const yaml_event_t *event)
{
    FrontNode *node = g_new0(FrontNode, 1);
    node->shape = shape;
    node->line = line_of(reader, event->start_mark);
    if (shape != FRONT_TEXT)
        node->children = g_ptr_array_new_with_free_func(node_destroy);
    return node;
}

static bool has_mark_up(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor || event->data.scalar.tag;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor || event->data.sequence_start.tag;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor || event->data.mapping_start.tag;
    default:
        return false;
    }
}

/* "Kampagne #respekt startet" without quotation marks would lose its end silently: to YAML, '#' begins a comment. */
static bool ends_in_comment(const Reader *reader, const yaml_event_t *event)
{
    if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return false;
    const char *p = reader->text, *end = reader->text + reader->length;
    for (gsize line = 0; line < event->end_mark.line; line++) {
        p = memchr(p, '\n', (gsize)(end - p));
        if (!p++)
            return false;
    }
    for (gsize column = 0; column < event->end_mark.column && p < end; column++)
        p = g_utf8_next_char(p);
    while (p < end && *p == ' ')
        p++;
    return p < end && *p == '#';
}

/* YAML 1.2.2 10.3.2: without quotation marks these mean that there is no value. */
static bool is_null(const yaml_event_t *event)
{
    static const char *const words[] = {"~", "null", "Null", "NULL", NULL};
    return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           g_strv_contains(words, (const char *)event->data.scalar.value);
}

static FrontNode *read_text(Reader *reader, const yaml_event_t *event)
{
    if (ends_in_comment(reader, event))
        return refuse(reader, event, "'#' begins a comment here; put the text into quotation marks");
    const char *value = (const char *)event->data.scalar.value;
    if (strlen(value) != event->data.scalar.length)
        return refuse(reader, event, "the text holds a NUL character");
    FrontNode *node = node_new(reader, FRONT_TEXT, event);
    node->text = is_null(event) ? g_strdup("") : g_strstrip(g_strndup(value, event->data.scalar.length));
    return node;
}

static FrontNode *read_node(Reader *reader, guint depth);

/* The items of a list; the event that began it has been read. */
static FrontNode *read_list(Reader *reader, const yaml_event_t *start, guint depth)
{
    g_autoptr(FrontNode) list = node_new(reader, FRONT_LIST, start);
    for (;;) {
        FrontNode *item = read_node(reader, depth + 1);
        if (!item)
            return NULL;
        if (!item->shape) { /* the end of the list */
            front_node_free(item);
            return g_steal_pointer(&list);
        }
        g_ptr_array_add(list->children, item);
    }
}

static FrontNode *read_map(Reader *reader, const yaml_event_t *start, guint depth)
{
    g_autoptr(FrontNode) map = node_new(reader, FRONT_MAP, start);
    for (;;) {
        g_autoptr(FrontNode) key = read_node(reader, depth + 1);
        if (!key)
            return NULL;
        if (!key->shape)
            return g_steal_pointer(&map);
        if (key->shape != FRONT_TEXT) {
            problems_add(reader->problems, reader->file, key->line, "a key must be a word");
            return NULL;
        }
        FrontNode *value = read_node(reader, depth + 1);
        if (!value)
            return NULL;
        value->key = g_steal_pointer(&key->text);
        value->line = key->line;
        g_ptr_array_add(map->children, value);
    }
}

static FrontNode *read_event(Reader *reader, const yaml_event_t *event, guint depth)
{
    if (depth > LIMIT_FRONT_MATTER_DEPTH)
        return refuse(reader, event, "too many levels; an announcement needs no more than three");
    if (++reader->nodes > LIMIT_FRONT_MATTER_NODES)
        return refuse(reader, event, "too many entries for the head of an announcement");
    if (has_mark_up(event))
        return refuse(reader, event,
                      "anchors (&) and tags (!) are not understood here; put the text into quotation marks");
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return read_text(reader, event);
    case YAML_SEQUENCE_START_EVENT:
        return read_list(reader, event, depth);
    case YAML_MAPPING_START_EVENT:
        return read_map(reader, event, depth);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return g_new0(FrontNode, 1); /* no shape: there was no further node */
    case YAML_ALIAS_EVENT:
        return refuse(reader, event, "aliases (*) are not understood here; put the text into quotation marks");
    default:
        return refuse(reader, event, "the head holds no \"key: text\" lines");
    }
}

static FrontNode *read_node(Reader *reader, guint depth)
{
    yaml_event_t event;
    if (!next_event(reader, &event))
        return NULL;
    FrontNode *node = read_event(reader, &event, depth);
    yaml_event_delete(&event);
    return node;
}

/* Takes one event that must be of this type. */
static bool expect(Reader *reader, yaml_event_type_t type, const char *otherwise)
{
    yaml_event_t event;
    if (!next_event(reader, &event))
        return false;
    bool as_expected = event.type == type;
    if (!as_expected)
        refuse(reader, &event, otherwise);
    yaml_event_delete(&event);
    return as_expected;
}

static FrontNode *read_document(Reader *reader)
{
    if (!expect(reader, YAML_STREAM_START_EVENT, "not YAML") ||
        !expect(reader, YAML_DOCUMENT_START_EVENT, "the head is empty"))
        return NULL;
    g_autoptr(FrontNode) root = read_node(reader, 0);
    if (!root)
        return NULL;
    if (root->shape != FRONT_MAP) {
        problems_add(reader->problems, reader->file, root->line, "the head must consist of \"key: text\" lines");
        return NULL;
    }
    if (!expect(reader, YAML_DOCUMENT_END_EVENT, "unexpected text behind the head") ||
        !expect(reader, YAML_STREAM_END_EVENT, "a second YAML document; there must be one"))
        return NULL;
    return g_steal_pointer(&root);
}

FrontNode *front_matter_parse(const char *text, gsize length, const char *file, unsigned first_line, Problems *problems)
{
    Reader reader = {.text = text, .length = length, .file = file, .first_line = first_line, .problems = problems};
    if (!yaml_parser_initialize(&reader.parser))
        g_error("yaml_parser_initialize: out of memory");
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, length);
    FrontNode *root = read_document(&reader);
    yaml_parser_delete(&reader.parser);
    return root;
}
