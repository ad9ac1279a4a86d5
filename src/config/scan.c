/* Reads tokens of the libconfig language, just enough to know names, scopes, numbers and @include lines. It believes
 * that the syntax is right; when it is not, libconfig says so afterwards. */
#include "config/scan.h"

/* rundbrief */
#include "base/file.h"
#include "base/limits.h"

#define LIMIT_INCLUDE_DEPTH 10 /* as libconfig */
#define NAME_LETTERS        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_*"

typedef struct Scanner {
    const char *file, *root; /* root: the main file; includes are found from its folder */
    const char *next;
    unsigned line;
    int depth;
    bool *complete;    /* every included file could be read */
    GString *out;      /* the text as it goes to libconfig */
    GPtrArray *scopes; /* of GHashTable of name -> line, or NULL for a list's inside */
    Problems *problems;
} Scanner;

static void scan_text(Scanner *scanner, const char *text);

/* Copies the next length bytes and counts their lines. */
static void copy(Scanner *scanner, gsize length)
{
    for (gsize i = 0; i < length; i++)
        scanner->line += scanner->next[i] == '\n';
    g_string_append_len(scanner->out, scanner->next, (gssize)length);
    scanner->next += length;
}

/* With both quotes; 0 when the second is missing. */
static gsize string_length(const char *text)
{
    gsize length = 1;
    while (text[length] && text[length] != '"')
        length += text[length] == '\\' && text[length + 1] ? 2 : 1;
    return text[length] ? length + 1 : 0;
}

/* A comment's length, its line end left out; 0 when none begins here. */
static gsize comment_length(const char *text)
{
    if (text[0] == '#' || (text[0] == '/' && text[1] == '/'))
        return strcspn(text, "\n");
    if (text[0] != '/' || text[1] != '*')
        return 0;
    const char *end = strstr(text + 2, "*/");
    return end ? (gsize)(end + 2 - text) : strlen(text);
}

static void enter(Scanner *scanner, char bracket)
{
    bool has_names = bracket == '{';
    g_ptr_array_add(scanner->scopes, has_names ? g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL) : NULL);
}

static void leave(Scanner *scanner)
{
    if (scanner->scopes->len > 1)
        g_ptr_array_set_size(scanner->scopes, (gint)scanner->scopes->len - 1);
}

static bool is_assignment(const char *text)
{
    for (gsize comment; (comment = comment_length(text)) || g_ascii_isspace(*text);)
        text += comment ? comment : 1;
    return *text == '=' || *text == ':';
}

static void scan_name(Scanner *scanner)
{
    gsize length = strspn(scanner->next, NAME_LETTERS);
    GHashTable *names = scanner->scopes->pdata[scanner->scopes->len - 1];
    g_autofree char *name = g_strndup(scanner->next, length);
    if (names && is_assignment(scanner->next + length)) {
        guint first = GPOINTER_TO_UINT(g_hash_table_lookup(names, name));
        if (first || *name == '*') {
            if (first)
                problems_add(scanner->problems, scanner->file, scanner->line,
                             "\"%s\" is set twice here; the first time in line %u", name, first);
            else
                problems_add(scanner->problems, scanner->file, scanner->line, "there is no setting \"%s\"", name);
            g_string_append_printf(scanner->out, "*%u*", problems_count(scanner->problems));
        } else {
            g_hash_table_insert(names, g_strdup(name), GUINT_TO_POINTER(scanner->line));
        }
    }
    copy(scanner, length);
}

/* Marked as 64 bits wide, so that the loader sees it and can tell what is allowed. Of an included file libconfig reads
 * its own copy, so that it has to be told here. */
static void scan_number(Scanner *scanner)
{
    gsize length = strspn(scanner->next, "+-.xXabcdefABCDEF0123456789Ll");
    g_autofree char *number = g_strndup(scanner->next, length);
    gint64 value = g_ascii_strtoll(number, NULL, 0);
    if (strpbrk(number, ".lL") || (value <= G_MAXINT32 && value >= G_MININT32)) {
        copy(scanner, length);
        return;
    }
    g_string_append_printf(scanner->out, "%" G_GINT64_FORMAT "L", value);
    scanner->next += length;
    if (scanner->depth > 0)
        problems_add(scanner->problems, scanner->file, scanner->line, "the number %s is larger than any setting allows",
                     number);
}

