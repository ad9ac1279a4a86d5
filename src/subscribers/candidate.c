/* Brings names, languages and addresses into shape. A name becomes one line, whatever line breaks its cell held, so
 * that nothing of it can end a header field. */
#include "subscribers/candidate.h"

/* rundbrief */
#include "base/language.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/encoded_word.h"

void candidate_clear(Candidate *candidate)
{
    address_clear(&candidate->address);
    g_clear_pointer(&candidate->name, g_free);
    g_clear_pointer(&candidate->language, g_free);
}

/* ---- language ---------------------------------------------------------------------------------------------------- */

static const char *const language_names[][2] = {
    {"deutsch", "de"},         {"german", "de"},         {"leichte sprache", "de-x-leicht"},
    {"leicht", "de-x-leicht"}, {"englisch", "en"},       {"english", "en"},
    {"türkisch", "tr"},        {"turkish", "tr"},        {"arabisch", "ar"},
    {"arabic", "ar"},          {"ukrainisch", "uk"},     {"ukrainian", "uk"},
    {"russisch", "ru"},        {"russian", "ru"},        {"französisch", "fr"},
    {"french", "fr"},          {"polnisch", "pl"},       {"polish", "pl"},
    {"rumänisch", "ro"},       {"romanian", "ro"},       {"persisch", "fa"},
    {"persian", "fa"},         {"niederländisch", "nl"}, {"dutch", "nl"},
};

/* RFC 5646 2.1.1: lower case, but a region in capitals and a script with one. */
static void set_case(char **subtags)
{
    bool private_use = false;
    for (guint i = 0; subtags[i]; i++) {
        for (char *p = subtags[i]; *p; p++)
            *p = g_ascii_tolower(*p);
        gsize length = strlen(subtags[i]);
        private_use |= i > 0 && length == 1;
        if (i == 0 || private_use)
            continue;
        if (length == 2)
            for (char *p = subtags[i]; *p; p++)
                *p = g_ascii_toupper(*p);
        else if (length == 4)
            *subtags[i] = g_ascii_toupper(*subtags[i]);
    }
}

char *language_tag(const char *text)
{
    g_autofree char *folded = text_fold(text);
    for (gsize i = 0; i < G_N_ELEMENTS(language_names); i++)
        if (g_str_equal(folded, language_names[i][0]))
            return g_strdup(language_names[i][1]);
    g_autofree char *hyphens = g_strdelimit(g_strdup(text), "_", '-');
    if (!language_is_tag(hyphens))
        return NULL;
    g_auto(GStrv) subtags = g_strsplit(hyphens, "-", -1);
    set_case(subtags);
    return g_strjoinv("-", subtags);
}

/* ---- name -------------------------------------------------------------------------------------------------------- */

/* Runs of spaces and line breaks become one space. NULL: it holds other control characters or is too long. */
static char *one_line(const char *text)
{
    GString *line = g_string_new(NULL);
    bool space = false;
    for (const char *p = text; *p && line->len <= LIMIT_NAME_BYTES; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (!g_unichar_isspace(c)) {
            if (space && line->len)
                g_string_append_c(line, ' ');
            g_string_append_unichar(line, c);
        }
        space = g_unichar_isspace(c);
    }
    bool good = line->len <= LIMIT_NAME_BYTES && text_is_one_line(line->str);
    return g_string_free(line, !good);
}

/* ---- "Anna Müller <anna@example.org>" ---------------------------------------------------------------------------- */

/* A quoted phrase of RFC 5322 3.2.4 without its quotes and backslashes. */
static char *unquoted(const char *phrase)
{
    gsize length = strlen(phrase);
    if (length < 2 || phrase[0] != '"' || phrase[length - 1] != '"')
        return g_strdup(phrase);
    GString *plain = g_string_new(NULL);
    for (const char *p = phrase + 1; p < phrase + length - 1; p++) {
        if (*p == '\\' && p + 1 < phrase + length - 1)
            p++;
        g_string_append_c(plain, *p);
    }
    return g_string_free(plain, FALSE);
}

static void split(const char *text, char **ret_address, char **ret_name)
{
    g_autofree char *stripped = g_strstrip(g_strdup(text));
    gsize length = strlen(stripped);
    char *open = strrchr(stripped, '<');
    if (!open || length == 0 || stripped[length - 1] != '>') {
        /* Our own export puts an apostrophe before what a spreadsheet would take for a formula. */
        bool guarded = stripped[0] == '\'' && stripped[1] && strchr("=+-@", stripped[1]);
        *ret_address = g_strdup(guarded ? stripped + 1 : stripped);
        *ret_name = g_strdup("");
        return;
    }
    stripped[length - 1] = *open = '\0';
    *ret_address = g_strdup(open + 1);
    g_autofree char *phrase = g_strstrip(g_strdup(stripped));
    g_autofree char *plain = unquoted(phrase);
    *ret_name = encoded_words_decode(plain);
}

/* ---- all together ------------------------------------------------------------------------------------------------ */

static bool set_address(Candidate *candidate, const Keyring *keyring, const char *address, Rejection *rejection)
{
    g_autoptr(GError) error = NULL;
    if (!*address)
        return rejection_set(rejection, REJECTION_ADDRESS, "there is no address");
    if (!address_parse(address, &candidate->address, &error)) {
        g_autofree char *text = rejection_quote(address);
        return rejection_set(rejection, REJECTION_ADDRESS, "%s: %s", text, error->message);
    }
    keyring_hash_address(keyring, candidate->address.key, candidate->hash);
    return true;
}

static bool set_name(Candidate *candidate, const char *name, Rejection *rejection)
{
    candidate->name = one_line(name);
    return candidate->name ||
           rejection_set(rejection, REJECTION_VALUE, "the name is longer than %d bytes or holds a control character",
                         LIMIT_NAME_BYTES);
}

static bool set_language(Candidate *candidate, const char *language, Rejection *rejection)
{
    candidate->language = language_tag(language);
    if (candidate->language)
        return true;
    g_autofree char *text = rejection_quote(language);
    return rejection_set(rejection, REJECTION_VALUE, "%s is no language; write a tag such as de or en", text);
}

bool candidate_init(Candidate *ret, const Keyring *keyring, const char *address, const char *name, const char *language,
                    const char *fallback, Rejection *rejection)
{
    *ret = (Candidate){0};
    g_autofree char *bare = NULL, *phrase = NULL;
    split(address, &bare, &phrase);
    if (set_address(ret, keyring, bare, rejection) && set_name(ret, *name ? name : phrase, rejection) &&
        set_language(ret, *language ? language : fallback, rejection))
        return true;
    candidate_clear(ret);
    return false;
}
