/* Checks and normalises one mail address. Domains beyond ASCII go through libidn2; ASCII domains never do, because
 * libidn2 lets "ex..ample" pass and drops an underscore. What an address may hold is narrower than RFC 5321 in three
 * places, each of which is a slip in practice: address literals, domains without a dot, invisible or quoting
 * characters. */
#include "mail/address.h"

/* libraries */
#include <idn2.h>
#include <string.h>

/* rundbrief */
#include "base/limits.h"
#include "base/text.h"

#define LABEL_BYTES 63 /* RFC 1035 2.3.4 */

G_DEFINE_QUARK(rundbrief_address_error, address_error)

G_GNUC_PRINTF(2, 3) static bool fail(GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (error)
        *error = g_error_new_valist(ADDRESS_ERROR, ADDRESS_ERROR_SYNTAX, format, arguments);
    va_end(arguments);
    return false;
}

/* ---- characters -------------------------------------------------------------------------------------------------- */

static bool is_atext(char c)
{
    return g_ascii_isalnum(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* Joiners belong to words in Persian and Indic scripts; libidn2 knows where a domain may have them. */
static bool is_joiner(gunichar c)
{
    return c == 0x200c || c == 0x200d;
}

static bool check_character(gunichar c, bool in_domain, GError **error)
{
    if (c == 0xff20 || c == 0xfe6b)
        return fail(error, "has a full-width ＠ (U+%04X); write @", c);
    if (in_domain && is_joiner(c))
        return true;
    switch (g_unichar_type(c)) {
    case G_UNICODE_CONTROL:
        return fail(error, "holds a line break or another control character (U+%04X)", c);
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_PRIVATE_USE:
        return fail(error, "holds an invisible or unknown character (U+%04X)", c);
    case G_UNICODE_SPACE_SEPARATOR:
        return c == ' ' || fail(error, "holds a special space (U+%04X)", c);
    case G_UNICODE_OPEN_PUNCTUATION:
    case G_UNICODE_CLOSE_PUNCTUATION:
    case G_UNICODE_INITIAL_PUNCTUATION:
    case G_UNICODE_FINAL_PUNCTUATION:
        return c < 0x80 || fail(error, "holds a quotation mark or bracket that no address has (U+%04X)", c);
    default:
        return true;
    }
}

static bool check_characters(const char *text, gsize length, bool in_domain, GError **error)
{
    for (const char *at = text; at < text + length; at = g_utf8_next_char(at)) {
        if (!check_character(g_utf8_get_char(at), in_domain, error))
            return false;
    }
    return true;
}

static bool is_ascii(const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (text[i] & 0x80)
            return false;
    }
    return true;
}

/* ---- local part -------------------------------------------------------------------------------------------------- */

static bool check_dot_atom(const char *local, gsize length, GError **error)
{
    if (local[0] == '.' || local[length - 1] == '.')
        return fail(error, "the part before @ begins or ends with a dot");
    for (gsize i = 0; i < length; i++) {
        char c = local[i];
        if (c == '.' && local[i + 1] == '.')
            return fail(error, "the part before @ has two dots in a row");
        if (c == ' ')
            return fail(error, "there is a space in the part before @");
        if (c == '@')
            return fail(error, "there is more than one @");
        if (c != '.' && !(c & 0x80) && !is_atext(c))
            return fail(error, "the part before @ must not hold %c", c);
    }
    return true;
}

/* Length of the quoted string that text begins with (RFC 5321 4.1.2), both quotes counted; 0 when it does not end. */
static gsize quoted_length(const char *text)
{
    for (gsize i = 1; text[i]; i++) {
        if (text[i] == '"')
            return i + 1;
        if (text[i] == '\\' && !text[++i])
            return 0;
    }
    return 0;
}

static char *unquote(const char *local, gsize length)
{
    GString *plain = g_string_sized_new(length);
    for (gsize i = 1; i + 1 < length; i++)
        g_string_append_c(plain, local[i] == '\\' ? local[++i] : local[i]);
    return g_string_free(plain, FALSE);
}

/* The local part as it is compared: without quotes that it does not need. */
static char *local_key(const char *local, gsize length)
{
    g_autofree char *plain = local[0] == '"' ? unquote(local, length) : NULL;
    bool needs_quotes = plain && !check_dot_atom(plain, strlen(plain), NULL);
    g_autofree char *whole = g_strndup(local, length);
    return text_fold(plain && !needs_quotes ? plain : whole);
}

static bool check_local(const char *local, gsize length, GError **error)
{
    if (length == 0)
        return fail(error, "there is nothing before @");
    if (length > LIMIT_LOCAL_PART_BYTES)
        return fail(error, "the part before @ is longer than %d bytes", LIMIT_LOCAL_PART_BYTES);
    if (!check_characters(local, length, false, error))
        return false;
    if (local[0] != '"')
        return check_dot_atom(local, length, error);
    return length > 2 || fail(error, "there is nothing before @ but quotes");
}

/* ---- domain ------------------------------------------------------------------------------------------------------ */

static bool check_label(const char *label, gsize length, GError **error)
{
    if (length == 0)
        return fail(error, "the part after @ has a dot too many");
    if (length > LABEL_BYTES)
        return fail(error, "the part after @ has more than %d characters between two dots", LABEL_BYTES);
    if (label[0] == '-' || label[length - 1] == '-')
        return fail(error, "the part after @ has a hyphen beside a dot or at its end");
    for (gsize i = 0; i < length; i++) {
        if (label[i] == ' ')
            return fail(error, "there is a space in the part after @");
        if (!g_ascii_isalnum(label[i]) && label[i] != '-')
            return fail(error, "the part after @ must not hold %c", label[i]);
    }
    return true;
}

/* domain is ASCII (RFC 1123 2.1); at least two labels, the last one not a number, or it would be an IP address. */
static bool check_domain(const char *domain, GError **error)
{
    const char *label = domain;
    for (const char *dot = strchr(label, '.'); dot; label = dot + 1, dot = strchr(label, '.')) {
        if (!check_label(label, (gsize)(dot - label), error))
            return false;
    }
    if (label == domain)
        return fail(error, "the part after @ has no dot");
    if (!*label)
        return fail(error, "the part after @ ends with a dot");
    if (!check_label(label, strlen(label), error))
        return false;
    return strspn(label, "0123456789") < strlen(label) || fail(error, "the part after @ ends with a number");
}

static bool has_a_label(const char *ascii)
{
    return g_str_has_prefix(ascii, "xn--") || strstr(ascii, ".xn--");
}

static char *convert_domain(const char *domain, GError **error)
{
    char *converted = NULL;
    int result = idn2_to_ascii_8z(domain, &converted, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
    if (result != IDN2_OK) {
        fail(error, "the part after @ is not an international domain name: %s", idn2_strerror(result));
        return NULL;
    }
    char *ascii = g_ascii_strdown(converted, -1);
    idn2_free(converted);
    return ascii;
}

/* The domain as lower-case A-labels, which stand for a name each (RFC 5890 2.3.2.1). NULL and error otherwise. */
static char *domain_to_ascii(const char *domain, GError **error)
{
    if (!*domain) {
        fail(error, "there is nothing after @");
        return NULL;
    }
    if (*domain == '[') {
        fail(error, "a number in brackets cannot follow @; write a domain name such as example.org");
        return NULL;
    }
    if (!check_characters(domain, strlen(domain), true, error))
        return NULL;
    g_autofree char *ascii = is_ascii(domain, strlen(domain)) ? g_ascii_strdown(domain, -1) : NULL;
    if (!ascii || has_a_label(ascii)) {
        g_autofree char *converted = convert_domain(ascii ? ascii : domain, error);
        if (!converted)
            return NULL;
        g_free(ascii);
        ascii = g_steal_pointer(&converted);
    }
    return check_domain(ascii, error) ? g_steal_pointer(&ascii) : NULL;
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static const char *find_at(const char *text, GError **error)
{
    if (*text == '"') {
        gsize length = quoted_length(text);
        if (length && text[length] == '@')
            return text + length;
        fail(error, length ? "after the closing quote there is no @" : "the quoted part before @ does not end");
        return NULL;
    }
    const char *at = strrchr(text, '@');
    if (!at)
        fail(error, "there is no @");
    return at;
}

/* Mistakes of the whole line that deserve their own sentence. */
static bool check_line(const char *text, GError **error)
{
    if (!*text)
        return fail(error, "there is no address");
    if (strlen(text) > LIMIT_HEADER_VALUE_BYTES)
        return fail(error, "is longer than %d bytes", LIMIT_ADDRESS_BYTES);
    if (!g_utf8_validate(text, -1, NULL))
        return fail(error, "is not valid UTF-8");
    for (const char *c = text; *c; c++) {
        if (g_ascii_iscntrl(*c))
            return fail(error, "holds a line break or another control character (U+%04X)", (unsigned)*c);
    }
    if (*text != '"' && strpbrk(text, "<>"))
        return fail(error, "write the address alone, without a name and without < and >");
    return strchr(text, '@') || check_characters(text, strlen(text), false, error);
}

static char *cut_spaces(const char *text)
{
    text += strspn(text, " \t");
    gsize length = strlen(text);
    while (length && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    return g_strndup(text, length);
}

bool address_parse(const char *text, Address *ret_address, GError **error)
{
    g_autofree char *line = cut_spaces(text);
    if (!check_line(line, error))
        return false;
    const char *at = find_at(line, error);
    if (!at)
        return false;
    gsize local_length = (gsize)(at - line);
    if (!check_local(line, local_length, error))
        return false;
    g_autofree char *domain = domain_to_ascii(at + 1, error);
    if (!domain)
        return false;
    if (local_length + 1 + strlen(domain) > LIMIT_ADDRESS_BYTES)
        return fail(error, "is longer than %d bytes", LIMIT_ADDRESS_BYTES);
    g_autofree char *folded = local_key(line, local_length);
    char *whole = g_strdup_printf("%.*s@%s", (int)local_length, line, domain);
    *ret_address = (Address){
        .text = whole,
        .key = g_strconcat(folded, "@", domain, NULL),
        .domain = whole + local_length + 1,
        .needs_utf8 = !is_ascii(line, local_length),
    };
    return true;
}

void address_clear(Address *address)
{
    g_clear_pointer(&address->text, g_free);
    g_clear_pointer(&address->key, g_free);
    address->domain = NULL;
}

/* ---- in a header field ------------------------------------------------------------------------------------------- */

char *address_bare(const char *value)
{
    const char *bracket = strchr(value, '<'), *start = bracket ? bracket + 1 : value;
    start += strspn(start, " \t");
    gsize quoted = *start == '"' ? quoted_length(start) : 0;
    return g_strstrip(g_strndup(start, quoted + strcspn(start + quoted, bracket ? ">" : " \t(>,")));
}

/* ---- tokens ------------------------------------------------------------------------------------------------------ */

char *address_with_token(const char *address, const char *token)
{
    const char *at = strrchr(address, '@');
    g_assert(at);
    return g_strdup_printf("%.*s+%s%s", (int)(at - address), address, token, at);
}
