/* Writes header fields. Every function checks its whole input first and writes afterwards, so that nothing unchecked
 * and nothing half-written ever stands in the output: this is where header injection ends (invariant 12). */
#include "mail/header.h"

/* libraries */
#include <string.h>

/* rundbrief */
#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/fold.h"

#define NAME_BYTES      40  /* longest we use is List-Unsubscribe-Post; leaves room for a word on the first line */
#define PARAMETER_BYTES 255 /* as long as a file name may be; escaped it still fits a line of RFC 5322 2.1.1 */

G_DEFINE_QUARK(rundbrief_header_error, header_error)

/* ---- checks ------------------------------------------------------------------------------------------------------ */

static bool check_name(const char *name, GError **error)
{
    gsize length = strlen(name);
    bool good = length > 0 && length <= NAME_BYTES;
    for (gsize i = 0; good && i < length; i++)
        good = g_ascii_isgraph(name[i]) && name[i] != ':';
    if (!good)
        g_set_error(error, HEADER_ERROR, HEADER_ERROR_NAME, "this is not the name of a header field");
    return good;
}

static bool fail(const char *name, const char *what, GError **error)
{
    g_set_error(error, HEADER_ERROR, HEADER_ERROR_VALUE, "%s: %s", name, what);
    return false;
}

static bool check_line(const char *name, const char *text, gsize limit, GError **error)
{
    if (!check_name(name, error))
        return false;
    gsize length = strlen(text);
    if (length > limit)
        return fail(name, "the value is too long", error);
    return text_is_printable(text, length) || text_is_one_line(text) ||
           fail(name, "the value holds a line break, another control character or invalid UTF-8", error);
}

static bool check_tokens(const char *name, const char *value, GError **error)
{
    gsize length = strlen(value);
    if (!check_line(name, value, LIMIT_HEADER_VALUE_BYTES, error))
        return false;
    if (!text_is_printable(value, length))
        return fail(name, "the value may hold printable ASCII only", error);
    return (length && value[0] != ' ' && value[length - 1] != ' ' && !strstr(value, "  ")) ||
           fail(name, "the value is empty, has a space at its beginning or end, or two in a row", error);
}

/* What may stand before and after @ without ending the address. Quoted local parts are walked over as a whole. */
static bool is_whole_address(const char *address)
{
    const char *c = address;
    if (*c == '"') {
        for (c++; *c && *c != '"'; c++) {
            if (*c == '\\' && !*++c)
                return false;
        }
        if (*c++ != '"')
            return false;
    } else {
        while ((*c & 0x80) || g_ascii_isalnum(*c) || (*c && strchr("!#$%&'*+-/=?^_`{|}~.", *c)))
            c++;
    }
    if (c == address || *c != '@' || !c[1])
        return false;
    for (c++; g_ascii_isalnum(*c) || *c == '-' || *c == '.'; c++)
        ;
    return *c == '\0';
}

