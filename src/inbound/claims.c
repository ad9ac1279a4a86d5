/* Reads line by line. What stands before an address on its line says what it is; where nothing stands there it begins
 * a paragraph about itself, if it is not indented deeper than the first such one (reasons are). */
#include "inbound/claims.h"

/* system */
#include <stdbool.h>
#include <string.h>

/* rundbrief */
#include "base/limits.h"
#include "model/phrases.h"

#define CONTEXT_BYTES 200 /* of a line before an address */

typedef struct Search {
    const GString *text;
    GArray *claims; /* of Claim */
    gsize list_indent;
    bool has_list;
} Search;

static void claim_clear(Claim *claim)
{
    g_free(claim->address);
}

/* ---- an address -------------------------------------------------------------------------------------------------- */

static bool is_local_byte(char c)
{
    return g_ascii_isalnum(c) || (guchar)c >= 0x80 || (c && strchr("!#$%&'*+-/=?^_`{|}~.", c));
}

static bool is_domain_byte(char c)
{
    return g_ascii_isalnum(c) || (guchar)c >= 0x80 || c == '-' || c == '.' || c == '_';
}

/* What is written in front of an address without a space: X.400 and LDAP attributes, links. */
static gsize prefix_length(const char *word, gsize length)
{
    static const char *const prefixes[] = {"mailto:", "smtp=", "smtp:", "rfc822;", "rfc-822=", "'", "/", "*", "-", "="};
    for (gsize i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        gsize n = strlen(prefixes[i]);
        if (n < length && g_ascii_strncasecmp(word, prefixes[i], n) == 0)
            return n;
    }
    return 0;
}

/* The address around the '@' at sign; false when there is none. */
static bool find_bounds(const char *line, const char *end, const char *sign, const char **ret_from, const char **ret_to)
{
    const char *from = sign, *to = sign + 1;
    while (from > line && is_local_byte(from[-1]) && sign - from <= LIMIT_ADDRESS_BYTES)
        from--;
    while (to < end && is_domain_byte(*to) && to - sign <= LIMIT_ADDRESS_BYTES)
        to++;
    for (gsize n; (n = prefix_length(from, (gsize)(sign - from))) > 0;)
        from += n;
    while (to > sign + 1 && strchr(".-_", to[-1]))
        to--;
    *ret_from = from;
    *ret_to = to;
    return from < sign && to > sign + 1 && sign - from <= LIMIT_ADDRESS_BYTES && to - sign <= LIMIT_ADDRESS_BYTES;
}

/* ---- what stands before it --------------------------------------------------------------------------------------- */

/* Last words before an address, folded. */
static const struct {
    const char *words;
    ClaimGrade grade;
} labels[] = {
    {" original address", CLAIM_ORIGINAL},
    {" originally addressed to", CLAIM_ORIGINAL},
    {" original recipient", CLAIM_ORIGINAL},
    {" generated from", CLAIM_ORIGINAL},
    {" expanded from", CLAIM_ORIGINAL},
    {" mail from", CLAIM_SENDER},
    {" from", CLAIM_SENDER},
    {" sender", CLAIM_SENDER},
    {" by", CLAIM_SENDER},
    {" contact", CLAIM_SENDER},
    {" message id", CLAIM_SENDER},
    {" return path", CLAIM_SENDER},
    {" reply to", CLAIM_SENDER},
    {" write to", CLAIM_SENDER},
    {" send mail to", CLAIM_SENDER},
    {" postmaster", CLAIM_SENDER},
    {" administrator", CLAIM_SENDER},
    {" von", CLAIM_SENDER},
    {" id", CLAIM_SENDER},
    {" message id is", CLAIM_SENDER},
    {" helpdesk", CLAIM_SENDER},
    {" on behalf of", CLAIM_SENDER},
    {" rcpt to", CLAIM_TRANSCRIPT},
    {" rcpt", CLAIM_TRANSCRIPT},
    {" subject", CLAIM_SENDER},
    {" cc", CLAIM_MENTION},
    {" addressed to", CLAIM_LABELLED},
    {" message to", CLAIM_LABELLED},
    {" mail to", CLAIM_LABELLED},
    {" deliver to", CLAIM_LABELLED},
    {" delivered to", CLAIM_LABELLED},
    {" delivery to", CLAIM_LABELLED},
    {" undeliverable to", CLAIM_LABELLED},
    {" sent to", CLAIM_LABELLED},
    {" to", CLAIM_NEAR},
    {" recipient", CLAIM_LABELLED},
    {" recipients", CLAIM_LABELLED},
    {" final recipient", CLAIM_LABELLED},
    {" recipient address", CLAIM_LABELLED},
    {" address", CLAIM_LABELLED},
    {" addresses", CLAIM_LABELLED},
    {" address es", CLAIM_LABELLED},
    {" user", CLAIM_LABELLED},
    {" users", CLAIM_LABELLED},
    {" mailbox", CLAIM_LABELLED},
    {" account", CLAIM_LABELLED},
    {" failed", CLAIM_LABELLED},
    {" attempts", CLAIM_LABELLED},
    {" errors", CLAIM_LABELLED},
    {" error", CLAIM_LABELLED},
    {" adresse", CLAIM_LABELLED},
    {" empfanger", CLAIM_LABELLED},
    {" an", CLAIM_LABELLED},
    {" destinataire", CLAIM_LABELLED},
    {" destinatario", CLAIM_LABELLED},
    {" para", CLAIM_NEAR},
    {" full", CLAIM_LABELLED},
    {" size", CLAIM_LABELLED},
    {" userid", CLAIM_LABELLED},
    {" for", CLAIM_NEAR},
};

