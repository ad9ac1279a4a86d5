/* Three passes over a template's text: cut it into text and tags, pair opening and closing tags, look at each line.
 * Copies nothing: lexemes point into the text. */
#include "template/lexer.h"

/* rundbrief */
#include "base/limits.h"
#include "template/mustache.h"

typedef struct Lexer {
    const char *file;
    const char *at;
    const char *end;
    unsigned line;
    char open[8];
    char close[8];
    GArray *lexemes;
    GError **error;
} Lexer;

static bool fail(const Lexer *lexer, unsigned line, const char *format, ...) G_GNUC_PRINTF(3, 4);
static bool fail(const Lexer *lexer, unsigned line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *sentence = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(lexer->error, TEMPLATE_ERROR, TEMPLATE_ERROR_SYNTAX, "%s:%u: %s", lexer->file, line, sentence);
    return false;
}

/* ---- first pass: text and tags ----------------------------------------------------------------------------------- */

static void add(Lexer *lexer, LexemeKind kind, const char *start, const char *end, bool dynamic)
{
    Lexeme lexeme = {.kind = kind, .span = {start, (gsize)(end - start)}, .line = lexer->line, .dynamic = dynamic};
    g_array_append_val(lexer->lexemes, lexeme);
}

static const char *find(const Lexer *lexer, const char *from, const char *needle)
{
    return g_strstr_len(from, lexer->end - from, needle);
}