static bool check_address(const char *name, const char *phrase, const char *address, GError **error)
{
    return check_line(name, phrase, LIMIT_HEADER_VALUE_BYTES, error) &&
           check_line(name, address, LIMIT_ADDRESS_BYTES, error) &&
           (is_whole_address(address) || fail(name, "the value is not one mail address", error));
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

/* Words that stand as they are: ASCII, not looking like an encoded word, short enough for the first line. */
static bool is_plain_word(const char *word, gsize length, gsize longest)
{
    if (length > longest)
        return false;
    for (gsize i = 0; i < length; i++) {
        if (word[i] < '!' || word[i] > '~' || (word[i] == '=' && i + 1 < length && word[i + 1] == '?'))
            return false;
    }
    return true;
}

static gsize longest_word(const char *name)
{
    return FOLD_COLUMNS - strlen(name) - 2;
}

static void fold_plain(Fold *fold, const char *text, gsize length)
{
    const char *end = text + length;
    for (const char *space; text <= end; text = space + 1) {
        space = memchr(text, ' ', (gsize)(end - text));
        if (!space)
            space = end;
        fold_word(fold, text, (gsize)(space - text));
    }
}

/* Finds the stretch from the first word that needs encoding to the last one. False: there is none. Spaces at either end
 * of the text would get lost: then it is all of it. */
static bool find_stretch(const char *text, gsize longest, const char **ret_from, const char **ret_to)
{
    *ret_from = text[0] == ' ' || g_str_has_suffix(text, " ") || strstr(text, "  ") ? text : NULL;
    *ret_to = text + strlen(text);
    if (*ret_from)
        return true;
    for (const char *word = text;; word++) {
        gsize length = strcspn(word, " ");
        if (!is_plain_word(word, length, longest)) {
            *ret_from = *ret_from ? *ret_from : word;
            *ret_to = word + length;
        }
        word += length;
        if (!*word)
            return *ret_from != NULL;
    }
}

static void fold_text(Fold *fold, const char *text, gsize longest)
{
    const char *from, *to;
    if (!find_stretch(text, longest, &from, &to)) {
        fold_plain(fold, text, strlen(text));
        return;
    }
    if (from > text)
        fold_plain(fold, text, (gsize)(from - 1 - text));
    fold_encoded(fold, from, (gsize)(to - from));
    if (*to)
        fold_plain(fold, to + 1, strlen(to + 1));
}

bool header_append_text(GString *out, const char *name, const char *text, GError **error)
{
    if (!check_line(name, text, LIMIT_HEADER_VALUE_BYTES, error))
        return false;
    Fold fold;
    fold_begin(&fold, out, name);
    if (*text)
        fold_text(&fold, text, longest_word(name));
    fold_end(&fold);
    return true;
}

bool header_append_tokens(GString *out, const char *name, const char *value, GError **error)
{
    if (!check_tokens(name, value, error))
        return false;
    Fold fold;
    fold_begin(&fold, out, name);
    fold_plain(&fold, value, strlen(value));
    fold_end(&fold);
    return true;
}

/* ---- addresses --------------------------------------------------------------------------------------------------- */

static void append_quoted_string(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *text);
    }
    g_string_append_c(out, '"');
}

static bool is_atoms(const char *phrase)
{
    while (g_ascii_isalnum(*phrase) || *phrase == ' ')
        phrase++;
    return *phrase == '\0';
}

static void fold_phrase(Fold *fold, const char *phrase, gsize longest)
{
    const char *from, *to;
    if (find_stretch(phrase, longest, &from, &to)) {
        fold_encoded(fold, phrase, strlen(phrase));
        return;
    }
    if (is_atoms(phrase)) {
        fold_plain(fold, phrase, strlen(phrase));
        return;
    }
    g_autoptr(GString) quoted = g_string_sized_new(strlen(phrase) + 8);
    append_quoted_string(quoted, phrase);
    if (find_stretch(quoted->str, longest, &from, &to))
        fold_encoded(fold, phrase, strlen(phrase));
    else
        fold_plain(fold, quoted->str, quoted->len);
}

static void fold_angle_address(Fold *fold, const char *address)
{
    char word[LIMIT_ADDRESS_BYTES + 2] = "<";
    gsize length = strlen(address);
    memcpy(word + 1, address, length);
    word[length + 1] = '>';
    fold_word(fold, word, length + 2);
}

bool header_append_address(GString *out, const char *name, const char *phrase, const char *address, GError **error)
{
    if (!check_address(name, phrase ? phrase : "", address, error))
        return false;
    Fold fold;
    fold_begin(&fold, out, name);
    if (phrase && *phrase) {
        fold_phrase(&fold, phrase, longest_word(name));
        fold_angle_address(&fold, address);
    } else {
        fold_word(&fold, address, strlen(address));
    }
    fold_end(&fold);
    return true;
}

/* ---- parameters -------------------------------------------------------------------------------------------------- */

/* RFC 2045 5.1: a value of these alone needs no quotes. */
static bool is_token(const char *text)
{
    for (const char *c = text; *c; c++) {
        if (!g_ascii_isgraph(*c) || strchr("()<>@,;:\\\"/[]?=", *c))
            return false;
    }
    return *text != '\0';
}

/* RFC 5987 attr-char, the set that RFC 2231 readers agree on. */
static bool is_attribute_character(char c)
{
    return g_ascii_isalnum(c) || (c && strchr("!#$&+-.^_`|~", c));
}