/* A line of somebody's reply begins with its code. */
static bool begins_with_reply(const char *line, gsize length)
{
    while (length > 0 && strchr(" \t<>-|", *line)) {
        line++;
        length--;
    }
    return length >= 3 && strchr("45", line[0]) && g_ascii_isdigit(line[1]) && g_ascii_isdigit(line[2]) &&
           (length == 3 || strchr(" -\t", line[3]));
}

/* Speaks to the reader, not of a recipient. */
static bool is_advice(const GString *before)
{
    static const char *const words[] = {" contact ", " please ", " assistance ", " questions ", " if you ", " visit "};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (strstr(before->str, words[i]))
            return true;
    return false;
}

static ClaimGrade grade_by_words(const GString *before)
{
    ClaimGrade grade = CLAIM_MENTION;
    gsize longest = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(labels); i++) {
        gsize length = strlen(labels[i].words);
        if (length > longest && before->len > length &&
            memcmp(before->str + before->len - 1 - length, labels[i].words, length) == 0) {
            longest = length;
            grade = labels[i].grade;
        }
    }
    return is_advice(before) && grade < CLAIM_ORIGINAL ? CLAIM_SENDER : grade;
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

static gsize indent_of(const char *line, gsize length)
{
    gsize n = 0;
    while (n < length && strchr(" \t", line[n]))
        n++;
    return n;
}

/* Nothing but marks of a list or quotes before it. */
static bool begins_line(const char *line, const char *address)
{
    for (; line < address; line++)
        if (!strchr(" \t<\"'*-+[(>|#=&", *line) && (guchar)*line < 0x80)
            return false;
        else if ((guchar)*line >= 0x80)
            return false;
    return true;
}

static ClaimGrade grade_of(Search *search, const char *line, const char *end, const char *address)
{
    gsize indent = indent_of(line, (gsize)(end - line));
    if (begins_line(line, address)) {
        bool is_deeper = search->has_list && indent > search->list_indent;
        if (is_deeper)
            return CLAIM_TRANSCRIPT;
        if (!search->has_list)
            search->list_indent = indent;
        search->has_list = true;
        return CLAIM_LISTED;
    }
    const char *from = MAX(line, address - CONTEXT_BYTES);
    g_autoptr(GString) before = phrase_fold(from, (gsize)(address - from));
    ClaimGrade grade = grade_by_words(before);
    if (grade != CLAIM_SENDER && grade < CLAIM_TRANSCRIPT && begins_with_reply(line, (gsize)(end - line)))
        return CLAIM_TRANSCRIPT;
    return grade;
}

static bool is_service(const char *address, gsize length)
{
    static const char *const names[] = {"postmaster@", "mailer-daemon@", "abuse@", "hostmaster@", "mailerdaemon@"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (length > strlen(names[i]) && g_ascii_strncasecmp(address, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

static void read_line(Search *search, const char *line, const char *end)
{
    for (const char *sign = line; (sign = memchr(sign, '@', (gsize)(end - sign))); sign++) {
        const char *from, *to;
        if (search->claims->len >= LIMIT_CLAIMS || !find_bounds(line, end, sign, &from, &to))
            continue;
        Claim claim = {
            .address = g_strndup(from, (gsize)(to - from)),
            .from = (gsize)(line - search->text->str),
            .to = search->text->len,
        };
        claim.grade = is_service(from, (gsize)(to - from)) ? CLAIM_SENDER : grade_of(search, line, end, from);
        g_array_append_val(search->claims, claim);
        sign = to - 1;
    }
}

/* ---- the best of them -------------------------------------------------------------------------------------------- */

static bool is_known(const GArray *claims, guint before, const Claim *claim)
{
    for (guint i = 0; i < before; i++)
        if (g_ascii_strcasecmp(g_array_index(claims, Claim, i).address, claim->address) == 0)
            return true;
    return false;
}

static void keep_best(GArray *claims)
{
    ClaimGrade best = CLAIM_SENDER;
    for (guint i = 0; i < claims->len; i++)
        best = MAX(best, g_array_index(claims, Claim, i).grade);
    for (guint i = 0; i < claims->len;) {
        Claim *claim = &g_array_index(claims, Claim, i);
        bool drop = claim->grade != best || best == CLAIM_SENDER || is_known(claims, i, claim);
        if (drop)
            g_array_remove_index(claims, i);
        else
            i++;
    }
    for (guint i = 0; i + 1 < claims->len; i++)
        g_array_index(claims, Claim, i).to = g_array_index(claims, Claim, i + 1).from;
}

GArray *claims_find(const GString *text)
{
    Search search = {.text = text, .claims = g_array_new(FALSE, FALSE, sizeof(Claim))};
    g_array_set_clear_func(search.claims, (GDestroyNotify)claim_clear);
    const char *end = text->str + text->len;
    for (const char *line = text->str; line < end;) {
        const char *newline = memchr(line, '\n', (gsize)(end - line));
        const char *line_end = newline ? newline : end;
        read_line(&search, line, line_end);
        line = line_end + 1;
    }
    keep_best(search.claims);
    return search.claims;
}
