/* Titles are compared folded and without spaces, hyphens and the like: "E-Mail-Adresse", "email adresse" and
 * "EMailAdresse" are one. What is not in the table is ignored. */
#include "subscribers/columns.h"

/* rundbrief */
#include "base/text.h"

G_DEFINE_QUARK(rundbrief_columns_error, columns_error)

static const struct {
    ColumnRole role;
    const char *titles; /* separated by spaces */
} known[] = {
    {COLUMN_ADDRESS, "email emailadresse emailaddress emails mail mailadresse mailaddress address adresse "
                     "elektronischepost subscriberemail memberaddress"},
    {COLUMN_NAME, "name fullname displayname anzeigename vollername vorundnachname realname"},
    {COLUMN_FIRST_NAME, "vorname firstname givenname rufname"},
    {COLUMN_LAST_NAME, "nachname lastname familienname surname familyname zuname"},
    {COLUMN_LANGUAGE, "sprache language lang locale sprachfassung"},
    {COLUMN_FORMAT, "format mailformat emailformat nachrichtenformat"},
    {COLUMN_HTML, "htmlemail html sendthisuserhtmlemails sendthissubscriberhtmlemails"},
    {COLUMN_UUID, "uuid"},
    {COLUMN_STATUS, "status abostatus abonnementstatus subscriptionstatus emailstatus mailstatus"},
    {COLUMN_CONFIRMED, "confirmed bestätigt istheemailofthisuserconfirmed istheemailofthissubscriberconfirmed "
                       "isthissubscriberconfirmed isthisuserconfirmed"},
    {COLUMN_BLACKLISTED, "blacklisted gesperrt isthisuserblacklisted isthissubscriberblacklisted"},
    {COLUMN_DISABLED, "disabled deaktiviert isthisaccountdisabled"},
};

/* Letters and digits only, folded. */
static char *bare_title(const char *title)
{
    g_autofree char *folded = text_fold(title);
    GString *bare = g_string_new(NULL);
    for (const char *p = folded; *p; p = g_utf8_next_char(p))
        if (g_unichar_isalnum(g_utf8_get_char(p)))
            g_string_append_unichar(bare, g_utf8_get_char(p));
    return g_string_free(bare, FALSE);
}

static bool has_word(const char *words, const char *word)
{
    gsize length = strlen(word);
    for (const char *found = words; length && (found = strstr(found, word)); found += length)
        if ((found == words || found[-1] == ' ') && (found[length] == ' ' || found[length] == '\0'))
            return true;
    return false;
}

static int role_of(const char *title)
{
    g_autofree char *bare = bare_title(title);
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
        if (has_word(known[i].titles, bare))
            return (int)known[i].role;
    return -1;
}

bool columns_is_header(const CsvRow *row)
{
    for (guint i = 0; i < row->count; i++)
        if (strchr(row->cells[i], '@'))
            return false;
    return true;
}

static void clear(Columns *columns, guint count)
{
    columns->count = count;
    for (int role = 0; role < COLUMN_COUNT; role++)
        columns->place[role] = -1;
}

/* "Adresse" is a postal one where there is an "E-Mail" as well. */
static bool names_mail(const char *title)
{
    g_autofree char *bare = bare_title(title);
    return strstr(bare, "mail") != NULL;
}

static bool set_address(Columns *columns, const CsvRow *row, int place, GError **error)
{
    int before = columns->place[COLUMN_ADDRESS];
    if (before < 0 || (names_mail(row->cells[place]) && !names_mail(row->cells[before]))) {
        columns->place[COLUMN_ADDRESS] = place;
        return true;
    }
    if (names_mail(row->cells[before]) && !names_mail(row->cells[place]))
        return true;
    g_set_error(error, COLUMNS_ERROR, COLUMNS_ERROR_ADDRESS,
                "two columns, \"%s\" and \"%s\", could hold the address; rename the one that does not",
                row->cells[before], row->cells[place]);
    return false;
}

bool columns_from_header(const CsvRow *row, Columns *ret, GError **error)
{
    clear(ret, row->count);
    for (int i = 0; i < (int)row->count; i++) {
        int role = role_of(row->cells[i]);
        if (role == COLUMN_ADDRESS && !set_address(ret, row, i, error))
            return false;
        if (role >= 0 && ret->place[role] < 0)
            ret->place[role] = i;
    }
    if (ret->place[COLUMN_ADDRESS] >= 0)
        return true;
    g_autofree char *first = g_utf8_substring(row->cells[0], 0, MIN(40, g_utf8_strlen(row->cells[0], -1)));
    g_set_error(error, COLUMNS_ERROR, COLUMNS_ERROR_ADDRESS,
                "line %u has no column \"E-Mail\" (or \"email\", \"address\"); it begins with \"%s\"", row->line,
                first);
    return false;
}

bool columns_without_header(const CsvRow *row, Columns *ret, GError **error)
{
    clear(ret, 1);
    ret->place[COLUMN_ADDRESS] = 0;
    guint used = 0;
    for (guint i = 0; i < row->count; i++)
        used += *row->cells[i] != '\0';
    if (used == 1 && *row->cells[0])
        return true;
    g_set_error(error, COLUMNS_ERROR, COLUMNS_ERROR_ADDRESS,
                "line %u holds an address already, beside other columns; put a line of titles above it, such as "
                "\"E-Mail;Name;Sprache\"",
                row->line);
    return false;
}

bool columns_hold_row(const Columns *columns, const CsvRow *row)
{
    for (guint i = columns->count; i < row->count; i++) {
        g_autofree char *cell = g_strstrip(g_strdup(row->cells[i]));
        if (*cell)
            return false;
    }
    return true;
}

char *columns_cell(const Columns *columns, const CsvRow *row, ColumnRole role)
{
    int place = columns->place[role];
    return g_strstrip(g_strdup(place >= 0 && place < (int)row->count ? row->cells[place] : ""));
}