/* Up to `end`, one lexeme per line. */
static void take_text(Lexer *lexer, const char *end)
{
    while (lexer->at < end) {
        const char *newline = memchr(lexer->at, '\n', (gsize)(end - lexer->at));
        const char *stop = newline ? newline + 1 : end;
        add(lexer, LEXEME_TEXT, lexer->at, stop, false);
        lexer->line += newline != NULL;
        lexer->at = stop;
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void trim(const char **start, const char **end)
{
    while (*start < *end && is_blank(**start))
        ++*start;
    while (*end > *start && is_blank((*end)[-1]))
        --*end;
}

static bool take_delimiters(Lexer *lexer, const char *start, const char *end)
{
    trim(&start, &end);
    const char *middle = start;
    while (middle < end && !is_blank(*middle))
        middle++;
    const char *second = middle;
    while (second < end && is_blank(*second))
        second++;
    gsize open = (gsize)(middle - start), close = (gsize)(end - second);
    bool one_word = memchr(second, ' ', close) || memchr(second, '\n', close) || memchr(second, '\t', close);
    if (open == 0 || close == 0 || one_word || open >= sizeof lexer->open || close >= sizeof lexer->close ||
        memchr(start, '=', open) || memchr(second, '=', close))
        return fail(lexer, lexer->line,
                    "new delimiters are written {{=<%% %%>=}}: two words of at most %zu characters, without '='",
                    sizeof lexer->open - 1);
    g_snprintf(lexer->open, sizeof lexer->open, "%.*s", (int)open, start);
    g_snprintf(lexer->close, sizeof lexer->close, "%.*s", (int)close, second);
    add(lexer, LEXEME_SILENT, start, start, false);
    return true;
}

static bool take_name(Lexer *lexer, LexemeKind kind, const char *start, const char *end)
{
    trim(&start, &end);
    bool may_be_dynamic = kind == LEXEME_PARTIAL || kind == LEXEME_PARENT || kind == LEXEME_CLOSE;
    bool dynamic = may_be_dynamic && start < end && *start == '*';
    if (dynamic) {
        start++;
        trim(&start, &end);
    }
    if (start == end)
        return fail(lexer, lexer->line, "a tag without a name");
    for (const char *p = start; p < end; p++)
        if (is_blank(*p))
            return fail(lexer, lexer->line, "the name “%.*s” must be one word", (int)MIN(end - start, 60), start);
    add(lexer, kind, start, end, dynamic);
    return true;
}

static LexemeKind kind_of(char sigil)
{
    switch (sigil) {
    case '{':
    case '&':
        return LEXEME_RAW;
    case '#':
        return LEXEME_SECTION;
    case '^':
        return LEXEME_INVERTED;
    case '>':
        return LEXEME_PARTIAL;
    case '<':
        return LEXEME_PARENT;
    case '$':
        return LEXEME_BLOCK;
    case '/':
        return LEXEME_CLOSE;
    case '!':
    case '=':
        return LEXEME_SILENT;
    default:
        return LEXEME_VALUE;
    }
}

static unsigned count_lines(const char *from, const char *to)
{
    unsigned lines = 0;
    for (const char *p = from; (p = memchr(p, '\n', (gsize)(to - p))); p++)
        lines++;
    return lines;
}

/* lexer->at stands on an opening delimiter. */
static bool take_tag(Lexer *lexer)
{
    const char *start = lexer->at + strlen(lexer->open);
    while (start < lexer->end && is_blank(*start))
        start++;
    char sigil = start < lexer->end ? *start : '\0';
    char close[sizeof lexer->close + 1];
    g_snprintf(close, sizeof close, "%s%s", sigil == '{' ? "}" : sigil == '=' ? "=" : "", lexer->close);
    LexemeKind kind = kind_of(sigil);
    if (kind != LEXEME_VALUE)
        start++;
    const char *end = start <= lexer->end ? find(lexer, start, close) : NULL;
    if (!end)
        return fail(lexer, lexer->line, "the tag that begins here is never closed by “%s”", close);
    const char *next = end + strlen(close);
    unsigned lines = count_lines(lexer->at, next);
    bool taken = true;
    if (sigil == '!')
        add(lexer, LEXEME_SILENT, start, start, false);
    else if (sigil == '=')
        taken = take_delimiters(lexer, start, end);
    else
        taken = take_name(lexer, kind, start, end);
    lexer->at = next;
    lexer->line += lines;
    return taken;
}

static bool cut(Lexer *lexer)
{
    while (lexer->at < lexer->end) {
        const char *tag = find(lexer, lexer->at, lexer->open);
        take_text(lexer, tag ? tag : lexer->end);
        if (tag && !take_tag(lexer))
            return false;
        if (lexer->lexemes->len > LIMIT_TEMPLATE_TAGS)
            return fail(lexer, lexer->line, "more than %d lines and tags in one template", LIMIT_TEMPLATE_TAGS);
    }
    return true;
}

/* ---- second pass: which tag closes which ------------------------------------------------------------------------- */

static Lexeme *lexeme_at(const Lexer *lexer, guint index)
{
    return &g_array_index(lexer->lexemes, Lexeme, index);
}

static bool opens(const Lexeme *lexeme)
{
    return lexeme->kind == LEXEME_SECTION || lexeme->kind == LEXEME_INVERTED || lexeme->kind == LEXEME_PARENT ||
           lexeme->kind == LEXEME_BLOCK;
}

static bool close_innermost(const Lexer *lexer, GArray *open, guint index)
{
    Lexeme *closing = lexeme_at(lexer, index);
    if (open->len == 0)
        return fail(lexer, closing->line, "“%.*s” is closed here but was never opened", (int)closing->span.length,
                    closing->span.start);
    guint partner = g_array_index(open, guint, open->len - 1);
    Lexeme *opening = lexeme_at(lexer, partner);
    if (opening->span.length != closing->span.length || opening->dynamic != closing->dynamic ||
        memcmp(opening->span.start, closing->span.start, closing->span.length) != 0)
        return fail(lexer, closing->line, "“%.*s” is closed here, but “%.*s” of line %u is still open",
                    (int)closing->span.length, closing->span.start, (int)opening->span.length, opening->span.start,
                    opening->line);
    opening->partner = index;
    closing->partner = partner;
    g_array_set_size(open, open->len - 1);
    return true;
}

static bool pair(const Lexer *lexer)
{
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < lexer->lexemes->len; i++) {
        const Lexeme *lexeme = lexeme_at(lexer, i);
        if (opens(lexeme)) {
            g_array_append_val(open, i);
            if (open->len > LIMIT_TEMPLATE_NESTING)
                return fail(lexer, lexeme->line, "more than %d sections within each other", LIMIT_TEMPLATE_NESTING);
        } else if (lexeme->kind == LEXEME_CLOSE && !close_innermost(lexer, open, i)) {
            return false;
        }
    }
    if (open->len == 0)
        return true;
    const Lexeme *last = lexeme_at(lexer, g_array_index(open, guint, open->len - 1));
    return fail(lexer, last->line, "“%.*s” is opened here and never closed", (int)last->span.length, last->span.start);
}

/* ---- third pass: lines ------------------------------------------------------------------------------------------- */

Span span_blanks(Span span)
{
    gsize length = 0;
    while (length < span.length && (span.start[length] == ' ' || span.start[length] == '\t'))
        length++;
    return (Span){span.start, length};
}

static bool text_is_blank(const Lexeme *text)
{
    for (gsize i = 0; i < text->span.length; i++)
        if (!is_blank(text->span.start[i]))
            return false;
    return true;
}

static bool ends_line(const Lexeme *lexeme)
{
    return lexeme->kind == LEXEME_TEXT && lexeme->span.start[lexeme->span.length - 1] == '\n';
}

static bool inherits(const Lexer *lexer, const Lexeme *tag)
{
    const Lexeme *opening = tag->kind == LEXEME_CLOSE ? lexeme_at(lexer, tag->partner) : tag;
    return opening->kind == LEXEME_PARENT || opening->kind == LEXEME_BLOCK;
}

/* One tag and blanks; a whole parent counts as one tag;
 * several tags only where a parent and its blocks open or close. */
static bool stands_alone(const Lexer *lexer, guint from, guint to)
{
    guint tags = 0, inheriting = 0;
    for (guint i = from; i < to; i++) {
        const Lexeme *lexeme = lexeme_at(lexer, i);
        if (lexeme->kind == LEXEME_TEXT) {
            if (!text_is_blank(lexeme))
                return false;
            continue;
        }
        bool closes_here = opens(lexeme) && lexeme->partner < to;
        if (lexeme->kind == LEXEME_VALUE || lexeme->kind == LEXEME_RAW || (lexeme->kind == LEXEME_BLOCK && closes_here))
            return false;
        tags++;
        inheriting += inherits(lexer, lexeme);
        if (lexeme->kind == LEXEME_PARENT && closes_here)
            i = lexeme->partner;
    }
    return tags == 1 || (tags > 1 && tags == inheriting);
}

static void mark_line(const Lexer *lexer, guint from, guint to)
{
    Lexeme *first = lexeme_at(lexer, from);
    first->starts = true;
    Span blanks = {first->span.start, 0};
    if (first->kind == LEXEME_TEXT)
        blanks = span_blanks(first->span);
    guint tag = from + (first->kind == LEXEME_TEXT);
    bool indented = first->kind != LEXEME_TEXT || blanks.length == first->span.length;
    if (indented && tag < to)
        lexeme_at(lexer, tag)->indent = blanks;
    if (!stands_alone(lexer, from, to))
        return;
    for (guint i = from; i < to; i++) {
        Lexeme *lexeme = lexeme_at(lexer, i);
        lexeme->gone = lexeme->kind == LEXEME_TEXT;
        lexeme->alone = !lexeme->gone;
        if (lexeme->kind == LEXEME_PARENT && lexeme->partner < to)
            i = lexeme->partner;
        else if (lexeme->alone)
            lexeme->indent = blanks;
    }
}

static void mark_lines(const Lexer *lexer)
{
    for (guint from = 0, to = 0; from < lexer->lexemes->len; from = to) {
        while (to < lexer->lexemes->len && !ends_line(lexeme_at(lexer, to)))
            to++;
        if (to < lexer->lexemes->len)
            to++;
        mark_line(lexer, from, to);
    }
}

bool lexer_run(const char *file, const char *text, gsize length, GArray *lexemes, GError **error)
{
    Lexer lexer = {.file = file, .at = text, .end = text + length, .line = 1, .open = "{{", .close = "}}"};
    lexer.lexemes = lexemes;
    lexer.error = error;
    if (!cut(&lexer) || !pair(&lexer))
        return false;
    mark_lines(&lexer);
    return true;
}
