/* subscribers/columns and subscribers/import_row: titles in two languages, and other programs' exports. */
#include "subscribers/columns.h"

/* system */
#include <glib/gstdio.h>

/* rundbrief */
#include "subscribers/import_row.h"

static Keyring *keyring;

typedef struct Cells {
    GStrv texts;
    CsvRow row;
} Cells;

static Cells cells_of(const char *line)
{
    Cells cells = {.texts = g_strsplit(line, ";", -1)};
    cells.row = (CsvRow){.line = 1, .count = g_strv_length(cells.texts), .cells = (const char *const *)cells.texts};
    return cells;
}

static const struct {
    const char *name, *header;
    ColumnRole role;
    int place; /* -2: no address column is found, or two */
} headers[] = {
    {"E-Mail", "Name;E-Mail", COLUMN_ADDRESS, 1},
    {"E-Mail-Adresse", "Nr.;E-Mail-Adresse;Name", COLUMN_ADDRESS, 1},
    {"e-mail adresse", "e-mail adresse", COLUMN_ADDRESS, 0},
    {"email", "email,name", COLUMN_ADDRESS, -2},
    {"EMAIL", "EMAIL;NAME", COLUMN_ADDRESS, 0},
    {"address", "address;name", COLUMN_ADDRESS, 0},
    {"a postal address beside it", "Adresse;E-Mail", COLUMN_ADDRESS, 1},
    {"a postal address behind it", "E-Mail;Adresse", COLUMN_ADDRESS, 0},
    {"two mail addresses", "E-Mail;E-Mail-Adresse", COLUMN_ADDRESS, -2},
    {"none", "Name;Telefon", COLUMN_ADDRESS, -2},
    {"Vorname", "E-Mail;Vorname;Nachname", COLUMN_FIRST_NAME, 1},
    {"Nachname", "E-Mail;Vorname;Nachname", COLUMN_LAST_NAME, 2},
    {"first name", "first name;last name;email", COLUMN_FIRST_NAME, 0},
    {"Sprache", "E-Mail;Sprache", COLUMN_LANGUAGE, 1},
    {"language", "email;language", COLUMN_LANGUAGE, 1},
    {"Format", "email;Format", COLUMN_FORMAT, 1},
    {"unknown titles are passed over", "email;Schuhgröße", COLUMN_NAME, -1},
    {"status", "uuid;email;name;attributes;status;created_at;updated_at", COLUMN_STATUS, 4},
    {"phpList's short titles", "id;email;confirmed;blacklisted", COLUMN_CONFIRMED, 2},
    {"phpList's long titles", "Email;Is the email of this user confirmed;Is this user blacklisted", COLUMN_BLACKLISTED,
     2},
};

static void titles_are_found(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(headers); i++) {
        g_test_message("%s", headers[i].name);
        g_autoptr(GError) error = NULL;
        Cells cells = cells_of(headers[i].header);
        Columns columns;
        bool found = columns_from_header(&cells.row, &columns, &error);
        g_assert_true(found == (headers[i].place != -2));
        if (found)
            g_assert_cmpint(columns.place[headers[i].role], ==, headers[i].place);
        else
            g_assert_error(error, COLUMNS_ERROR, COLUMNS_ERROR_ADDRESS);
        g_strfreev(cells.texts);
    }
}

static void data_is_no_header(void)
{
    Cells header = cells_of("E-Mail;Name"), one = cells_of("anna@example.org"), two = cells_of("anna@example.org;Anna");
    Columns columns;
    g_assert_true(columns_is_header(&header.row));
    g_assert_false(columns_is_header(&one.row));
    g_assert_true(columns_without_header(&one.row, &columns, NULL));
    g_assert_cmpint(columns.place[COLUMN_ADDRESS], ==, 0);
    g_assert_false(columns_without_header(&two.row, &columns, NULL));
    g_strfreev(header.texts);
    g_strfreev(one.texts);
    g_strfreev(two.texts);
}

