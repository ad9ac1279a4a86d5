/* mail/list_headers: an announcement and a single mail say what they are, and nothing that names a person. */
#include "mail/list_headers.h"

/* libraries */
#include <string.h>

/* Only what the plan put before the body's own fields. */
static char *fields_of(PlanBuilder *builder)
{
    g_autoptr(Pieces) text = pieces_new_text("x\n");
    g_autoptr(GError) error = NULL;
    g_autoptr(Plan)
        plan = plan_builder_finish(builder, plan_part_new_text(&(PlanPartLabel){.type = "text/plain"}, text), &error);
    g_assert_no_error(error);
    g_autoptr(GString) letter = g_string_new(NULL);
    const char *values[] = {"unused", "ltoken"};
    WireLook look;
    g_assert_true(plan_fill(plan, values, letter, &look, &error));
    g_assert_no_error(error);
    return g_strndup(letter->str, (gsize)(strstr(letter->str, "MIME-Version") - letter->str));
}

#define ALWAYS "Precedence: list\r\nX-Auto-Response-Suppress: OOF, AutoReply\r\n"

static const struct {
    const char *name;
    ListHeaders known;
    const char *want;
} cases[] = {
    {"nothing known", {.leave_token_slot = 1}, ALWAYS},
    {"only a mailbox",
     {.inbox_address = "inbox@news.example", .leave_token_slot = 1},
     "List-Unsubscribe: <mailto:inbox+ltoken@news.example?subject=unsubscribe>\r\n"
     "List-Help: <mailto:inbox@news.example?subject=help>\r\n" ALWAYS},
    {"everything",
     {.list_title = "Presse im Kreis",
      .list_slug = "presse",
      .domain = "news.example",
      .inbox_address = "inbox@news.example",
      .leave_url = "https://news.example/leave/",
      .archive_url = "https://news.example/archive",
      .help_url = "https://news.example/help",
      .leave_token_slot = 1,
      .announcement = "42",
      .kind = "press-release",
      .sender = "kreis"},
     "List-Id: \"Presse im Kreis\" <presse.news.example>\r\n"
     "List-Unsubscribe: <https://news.example/leave/ltoken>,\r\n "
     "<mailto:inbox+ltoken@news.example?subject=unsubscribe>\r\n"
     "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
     "List-Archive: <https://news.example/archive>\r\n"
     "List-Help: <https://news.example/help>\r\n"
     "Feedback-ID: 42:presse:press-release:kreis\r\n" ALWAYS},
    {"long ones stand below their names",
     {.inbox_address = "rueckmeldungen@newsletter.kreis-musterland.example",
      .leave_url = "https://newsletter.kreis-musterland.example/presse/abmelden/",
      .help_url = "https://www.kreis-musterland.example/presse/newsletter/hilfe-und-fragen",
      .leave_token_slot = 1},
     "List-Unsubscribe:\r\n <https://newsletter.kreis-musterland.example/presse/abmelden/ltoken>,\r\n "
     "<mailto:rueckmeldungen+ltoken@newsletter.kreis-musterland.example?subject=unsubscribe>\r\n"
     "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
     "List-Help:\r\n <https://www.kreis-musterland.example/presse/newsletter/hilfe-und-fragen>\r\n" ALWAYS},
    {"a title beyond ASCII is left out",
     {.list_title = "Müll", .list_slug = "muell", .domain = "news.example", .leave_token_slot = 1},
     "List-Id: <muell.news.example>\r\n" ALWAYS},
    {"a title with quotes is left out",
     {.list_title = "\"A\"", .list_slug = "a", .domain = "news.example", .leave_token_slot = 1},
     "List-Id: <a.news.example>\r\n" ALWAYS},
    {"one click needs https",
     {.leave_url = "http://news.example/leave/", .leave_token_slot = 1},
     "List-Unsubscribe: <http://news.example/leave/ltoken>\r\n" ALWAYS},
    {"feedback needs all four",
     {.announcement = "42", .kind = "notice", .sender = "kreis", .leave_token_slot = 1},
     ALWAYS},
    {"empty is not known",
     {.list_title = "",
      .list_slug = "",
      .domain = "",
      .inbox_address = "",
      .leave_url = "",
      .archive_url = "",
      .help_url = "",
      .announcement = "",
      .kind = "",
      .sender = "",
      .leave_token_slot = 1},
     ALWAYS},
};

static void an_announcement_says_what_it_is(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].name);
        PlanBuilder *builder = plan_builder_new(2);
        list_headers_add_announcement(builder, &cases[i].known);
        g_autofree char *fields = fields_of(builder);
        g_assert_cmpstr(fields, ==, cases[i].want);
        g_assert_null(strstr(fields, "Auto-Submitted"));
    }
}

static void a_single_mail_says_what_it_is(void)
{
    PlanBuilder *builder = plan_builder_new(2);
    list_headers_add_single(builder);
    g_autofree char *fields = fields_of(builder);
    g_assert_cmpstr(fields, ==, "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: OOF, AutoReply\r\n");
}

/* Invariant 12. */
static void nothing_known_breaks_out(void)
{
    static const char bad[] = "x@y\r\nBcc: eve@example.org";
    const ListHeaders hostile[] = {
        {.list_title = bad, .list_slug = "a", .domain = "b"},
        {.list_slug = bad, .domain = "b"},
        {.list_slug = "a", .domain = bad},
        {.inbox_address = bad},
        {.leave_url = bad},
        {.archive_url = bad},
        {.help_url = bad},
        {.announcement = bad, .list_slug = "a", .kind = "b", .sender = "c"},
        {.announcement = "1", .list_slug = "a", .kind = bad, .sender = "c"},
        {.announcement = "1", .list_slug = "a", .kind = "b", .sender = bad},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(hostile); i++) {
        PlanBuilder *builder = plan_builder_new(1);
        list_headers_add_announcement(builder, &hostile[i]);
        g_autoptr(Pieces) text = pieces_new_text("x\n");
        g_autoptr(GError) error = NULL;
        g_assert_null(
            plan_builder_finish(builder, plan_part_new_text(&(PlanPartLabel){.type = "text/plain"}, text), &error));
        g_assert_error(error, PLAN_ERROR, PLAN_ERROR_CONTENT);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/list_headers/an_announcement_says_what_it_is", an_announcement_says_what_it_is);
    g_test_add_func("/list_headers/a_single_mail_says_what_it_is", a_single_mail_says_what_it_is);
    g_test_add_func("/list_headers/invariant_12_nothing_known_breaks_out", nothing_known_breaks_out);
    return g_test_run();
}