/* False when the file cannot be read. What it says is scanned in its place, but libconfig reads it by itself. */
static bool scan_included(Scanner *scanner, const char *name)
{
    g_autofree char *dir = g_path_get_dirname(scanner->root);
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_autoptr(GError) error = NULL;
    if (scanner->depth >= LIMIT_INCLUDE_DEPTH) {
        problems_add(scanner->problems, scanner->file, scanner->line, "files include each other more than %d deep",
                     LIMIT_INCLUDE_DEPTH);
        return false;
    }
    g_autofree char *text = g_file_test(path, G_FILE_TEST_IS_REGULAR)
                                ? file_read_whole(path, LIMIT_CONFIG_BYTES, NULL, &error)
                                : NULL;
    if (!text) {
        problems_add(scanner->problems, scanner->file, scanner->line, "cannot include \"%s\": %s", name,
                     error ? error->message : "there is no such file in the folder of the main file");
        return false;
    }
    Scanner inner = *scanner;
    inner.file = path;
    inner.depth++;
    inner.out = g_string_new(NULL);
    scan_text(&inner, text);
    g_string_free(inner.out, TRUE);
    return true;
}

/* An @include stands alone on its line. One that cannot be read is taken out, so that everything else is still looked
 * at. */
static bool scan_include(Scanner *scanner)
{
    gsize length = strspn(scanner->next, " \t");
    if (g_ascii_strncasecmp(scanner->next + length, "@include", 8) != 0)
        return false;
    const char *quote = scanner->next + length + 8;
    quote += strspn(quote, " \t");
    if (*quote != '"')
        return false;
    gsize quoted = string_length(quote);
    if (quoted < 2)
        return false;
    g_autofree char *name = g_strndup(quote + 1, quoted - 2);
    gsize whole = (gsize)(quote - scanner->next) + quoted;
    if (scan_included(scanner, name)) {
        copy(scanner, whole);
    } else {
        *scanner->complete = false;
        scanner->next += whole;
    }
    return true;
}

/* libconfig takes a comment that never ends, and with it all the rest of the file, without a word. */
static void scan_comment(Scanner *scanner, gsize length)
{
    bool never_ends = g_str_has_prefix(scanner->next, "/*") &&
                      (length < 4 || memcmp(scanner->next + length - 2, "*/", 2) != 0);
    if (never_ends)
        problems_add(scanner->problems, scanner->file, scanner->line, "the comment that begins here never ends");
    copy(scanner, length);
}

/* The rest of the file is left out: libconfig would only say that the file ends too early. */
static void scan_string(Scanner *scanner)
{
    gsize length = string_length(scanner->next);
    if (length) {
        copy(scanner, length);
        return;
    }
    problems_add(scanner->problems, scanner->file, scanner->line, "the text that begins here has no closing quote");
    scanner->next += strlen(scanner->next);
}

static void scan_token(Scanner *scanner)
{
    gsize comment = comment_length(scanner->next);
    char c = *scanner->next;
    if (comment)
        scan_comment(scanner, comment);
    else if (c == '"')
        scan_string(scanner);
    else if (g_ascii_isdigit(c) || ((c == '-' || c == '+') && g_ascii_isdigit(scanner->next[1])))
        scan_number(scanner);
    else if (g_ascii_isalpha(c) || c == '*')
        scan_name(scanner);
    else {
        if (strchr("{([", c))
            enter(scanner, c);
        else if (strchr("})]", c))
            leave(scanner);
        copy(scanner, 1);
    }
}

static void scan_text(Scanner *scanner, const char *text)
{
    scanner->next = text;
    scanner->line = 1;
    bool line_begins = true;
    while (*scanner->next) {
        if (line_begins && scan_include(scanner)) {
            line_begins = false;
            continue;
        }
        line_begins = *scanner->next == '\n';
        scan_token(scanner);
    }
}

static void scope_free(gpointer names)
{
    if (names)
        g_hash_table_unref(names);
}

char *config_scan(const char *text, const char *file, bool *ret_complete, Problems *problems)
{
    *ret_complete = true;
    Scanner scanner = {.file = file, .root = file, .complete = ret_complete, .problems = problems};
    scanner.out = g_string_new(NULL);
    scanner.scopes = g_ptr_array_new_with_free_func(scope_free);
    enter(&scanner, '{');
    scan_text(&scanner, g_str_has_prefix(text, "\xef\xbb\xbf") ? text + 3 : text);
    g_ptr_array_unref(scanner.scopes);
    return g_string_free(scanner.out, FALSE);
}