static void append_percent(GString *out, const char *text)
{
    for (; *text; text++) {
        if (is_attribute_character(*text))
            g_string_append_c(out, *text);
        else
            g_string_append_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
    }
}

static void append_fallback(GString *out, const char *text)
{
    g_autoptr(GString) plain = g_string_sized_new(strlen(text));
    for (; *text; text = g_utf8_next_char(text))
        g_string_append_c(plain, *text & 0x80 ? '_' : *text);
    append_quoted_string(out, plain->str);
}

/* How many words, with ';' between them, the value and its parameters make. */
static guint count_words(const HeaderParameter *parameters)
{
    guint words = 1;
    for (const HeaderParameter *p = parameters; p && p->name; p++) {
        if (p->value)
            words += text_is_printable(p->value, strlen(p->value)) ? 1 : 2;
    }
    return words;
}

static void fold_item(Fold *fold, GString *word, guint *left)
{
    if (--*left)
        g_string_append_c(word, ';');
    fold_word(fold, word->str, word->len);
}

static void fold_parameter(Fold *fold, const HeaderParameter *parameter, guint *left)
{
    g_autoptr(GString) word = g_string_new(NULL);
    if (!text_is_printable(
            parameter->value,
            strlen(parameter->value))) { /* first: some readers take the first name that they understand */
        g_string_printf(word, "%s*=UTF-8''", parameter->name);
        append_percent(word, parameter->value);
        fold_item(fold, word, left);
    }
    g_string_printf(word, "%s=", parameter->name);
    if (is_token(parameter->value))
        g_string_append(word, parameter->value);
    else
        append_fallback(word, parameter->value);
    fold_item(fold, word, left);
}

static bool check_parameters(const char *name, const HeaderParameter *parameters, GError **error)
{
    for (const HeaderParameter *p = parameters; p && p->name; p++) {
        if (!is_token(p->name) || strlen(p->name) > NAME_BYTES)
            return fail(name, "this is not the name of a parameter", error);
        if (p->value && !check_line(name, p->value, PARAMETER_BYTES, error))
            return false;
    }
    return true;
}

bool header_append_parameters(GString *out, const char *name, const char *value, const HeaderParameter *parameters,
                              GError **error)
{
    if (!check_tokens(name, value, error) || !check_parameters(name, parameters, error))
        return false;
    if (value[strspn(value, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "/-+._")])
        return fail(name, "the value is not a media type or a single word", error);
    Fold fold;
    fold_begin(&fold, out, name);
    g_autoptr(GString) word = g_string_new(value);
    guint left = count_words(parameters);
    fold_item(&fold, word, &left);
    for (const HeaderParameter *p = parameters; p && p->name; p++) {
        if (p->value)
            fold_parameter(&fold, p, &left);
    }
    fold_end(&fold);
    return true;
}

/* ---- date -------------------------------------------------------------------------------------------------------- */

static int offset_minutes(int64_t at, GTimeZone *zone)
{
    if (!zone)
        return 0;
    int interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, at / SECOND_US);
    return interval < 0 ? 0 : g_time_zone_get_offset(zone, interval) / 60;
}

void header_date(int64_t at, GTimeZone *zone, char ret_date[static HEADER_DATE_SIZE])
{
    static const char days[7][4] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int offset = offset_minutes(at, zone);
    g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(at / SECOND_US + offset * 60);
    if (!date) /* after the year 9999, which is as far as GDateTime and RFC 5322 go */
        date = g_date_time_new_from_unix_utc(0);
    g_snprintf(ret_date, HEADER_DATE_SIZE, "%s, %02d %s %04d %02d:%02d:%02d %c%02d%02d",
               days[g_date_time_get_day_of_week(date) - 1], g_date_time_get_day_of_month(date),
               months[g_date_time_get_month(date) - 1], g_date_time_get_year(date), g_date_time_get_hour(date),
               g_date_time_get_minute(date), g_date_time_get_second(date), offset < 0 ? '-' : '+', ABS(offset) / 60,
               ABS(offset) % 60);
}
