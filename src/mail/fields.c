/* Splits a header block into fields. One pass, no recursion, so that no input is slow. Owns a copy of the block. */
#include "mail/fields.h"

/* system */
#include <string.h>

/* rundbrief */
#include "base/limits.h"
#include "mail/encoded_word.h"

#define USUAL_FIELDS 32

typedef struct Field {
    const char *source; /* inside block, folds kept */
    gsize source_length, name_length;
    char *raw;     /* unfolded value; NULL until somebody asks */
    char *decoded; /* likewise */
} Field;

struct Fields {
    char *block;
    GArray *fields; /* of Field */
};

static void field_clear(Field *field)
{
    g_free(field->raw);
    g_free(field->decoded);
}

void fields_free(Fields *fields)
{
    if (!fields)
        return;
    g_array_unref(fields->fields);
    g_free(fields->block);
    g_free(fields);
}

static char *unfold(const char *value, gsize length)
{
    g_autofree char *text = g_strndup(value, length);
    for (char *end = text; (end = strchr(end, '\n'));)
        *end++ = ' ';
    g_strstrip(text);
    return g_steal_pointer(&text);
}

/* "Name:", the name being printable ASCII; space before the colon is old but seen. */
static gsize name_length(const char *line, gsize length)
{
    gsize n = 0;
    while (n < length && line[n] > ' ' && line[n] < 0x7f && line[n] != ':')
        n++;
    gsize colon = n;
    while (colon < length && (line[colon] == ' ' || line[colon] == '\t'))
        colon++;
    return n > 0 && colon < length && line[colon] == ':' ? n : 0;
}

static void add_field(Fields *fields, const char *source, gsize length)
{
    gsize name = name_length(source, length);
    if (name == 0 || fields->fields->len >= LIMIT_HEADER_FIELDS)
        return;
    Field field = {.source = source, .source_length = length, .name_length = name};
    g_array_append_val(fields->fields, field);
}

bool fields_begin(const char *bytes, gsize length)
{
    return length == 0 || *bytes == '\n' || name_length(bytes, length) > 0;
}

static gsize line_length(const char *at, const char *end)
{
    const char *newline = memchr(at, '\n', (gsize)(end - at));
    return newline ? (gsize)(newline - at) : (gsize)(end - at);
}

/* Returns the offset behind the empty line that ends the block, or length. */
static gsize block_end(const char *bytes, gsize length)
{
    for (gsize at = 0; at < length;) {
        gsize line = line_length(bytes + at, bytes + length);
        if (line == 0)
            return at + 1;
        at += line + 1;
    }
    return length;
}

Fields *fields_parse(const char *bytes, gsize length, gsize *ret_end)
{
    gsize whole = block_end(bytes, length);
    gsize size = MIN(whole, LIMIT_HEADER_BLOCK_BYTES);
    if (ret_end)
        *ret_end = whole;
    Fields *fields = g_new0(Fields, 1);
    fields->block = g_malloc(size + 1);
    memcpy(fields->block, bytes, size);
    fields->block[size] = '\0';
    fields->fields = g_array_sized_new(FALSE, FALSE, sizeof(Field), USUAL_FIELDS);
    g_array_set_clear_func(fields->fields, (GDestroyNotify)field_clear);
    const char *end = fields->block + size;
    for (const char *start = fields->block, *at = start; at < end;) {
        at += line_length(at, end) + 1;
        if (at < end && (*at == ' ' || *at == '\t'))
            continue;
        add_field(fields, start, (gsize)(MIN(at, end) - start));
        start = at;
    }
    return fields;
}

static Field *find(const Fields *fields, const char *name, guint n)
{
    gsize length = strlen(name);
    for (guint i = 0; i < fields->fields->len; i++) {
        Field *field = &g_array_index(fields->fields, Field, i);
        if (field->name_length == length && g_ascii_strncasecmp(field->source, name, length) == 0 && n-- == 0)
            return field;
    }
    return NULL;
}

static const char *raw_value(Field *field)
{
    if (!field->raw) {
        const char *value = (const char *)memchr(field->source, ':', field->source_length) + 1;
        field->raw = unfold(value, (gsize)(field->source + field->source_length - value));
    }
    return field->raw;
}

const char *fields_raw(const Fields *fields, const char *name, guint n)
{
    Field *field = find(fields, name, n);
    return field ? raw_value(field) : NULL;
}

const char *fields_text(Fields *fields, const char *name)
{
    Field *field = find(fields, name, 0);
    if (!field)
        return "";
    if (!field->decoded)
        field->decoded = encoded_words_decode(raw_value(field));
    return field->decoded;
}

bool fields_has(const Fields *fields, const char *name)
{
    return find(fields, name, 0) != NULL;
}
