/* subscribers/export: tables that a spreadsheet shows and does not run, and that come back in as they went out. */
#include "subscribers/export.h"

/* rundbrief */
#include "people.h"

static const struct {
    const char *name, *text, *want;
} cells[] = {
    {"plain", "Anna", "Anna"},
    {"separator", "a;b", "\"a;b\""},
    {"quote", "say \"hi\"", "\"say \"\"hi\"\"\""},
    {"line end", "a\nb", "\"a\nb\""},
    {"space in front", " a", "\" a\""},
    {"formula", "=1+1", "'=1+1"},
    {"formula with a separator", "=SUM(A1;A2)", "\"'=SUM(A1;A2)\""},
    {"plus", "+49 2551", "'+49 2551"},
    {"minus", "-1", "'-1"},
    {"at", "@SUM(1)", "'@SUM(1)"},
    {"tab", "\t=1", "'\t=1"},
    {"carriage return", "\r=1", "\"'\r=1\""},
    {"a sign within is harmless", "a=b", "a=b"},
    {"empty", "", ""},
};

static void cells_start_no_formula(People *f, gconstpointer data)
{
    (void)f;
    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(cells); i++) {
        g_test_message("%s", cells[i].name);
        g_autoptr(GString) out = g_string_new(NULL);
        export_append_cell(out, cells[i].text, ';');
        g_assert_cmpstr(out->str, ==, cells[i].want);
    }
}

static bool put(void *data, const char *bytes, gsize length, GError **error)
{
    (void)error;
    g_string_append_len(data, bytes, (gssize)length);
    return true;
}

static char *export_all(People *f, const MailingList *list, bool json)
{
    g_autoptr(GError) error = NULL;
    GString *out = g_string_new(NULL);
    int64_t people;
    const ExportJob job = {.list = list,
                           .has_state = list != NULL,
                           .state = SUBSCRIPTION_ACTIVE,
                           .zone = "Europe/Berlin",
                           .json = json,
                           .separator = ',',
                           .put = put,
                           .data = out};
    g_assert_true(export_run(f->db, &job, &people, &error));
    g_assert_no_error(error);
    return g_string_free(out, FALSE);
}

static void admit_three(People *f)
{
    people_admit(f, "Anna, A. <anna@example.org>", NOW);
    people_admit(f, "=2+2 <bob@example.org>", NOW);
    people_admit(f, "+carl@example.org", NOW);
    IN_TRANSACTION(f, subscription_become(f->db, f->list->id, people_id(f, "bob@example.org"), SUBSCRIPTION_LEFT, NOW,
                                          NULL, &error));
}

static void a_list_as_csv(People *f, gconstpointer data)
{
    (void)data;
    admit_three(f);
    g_autofree char *csv = export_all(f, f->list, false);
    g_assert_cmpstr(csv, ==,
                    "address,name,language,format,state,since\r\n"
                    "'+carl@example.org,,de,html,active,2018-05-02 09:00\r\n"
                    "anna@example.org,\"Anna, A.\",de,html,active,2018-05-02 09:00\r\n");
}

static void everybody_as_csv(People *f, gconstpointer data)
{
    (void)data;
    admit_three(f);
    g_autofree char *csv = export_all(f, NULL, false);
    g_assert_cmpstr(csv, ==,
                    "address,name,language,format,lists\r\n"
                    "'+carl@example.org,,de,html,presse:active\r\n"
                    "anna@example.org,\"Anna, A.\",de,html,presse:active\r\n"
                    "bob@example.org,'=2+2,de,html,presse:left\r\n");
}

static void a_list_as_json(People *f, gconstpointer data)
{
    (void)data;
    g_autofree char *none = export_all(f, f->list, true);
    g_assert_cmpstr(none, ==, "[\n]\n");
    people_admit(f, "\"A \\\"x\\\"\" <anna@example.org>", NOW);
    g_autofree char *json = export_all(f, f->list, true);
    g_assert_cmpstr(
        json, ==,
        "[\n  {\"address\": \"anna@example.org\", \"name\": \"A \\\"x\\\"\", \"language\": \"de\", \"format\": "
        "\"html\", \"state\": \"active\", \"since\": \"2018-05-02T07:00:00Z\"}\n]\n");
}

/* Pages follow each other without a gap. */
static void more_than_one_page(People *f, gconstpointer data)
{
    (void)data;
    IN_TRANSACTION(
        f, for (int i = 0; i < 2001; i++) {
            g_auto(Candidate) candidate = {0};
            g_auto(Rejection) rejection = {0};
            g_autofree char *address = g_strdup_printf("p%04d@example.org", i);
            g_assert_true(candidate_init(&candidate, f->keyring, address, "", "", "de", &rejection));
            g_assert_true(admission_admit(f->db, &f->terms, &candidate, "test", NOW, &rejection, &error));
        });
    g_autofree char *csv = export_all(f, f->list, false);
    g_auto(GStrv) lines = g_strsplit(csv, "\r\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 2001 + 2);
    g_assert_true(g_str_has_prefix(lines[1001], "p1000@"));
    g_assert_true(g_str_has_prefix(lines[2001], "p2000@"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/export/" #name, People, NULL, people_set_up, name, people_tear_down)
    TEST(cells_start_no_formula);
    TEST(a_list_as_csv);
    TEST(everybody_as_csv);
    TEST(a_list_as_json);
    TEST(more_than_one_page);
    return g_test_run();
}
