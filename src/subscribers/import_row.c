/* What the cells of a row mean, also the marks by which other programs say that a person does not want mail: a status
 * in words, phpList's confirmed, blacklisted and disabled. A mark that is not understood counts against the row: nobody
 * who has left gets mail because their program says so in a word of its own. */
#include "subscribers/import_row.h"

/* rundbrief */
#include "base/text.h"

static bool is_any_of(const char *folded, const char *const words[])
{
    return g_strv_contains(words, folded);
}

/* "1", "yes", "ja" …; everything else means no. */
static bool is_yes(const char *cell)
{
    static const char *const yes[] = {"1", "yes", "y", "ja", "j", "true", "wahr", "x", NULL};
    g_autofree char *folded = g_utf8_casefold(cell, -1);
    return is_any_of(folded, yes);
}

static bool status_is_any_of(const char *status, const char *words)
{
    g_auto(GStrv) list = g_strsplit(words, "|", -1);
    g_autofree char *folded = text_fold(status);
    return is_any_of(g_strdelimit(folded, "-_", ' '), (const char *const *)list);
}

static bool check_status(const Columns *columns, const CsvRow *row, Rejection *rejection)
{
    static const char good[] = "enabled|active|aktiv|subscribed|abonniert|angemeldet|confirmed|bestätigt|ok|ja|yes|1";
    static const char bad[] =
        "disabled|deaktiviert|inactive|inaktiv|unsubscribed|abgemeldet|abbestellt|ausgetragen|gekündigt|opted out|"
        "optout|blocklisted|blacklisted|blocked|gesperrt|blockiert|suppressed|bounced|bounce|hard bounce|hard bounced|"
        "soft bounce|soft bounced|cleaned|unzustellbar|invalid|ungültig|unconfirmed|unbestätigt|nicht bestätigt|"
        "not confirmed|pending|ausstehend|wartend|complained|complaint|spam|beschwerde|deleted|gelöscht|archived|"
        "archiviert|paused|pausiert|nein|no|0";
    if (columns->place[COLUMN_STATUS] < 0)
        return true;
    bool is_listmonk = columns->place[COLUMN_UUID] >= 0;
    g_autofree char *status = columns_cell(columns, row, COLUMN_STATUS);
    g_autofree char *quote = rejection_quote(status);
    if (is_listmonk)
        return g_ascii_strcasecmp(status, "enabled") == 0 ||
               rejection_set(rejection, REJECTION_INACTIVE, "its status in listmonk is %s", quote);
    if (!*status || status_is_any_of(status, good))
        return true;
    if (status_is_any_of(status, bad))
        return rejection_set(rejection, REJECTION_INACTIVE, "its status is %s", quote);
    return rejection_set(rejection, REJECTION_VALUE,
                         "its status is %s, and whether that means that mail is wanted is not known; write active, or "
                         "give the column another title when it says something else",
                         quote);
}

static bool check_mark(const Columns *columns, const CsvRow *row, ColumnRole role, bool wanted, const char *sentence,
                       Rejection *rejection)
{
    if (columns->place[role] < 0)
        return true;
    g_autofree char *cell = columns_cell(columns, row, role);
    return is_yes(cell) == wanted || rejection_set(rejection, REJECTION_INACTIVE, "%s", sentence);
}

static bool check_marks(const Columns *columns, const CsvRow *row, Rejection *rejection)
{
    return check_status(columns, row, rejection) &&
           check_mark(columns, row, COLUMN_BLACKLISTED, false, "it is marked as blacklisted", rejection) &&
           check_mark(columns, row, COLUMN_CONFIRMED, true, "it was never confirmed there", rejection) &&
           check_mark(columns, row, COLUMN_DISABLED, false, "it is marked as disabled", rejection);
}

static char *whole_name(const Columns *columns, const CsvRow *row)
{
    char *name = columns_cell(columns, row, COLUMN_NAME);
    if (*name)
        return name;
    g_free(name);
    g_autofree char *first = columns_cell(columns, row, COLUMN_FIRST_NAME);
    g_autofree char *last = columns_cell(columns, row, COLUMN_LAST_NAME);
    return g_strstrip(g_strconcat(first, " ", last, NULL));
}

static bool read_format(const Columns *columns, const CsvRow *row, bool *ret_text, Rejection *rejection)
{
    static const char *const text[] = {"text", "plain", "text/plain", "nur text", "plaintext", "txt", NULL};
    static const char *const html[] = {"", "html", "text/html", NULL};
    g_autofree char *cell = columns_cell(columns, row, COLUMN_FORMAT);
    g_autofree char *folded = g_utf8_casefold(cell, -1);
    g_autofree char *mark = columns_cell(columns, row, COLUMN_HTML);
    *ret_text = is_any_of(folded, text) || (columns->place[COLUMN_FORMAT] < 0 && *mark && !is_yes(mark));
    g_autofree char *quote = rejection_quote(cell);
    return *ret_text || is_any_of(folded, html) ||
           rejection_set(rejection, REJECTION_VALUE, "%s is no format; write html or text", quote);
}

bool import_row_read(const Columns *columns, const CsvRow *row, const Keyring *keyring, const char *language,
                     Candidate *ret, Rejection *rejection)
{
    bool wants_text;
    *ret = (Candidate){0};
    if (!columns_hold_row(columns, row))
        return rejection_set(rejection, REJECTION_UNREADABLE,
                             "the row has %u cells and the header %u titles; a cell that holds a separator needs "
                             "quotation marks around it",
                             row->count, columns->count);
    g_autofree char *address = columns_cell(columns, row, COLUMN_ADDRESS);
    g_autofree char *name = whole_name(columns, row);
    g_autofree char *own_language = columns_cell(columns, row, COLUMN_LANGUAGE);
    if (!candidate_init(ret, keyring, address, name, own_language, language, rejection))
        return false;
    if (check_marks(columns, row, rejection) && read_format(columns, row, &wants_text, rejection)) {
        ret->wants_text = wants_text;
        return true;
    }
    g_autofree char *sentence = g_strdup_printf("%s: %s", ret->address.text, rejection->sentence);
    g_free(rejection->sentence);
    rejection->sentence = g_steal_pointer(&sentence);
    candidate_clear(ret);
    return false;
}