static const struct {
    const char *name, *header, *row;
    const char *want; /* address|name|language|format, or the reason */
} rows[] = {
    {"name of two cells", "E-Mail;Vorname;Nachname", "anna@example.org;Anna;Müller",
     "anna@example.org|Anna Müller|de|html"},
    {"last name only", "E-Mail;Vorname;Nachname", "anna@example.org;;Müller", "anna@example.org|Müller|de|html"},
    {"row shorter than the header", "E-Mail;Name", "anna@example.org", "anna@example.org||de|html"},
    {"language and format", "E-Mail;Sprache;Format", "anna@example.org;en;Text", "anna@example.org||en|text"},
    {"unknown format", "E-Mail;Format", "anna@example.org;Brief", "bad-value"},
    {"listmonk, enabled", "uuid;email;name;attributes;status", "1;anna@example.org;Anna;{};enabled",
     "anna@example.org|Anna|de|html"},
    {"listmonk, blocklisted", "uuid;email;name;attributes;status", "1;anna@example.org;Anna;{};blocklisted",
     "inactive-at-source"},
    {"listmonk, disabled", "uuid;email;name;attributes;status", "1;anna@example.org;Anna;{};disabled",
     "inactive-at-source"},
    {"a status that is not known", "email;status", "anna@example.org;Stammgast", "bad-value"},
    {"no status", "email;status", "anna@example.org; ", "anna@example.org||de|html"},
    {"active", "E-Mail;Status", "anna@example.org;Aktiv", "anna@example.org||de|html"},
    {"unsubscribed", "email;Status", "anna@example.org;Unsubscribed", "inactive-at-source"},
    {"abgemeldet", "E-Mail;Status", "anna@example.org;abgemeldet", "inactive-at-source"},
    {"capital umlaut", "E-Mail;Abo-Status", "anna@example.org;GEKÜNDIGT", "inactive-at-source"},
    {"hard bounce", "E-Mail;Status", "anna@example.org;hard_bounce", "inactive-at-source"},
    {"unconfirmed", "E-Mail;Status", "anna@example.org;unconfirmed", "inactive-at-source"},
    {"a cell too many", "E-Mail;Name", "anna@example.org;Müller;Anna", "unreadable"},
    {"blank cells behind the titles", "E-Mail;Name", "anna@example.org;Anna;; ", "anna@example.org|Anna|de|html"},
    {"phpList, confirmed", "email;confirmed;blacklisted;htmlemail", "anna@example.org;1;0;1",
     "anna@example.org||de|html"},
    {"phpList, text", "email;confirmed;blacklisted;htmlemail", "anna@example.org;1;0;0", "anna@example.org||de|text"},
    {"phpList, unconfirmed", "email;confirmed;blacklisted", "anna@example.org;0;0", "inactive-at-source"},
    {"phpList, blacklisted", "email;confirmed;blacklisted", "anna@example.org;1;1", "inactive-at-source"},
    {"phpList, disabled", "email;disabled", "anna@example.org;1", "inactive-at-source"},
    {"bad address", "email", "anna", "bad-address"},
};

static char *read_row(gsize i)
{
    Columns columns;
    g_auto(Candidate) candidate = {0};
    g_auto(Rejection) rejection = {0};
    Cells header = cells_of(rows[i].header), row = cells_of(rows[i].row);
    g_assert_true(columns_from_header(&header.row, &columns, NULL));
    bool good = import_row_read(&columns, &row.row, keyring, "de", &candidate, &rejection);
    g_strfreev(header.texts);
    g_strfreev(row.texts);
    return good ? g_strjoin("|", candidate.address.text, candidate.name, candidate.language,
                            candidate.wants_text ? "text" : "html", NULL)
                : g_strdup(rejection_kind_word(rejection.kind));
}

static void rows_are_understood(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].name);
        g_autofree char *got = read_row(i);
        g_assert_cmpstr(got, ==, rows[i].want);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *dir = g_dir_make_tmp("rundbrief-test-XXXXXX", &error), *keys = g_build_filename(dir, "keys", NULL);
    keyring_create(keys, &error);
    keyring = keyring_load(keys, &error);
    g_assert_no_error(error);
    g_unlink(keys);
    g_rmdir(dir);
    g_test_add_func("/columns/titles_are_found", titles_are_found);
    g_test_add_func("/columns/data_is_no_header", data_is_no_header);
    g_test_add_func("/columns/rows_are_understood", rows_are_understood);
    int result = g_test_run();
    keyring_free(keyring);
    return result;
}
