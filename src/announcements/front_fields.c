/* The one place that decides whether a key is known, double, misspelt or of the wrong shape. */
#include "announcements/front_fields.h"

/* rundbrief */
#include "base/nearest.h"
#include "base/text.h"

/* Keys are taken as people write them: Sub-Headline and sub_headline are one. Caller frees. */
static char *key_form(const char *key)
{
    return g_strdelimit(g_utf8_strdown(key, -1), "- ", '_');
}

static bool field_has_name(const FrontField *field, const char *name)
{
    for (guint i = 0; i < FRONT_NAMES_MAX && field->names[i]; i++)
        if (g_str_equal(field->names[i], name))
            return true;
    return false;
}

static const FrontField *find_field(const FrontField fields[], const char *name)
{
    for (const FrontField *field = fields; field->names[0]; field++)
        if (field_has_name(field, name))
            return field;
    return NULL;
}

static const FrontNode **slot(const FrontField *field, void *record)
{
    return (const FrontNode **)((char *)record + field->offset);
}

/* "of the publisher ", or nothing for the head itself. */
static char *owner_words(const FrontPlace *place)
{
    return *place->subject ? g_strdup_printf(" of the %s", place->subject) : g_strdup("");
}

static void add_unknown_key(const FrontNode *node, const char *name, const FrontField fields[], const FrontPlace *place)
{
    Nearest nearest = nearest_to(name);
    GString *all = g_string_new(NULL);
    for (const FrontField *field = fields; field->names[0]; field++) {
        g_string_append_printf(all, "%s%s", all->len ? ", " : "", field->names[0]);
        for (guint i = 0; i < FRONT_NAMES_MAX && field->names[i]; i++)
            nearest_offer(&nearest, field->names[i]);
    }
    g_autofree char *owner = owner_words(place);
    if (nearest.found)
        problems_add(place->problems, place->file, node->line, "unknown key '%s'%s; did you mean '%s'?", node->key,
                     owner, nearest.found);
    else
        problems_add(place->problems, place->file, node->line, "unknown key '%s'%s; known are %s", node->key, owner,
                     all->str);
    g_string_free(all, TRUE);
}

static const char *shapes_words(unsigned shapes)
{
    switch (shapes) {
    case FRONT_TEXT:
        return "a text";
    case FRONT_LIST:
        return "a list, with \"- \" before each item";
    case FRONT_MAP:
        return "a group of indented \"key: text\" lines";
    default:
        return "a text or a list";
    }
}

static void read_field(const FrontNode *node, const FrontField fields[], const FrontPlace *place, void *record)
{
    g_autofree char *name = key_form(node->key);
    const FrontField *field = find_field(fields, name);
    if (!field) {
        add_unknown_key(node, name, fields, place);
        return;
    }
    const FrontNode **place_for_it = slot(field, record);
    if (*place_for_it)
        problems_add(place->problems, place->file, node->line, "'%s' was given in line %u already", node->key,
                     (*place_for_it)->line);
    else if (node->shape & field->shapes)
        *place_for_it = node;
    else if (node->shape != FRONT_TEXT || *node->text)
        problems_add(place->problems, place->file, node->line, "'%s' must be %s", node->key,
                     shapes_words(field->shapes));
}

/* A wrong shape was told already: the key is not missing as well. */
static bool was_tried(const FrontNode *map, const FrontField *field)
{
    for (guint i = 0; i < map->children->len; i++) {
        const FrontNode *node = map->children->pdata[i];
        g_autofree char *name = key_form(node->key);
        if ((node->shape != FRONT_TEXT || *node->text) && field_has_name(field, name))
            return true;
    }
    return false;
}

void front_fields_read(const FrontNode *map, const FrontField fields[], const FrontPlace *place, void *record)
{
    for (guint i = 0; i < map->children->len; i++)
        read_field(map->children->pdata[i], fields, place, record);
    g_autofree char *owner = owner_words(place);
    for (const FrontField *field = fields; field->names[0]; field++) {
        const FrontNode **node = slot(field, record);
        if (*node && (*node)->shape == FRONT_TEXT && !*(*node)->text) {
            if (field->required)
                problems_add(place->problems, place->file, (*node)->line, "'%s'%s is empty", field->names[0], owner);
            *node = NULL;
        } else if (!*node && field->required && !was_tried(map, field)) {
            problems_add(place->problems, place->file, place->line, "'%s'%s is missing", field->names[0], owner);
        }
    }
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

char *front_line(const FrontNode *node, gsize limit, const FrontPlace *place)
{
    if (!node)
        return g_strdup("");
    if (strlen(node->text) > limit)
        problems_add(place->problems, place->file, node->line, "'%s' is longer than %zu bytes", node->key, limit);
    else if (!text_is_one_line(node->text))
        problems_add(place->problems, place->file, node->line, "'%s' must be a single line without control characters",
                     node->key);
    else
        return g_strdup(node->text);
    return g_strdup("");
}

char *front_block(const FrontNode *node, gsize limit, const FrontPlace *place)
{
    if (!node)
        return g_strdup("");
    unsigned line;
    if (strlen(node->text) > limit)
        problems_add(place->problems, place->file, node->line, "'%s' is longer than %zu bytes", node->key, limit);
    else if (!front_text_is_clean(node->text, strlen(node->text), &line))
        problems_add(place->problems, place->file, node->line, "'%s' holds a control character", node->key);
    else
        return g_strdup(node->text);
    return g_strdup("");
}

bool front_text_is_clean(const char *text, gsize length, unsigned *ret_line)
{
    *ret_line = 0;
    const char *end;
    bool valid = g_utf8_validate_len(text, length, &end);
    for (const char *p = text; p < end; p = g_utf8_next_char(p)) {
        if (*p == '\n')
            ++*ret_line;
        else if (*p != '\t' && g_unichar_iscntrl(g_utf8_get_char(p)))
            return false;
    }
    return valid;
}

bool front_node_equal(const FrontNode *left, const FrontNode *right)
{
    if (!left || !right)
        return left == right;
    if (left->shape != right->shape || g_strcmp0(left->key, right->key) != 0 || g_strcmp0(left->text, right->text) != 0)
        return false;
    if (!left->children)
        return true;
    if (left->children->len != right->children->len)
        return false;
    for (guint i = 0; i < left->children->len; i++)
        if (!front_node_equal(left->children->pdata[i], right->children->pdata[i]))
            return false;
    return true;
}
