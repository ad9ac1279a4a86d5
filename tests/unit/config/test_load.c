/* config/load: every mistake in a settings file is told, with its line and what is allowed. */
#include "config/load.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "config/describe.h"

/* A file without mistakes, in which a case below puts one thing elsewhere. Ten lines. */
#define SITE                                                                                                           \
    "site = {\n"                                                                                                       \
    "    name = \"Kreis Musterland\";\n"                                                                               \
    "    from_address = \"presse@kreis.example\";\n"                                                                   \
    "    bounce_address = \"bounces@kreis.example\";\n"                                                                \
    "    reply_address = \"inbox@kreis.example\";\n"                                                                   \
    "    help_address = \"presse@kreis.example\";\n"                                                                   \
    "};\n"
#define RELAYS "relays = ( { name = \"main\"; host = \"localhost\"; } );\n"

typedef struct Wanted {
    unsigned line;
    const char *text; /* a part of the sentence */
} Wanted;

static const struct {
    const char *name;
    const char *text;
    Wanted wanted[6]; /* all mistakes there are, by line */
} broken[] = {
    {"nothing at all", "", {{0, "the group site is missing"}, {0, "the list relays is missing"}}},
    {"unknown setting", SITE RELAYS "retry = {\n  frist_seconds = 3;\n};\n", {{10, "did you mean \"first_seconds\"?"}}},
    {"unknown setting, nothing near",
     SITE RELAYS "retry = {\n  colour = 3;\n};\n",
     {{10, "'rundbrief config explain retry' lists"}}},
    {"unknown group", SITE RELAYS "relay = ( );\n", {{9, "there is no group relay; did you mean \"relays\"?"}}},
    {"unknown top-level value", SITE RELAYS "zone = \"UTC\";\n", {{9, "there is no group zone"}}},
    {"number for text",
     SITE RELAYS "store = { path = 5; };\n",
     {{9, "store.path must be a path that begins with '/', in quotes; here stands a number"}}},
    {"text for number",
     SITE RELAYS "store = { busy_timeout_ms = \"5000\"; };\n",
     {{9, "a number from 100 to 60000 milliseconds; here stands a text in quotes"}}},
    {"text for yes or no",
     SITE RELAYS "quiet_hours = { weekends = \"yes\"; };\n",
     {{9, "true or false; here stands a text"}}},
    {"fraction", SITE RELAYS "retry = { first_seconds = 1.5; };\n", {{9, "here stands a number with a fraction"}}},
    {"below the range",
     SITE RELAYS "store = { busy_timeout_ms = 99; };\n",
     {{9, "from 100 to 60000 milliseconds; 99 is not"}}},
    {"above the range",
     SITE "relays = ( { name = \"a\"; host = \"h\"; port = 65536; } );\n",
     {{8, "relays.port must be a number from 1 to 65535; 65536 is not"}}},
    {"beyond 32 bits, which libconfig would wrap to 1",
     SITE "relays = ( { name = \"a\"; host = \"h\"; port = 4294967297; } );\n",
     {{8, "relays.port must be a number from 1 to 65535; 4294967297 is not"}}},
    {"hexadecimal beyond 32 bits",
     SITE RELAYS "retry = { first_seconds = 0x100000001; };\n",
     {{9, "retry.first_seconds must be a number from 1 to 86400 seconds; 4294967297 is not"}}},
    {"unknown word",
     SITE RELAYS "log = { level = \"loud\"; };\n",
     {{9, "log.level must be one of \"error\", \"warning\", \"info\", \"debug\"; \"loud\" is not"}}},
    {"number for a word", SITE RELAYS "log = { level = 7; };\n", {{9, "here stands a number"}}},
    {"group for a value", SITE RELAYS "log = { level = { }; };\n", {{9, "here stands a group"}}},
    {"value for a group", SITE RELAYS "log = \"debug\";\n", {{9, "log must be a group { ... }; here stands a text"}}},
    {"group for a list", SITE "relays = { name = \"main\"; };\n", {{8, "relays must be a list ( { ... }"}}},
    {"value in a list",
     SITE "relays = ( 5 );\n",
     {{8, "each of relays must be a group { ... }; here stands a number"}}},
    {"text in a list",
     SITE "relays = ( \"a\" );\n",
     {{8, "each of relays must be a group { ... }; here stands a text"}}},
    {"array for a list",
     SITE "relays = [ ];\n",
     {{8, "relays must be a list ( { ... }, { ... } ); here stands an array"}}},
    {"empty list", SITE "relays = ( );\n", {{8, "relays is empty; at least one is needed"}}},
    {"what is required is missing",
     "site = {\n  name = \"x\";\n};\n" RELAYS,
     {{1, "site.from_address is missing: a mail address"},
      {1, "site.bounce_address is missing"},
      {1, "site.reply_address is missing"},
      {1, "site.help_address is missing"}}},
    {"what is required is missing in a list",
     SITE "relays = (\n  { name = \"a\"; host = \"h\"; },\n  { name = \"b\"; }\n);\n",
     {{10, "relays.host is missing: a host name"}}},
    {"what is required is empty",
     SITE "relays = ( { name = \"\"; host = \"h\"; } );\n",
     {{8, "relays.name must be a name"}}},
    {"several at once, by line",
     "log = { level = \"x\"; };\nretry = {\n  longest_seconds = 0;\n  foo = 1;\n};\n" SITE,
     {{0, "the list relays is missing"},
      {1, "log.level"},
      {3, "retry.longest_seconds"},
      {4, "there is no setting retry.foo"}}},
    {"set twice",
     SITE RELAYS "retry = {\n  first_seconds = 5;\n  first_seconds = 6;\n};\nlog = { level = 3; };\n",
     {{11, "\"first_seconds\" is set twice here; the first time in line 10"}, {13, "log.level"}}},
    {"group set twice",
     SITE RELAYS "log = { };\nlog = { };\n",
     {{10, "\"log\" is set twice here; the first time in line 9"}}},
    {"set twice in one of two elements",
     SITE "relays = ( { name = \"a\"; host = \"h\"; }, { name = \"b\"; name = \"c\"; host = \"h\"; } );\n",
     {{8, "\"name\" is set twice"}}},
    {"name that begins with a star", SITE RELAYS "log = { *level = 5; };\n", {{9, "there is no setting \"*level\""}}},
    {"syntax, and what stands before",
     SITE "log = { level = \"x\"; };\nretry = { first_seconds = ; };\n",
     {{8, "log.level"}, {9, "syntax error; nothing behind it was read"}}},
    {"quote that never ends",
     SITE RELAYS "log = { level = \"info; };\n",
     {{9, "no closing quote"}, {9, "syntax error"}}},
    {"text at the very end", SITE RELAYS "log = \"a\"", {{9, "log must be a group"}}},
    {"comment that never ends", SITE RELAYS "/* log = { };\n", {{9, "never ends"}}},
    {"not UTF-8", SITE RELAYS "# \xff\n", {{0, "not valid UTF-8"}}},
    {"line break in a text",
     "site = { name = \"a\\nb\"; };\n" RELAYS,
     {{1, "site.name"},
      {1, "site.from_address is missing"},
      {1, "site.bounce_address is missing"},
      {1, "site.reply_address is missing"},
      {1, "site.help_address is missing"}}},
    {"escape that is no UTF-8",
     SITE RELAYS "mailboxes = ( { name = \"b\"; host = \"localhost\"; user = \"\\xff\"; password_file = \"p\"; } );\n",
     {{9, "mailboxes.user must be one line of text; that text is not"}}},
    {"include of a file that is not there",
     SITE RELAYS "@include \"none.conf\"\nlog = { level = 1; };\n",
     {{9, "cannot include \"none.conf\": there is no such file"}, {10, "log.level"}}},
    {"include of a folder", SITE RELAYS "@include \"/\"\n", {{9, "cannot include \"/\""}}},
    {"two relays of one name",
     SITE "relays = (\n  { name = \"a\"; host = \"h\"; },\n  { host = \"i\"; name = \"a\"; } );\n",
     {{10, "already one named \"a\""}}},
    {"user without password",
     SITE "relays = ( { name = \"a\"; host = \"h\"; user = \"u\"; } );\n",
     {{8, "relays.user needs relays.password_file"}}},
    {"password without user",
     SITE "relays = ( { name = \"a\"; host = \"h\"; password_file = \"p\"; } );\n",
     {{8, "relays.password_file needs relays.user"}}},
    {"password readable on the network",
     SITE "relays = ( { name = \"a\"; host = \"h\"; user = \"u\"; password_file = \"/p\"; tls = \"none\"; } );\n",
     {{8, "relays.tls: \"none\" would send the password readable"}}},
    {"token without its program",
     SITE "relays = ( { name = \"a\"; host = \"h\"; auth = \"xoauth2\"; user = \"u\"; } );\n",
     {{8, "relays.user needs relays.token_command"}}},
    {"token without a user",
     SITE "relays = ( { name = \"a\"; host = \"h\"; auth = \"xoauth2\"; } );\n",
     {{8, "needs relays.user and relays.token_command"}}},
    {"program of a token that nobody wants",
     SITE "relays = ( { name = \"a\"; host = \"h\"; token_command = \"/bin/token\"; } );\n",
     {{8, "relays.token_command needs relays.auth"}}},
    {"mailbox with a token and without its program",
     SITE RELAYS "mailboxes = ( { name = \"a\"; host = \"h\"; auth = \"xoauth2\"; user = \"u\"; } );\n",
     {{9, "mailboxes.user needs mailboxes.token_command"}}},
    {"mailbox without a password",
     SITE RELAYS "mailboxes = ( { name = \"a\"; host = \"h\"; user = \"u\"; } );\n",
     {{9, "mailboxes.user needs mailboxes.password_file"}}},
    {"mailbox that passes on into itself",
     SITE RELAYS "mailboxes = ( { name = \"a\"; host = \"h\"; user = \"u\"; password_file = \"/p\";\n"
                 "human_folder = \"Inbox\"; } );\n",
     {{9, "mailboxes.human_folder must not be mailboxes.folder"}}},
    {"password beside a token",
     SITE "relays = ( { name = \"a\"; host = \"h\"; auth = \"xoauth2\"; user = \"u\"; token_command = \"/bin/token\";\n"
          "  password_file = \"p\"; } );\n",
     {{9, "relays.password_file is of no use"}}},
    {"program without a path",
     SITE
     "relays = ( { name = \"a\"; host = \"h\"; auth = \"xoauth2\"; user = \"u\"; token_command = \"token\"; } );\n",
     {{8, "must begin with the full path"}}},
    {"token readable on the network",
     SITE "relays = ( { name = \"a\"; host = \"h\"; auth = \"xoauth2\"; user = \"u\"; token_command = \"/bin/token\";\n"
          "  tls = \"none\"; } );\n",
     {{9, "relays.tls: \"none\" would send"}}},
    {"key without a certificate",
     SITE "relays = ( { name = \"a\"; host = \"h\"; client_key = \"k\"; } );\n",
     {{8, "relays.client_key needs relays.client_cert"}}},
    {"certificate that is never shown",
     SITE "relays = ( { name = \"a\"; host = \"h\"; client_cert = \"/c\"; tls = \"none\"; } );\n",
     {{8, "relays.client_cert is of no use"}}},
    {"folders that are one",
     SITE RELAYS "mailboxes = ( { name = \"b\"; host = \"h\"; user = \"u\"; password_file = \"p\";\n"
                 "  tray_folder = \"INBOX\"; } );\n",
     {{9, "must be three different folders"}}},
    {"the inbox in two spellings",
     SITE RELAYS "mailboxes = ( { name = \"b\"; host = \"h\"; user = \"u\"; password_file = \"p\";\n"
                 "  folder = \"inbox\"; tray_folder = \"INBOX\"; } );\n",
     {{10, "must be three different folders"}}},
    {"password to a host that only begins like this one",
     SITE "relays = ( { name = \"a\"; host = \"127.0.0.1.evil.example\"; tls = \"none\"; user = \"u\"; password_file = "
          "\"p\"; } );\n",
     {{8, "would send the password readable"}}},
    {"first pause longer than the longest",
     SITE RELAYS "retry = {\n longest_seconds = 60;\n};\n",
     {{9, "retry.first_seconds must not be longer than retry.longest_seconds (60)"}}},
    {"quiet hours that never end",
     SITE RELAYS "quiet_hours = {\n start = \"21:00\";\n};\n",
     {{10, "quiet_hours.start and quiet_hours.end need each other"}}},
    {"quiet hours that are no times",
     SITE RELAYS "quiet_hours = { start = \"25:00\"; end = \"7:00\"; };\n",
     {{9, "quiet_hours.start must be a time of day such as"}, {9, "quiet_hours.end must be a time of day"}}},
    {"more days than the window has",
     SITE RELAYS "bounce = { soft_limit = 41; soft_window_days = 7; };\n",
     {{9, "bounce.soft_limit must not be more than 40: no score comes higher when points fade within "
          "bounce.soft_window_days (7)"}}},
};

static const struct {
    const char *setting; /* in group site */
    const char *value;
    bool fits;
} values[] = {
    {"from_address", "presse@kreis.example", true},
    {"from_address", "o'hara+x@kreis.example", true},
    {"from_address", "presse", false},
    {"from_address", "@kreis.example", false},
    {"from_address", "presse@", false},
    {"from_address", "a@b@c.example", false},
    {"from_address", "Presse <presse@kreis.example>", false},
    {"from_address", "presse@kr eis.example", false},
    {"from_address", "presse@müster.example", false},
    {"from_address", "presse@xn--mster-kva.example", true},
    {"from_address", "presse@-kreis.example", false},
    {"from_address", "presse@kreis..example", false},
    {"bounce_address", "bounces@kreis.example", true},
    {"bounce_address", "bounces+x@kreis.example", false},
    {"bounce_address", "a-local-part-of-25-letter@kreis.example", false},
    {"from_name", "   ", false},
    {"from_name", "\xc2\xa0", false},
    {"from_name", "Kreis", true},
    {"zone", "UTC", true},
    {"zone", "UTC+3", false},
    {"zone", "posixrules", false},
    {"zone", "right/Europe/Berlin", false},
    {"zone", "America/Argentina/Buenos_Aires", true},
    {"public_url", "HTTPS://presse.kreis.example", false},
    {"public_url", "https://kreis.example/pre sse", false},
    {"public_url", "https://kreis.example/pr<sse>", false},
    {"public_url", "https://kreis.example/pr%C3%A4", true},
    {"public_url", "https://kreis.example/pr%G3", false},
    {"public_url", "https://kreis.example/pr\xc3\xa4", false},
    {"public_url", "http://127.0.0.1.evil.example", false},
    {"public_url", "http://127.0.0.2", true},
    {"public_url", "http://[::1]:8080", true},
    {"public_url", "https://presse.kreis.example", true},
    {"public_url", "https://kreis.example/presse", true},
    {"public_url", "https://kreis.example/", false},
    {"public_url", "http://kreis.example", false},
    {"public_url", "http://localhost:8080", true},
    {"public_url", "ftp://kreis.example", false},
    {"public_url", "kreis.example", false},
    {"public_url", "https://u:p@kreis.example", false},
    {"public_url", "https://kreis.example?x=1", false},
    {"zone", "Europe/Berlin", true},
    {"zone", "UTC", true},
    {"zone", "Europe/Entenhausen", false},
    {"zone", "../../etc/passwd", false},
    {"language", "de", true},
    {"language", "de-x-leicht", true},
    {"language", "deutsch", false},
    {"language", "d", false},
    {"language", "de_DE", false},
    {"helo_name", "news.kreis.example", true},
    {"helo_name", "192.0.2.1", true},
    {"helo_name", "2001:db8::1", true},
    {"helo_name", "news_kreis.example", false},
};

static char *describe(const Problems *problems)
{
    g_autofree char *text = problems_text(problems);
    return g_strdup_printf("these were told:\n%s", text);
}

static bool is_told(const Problems *problems, const Wanted *wanted)
{
    for (guint i = 0; i < problems_count(problems); i++) {
        const Problem *problem = problems_at(problems, i);
        if (problem->line == wanted->line && strstr(problem->text, wanted->text))
            return true;
    }
    return false;
}

static void a_broken_file_is_told(gconstpointer data)
{
    guint index = GPOINTER_TO_UINT(data);
    g_autoptr(Problems) problems = problems_new();
    g_assert_null(settings_parse(broken[index].text, "/nowhere/x.conf", problems));
    g_autofree char *told = describe(problems);
    guint wanted = 0;
    for (; wanted < G_N_ELEMENTS(broken[index].wanted) && broken[index].wanted[wanted].text; wanted++)
        if (!is_told(problems, &broken[index].wanted[wanted]))
            g_error("line %u, \"%s\" is not told; %s", broken[index].wanted[wanted].line,
                    broken[index].wanted[wanted].text, told);
    if (problems_count(problems) != wanted)
        g_error("%u mistakes wanted; %s", wanted, told);
}

static void values_are_judged(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        g_autofree char *line = g_strdup_printf("%s = \"%s\";", values[i].setting, values[i].value);
        g_autoptr(GString) site = g_string_new(SITE);
        g_autofree char *begin = g_strdup_printf("    %s = ", values[i].setting);
        char *old = strstr(site->str, begin);
        if (old)
            g_string_erase(site, old - site->str, strchr(old, '\n') - old);
        g_string_insert(site, (gssize)strlen("site = {\n"), line);
        g_string_append(site, RELAYS);
        g_autoptr(Problems) problems = problems_new();
        g_autoptr(Settings) settings = settings_parse(site->str, "x.conf", problems);
        g_autofree char *told = describe(problems);
        if ((settings != NULL) != values[i].fits)
            g_error("%s %s; %s", line, values[i].fits ? "is refused" : "is taken", told);
    }
}

static Settings *must_parse(const char *text)
{
    g_autoptr(Problems) problems = problems_new();
    Settings *settings = settings_parse(text, "x.conf", problems);
    g_autofree char *told = describe(problems);
    if (!settings)
        g_error("%s", told);
    return settings;
}

static void what_is_not_written_has_its_default(void)
{
    g_autoptr(Settings) settings = must_parse(SITE RELAYS);
    g_assert_cmpstr(settings->site.zone, ==, "Europe/Berlin");
    g_assert_cmpstr(settings->site.from_name, ==, "Kreis Musterland");
    g_assert_cmpstr(settings->site.public_url, ==, "");
    g_assert_cmpstr(settings->store.path, ==, "/var/lib/rundbrief/rundbrief.db");
    g_assert_cmpstr(settings->files.runtime_dir, ==, "/run/rundbrief");
    g_assert_cmpint(settings->store.busy_timeout_ms, ==, 5000);
    g_assert_cmpint(settings->store.sync_ms, ==, 1000);
    g_assert_false(settings->quiet_hours.weekends);
    g_assert_cmpint(settings->log.level, ==, LOG_LEVEL_INFO);
    g_assert_cmpint(settings->uncertain.invitation, ==, UNCERTAIN_AGAIN);
    g_assert_cmpuint(settings->relays->len, ==, 1);
    const RelaySettings *relay = settings->relays->pdata[0];
    g_assert_cmpint(relay->port, ==, 587);
    g_assert_cmpint(relay->tls, ==, TLS_STARTTLS);
    g_assert_cmpstr(relay->user, ==, "");
    g_assert_cmpuint(settings->mailboxes->len, ==, 0);
}

static void what_is_written_arrives(void)
{
    g_autoptr(Settings) settings = must_parse(
        "\xef\xbb\xbf# with a byte order mark\n" SITE
        "relays : ( { name = \"a\"; host = \"h\" \n port = 0x19 }, { name = \"b\"; host = \"::1\";\n"
        " user = \"u\"; password_file = \"/p\"; tls = \"none\"; connections = 3L; } )\n"
        "mailboxes = ( { name = \"m\", host = \"h\", user = \"ü\\\"x\"; password_file = \"imap\";\n"
        "  poll_seconds = 5; folder = \"IN\" \"BOX\"; } );\n"
        "store = { sync_ms = 0; }; quiet_hours = { weekends = TRUE; }; // done\n"
        "log = { level = \"debug\"; }; # done\n");
    const RelaySettings *first = settings->relays->pdata[0], *second = settings->relays->pdata[1];
    const MailboxSettings *mailbox = settings->mailboxes->pdata[0];
    g_assert_cmpint(first->port, ==, 25);
    g_assert_cmpint(second->tls, ==, TLS_NONE);
    g_assert_cmpint(second->connections, ==, 3);
    g_assert_cmpstr(mailbox->user, ==, "ü\"x");
    g_assert_cmpstr(mailbox->folder, ==, "INBOX");
    g_assert_cmpint(mailbox->poll_seconds, ==, 5);
    g_assert_cmpint(settings->store.sync_ms, ==, 0);
    g_assert_true(settings->quiet_hours.weekends);
    g_assert_cmpint(settings->log.level, ==, LOG_LEVEL_DEBUG);
}

static void write_file(const char *dir, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void remove_files(const char *dir, const char *const names[])
{
    for (; *names; names++) {
        g_autofree char *path = g_build_filename(dir, *names, NULL);
        g_unlink(path);
    }
    g_rmdir(dir);
}

static void included_files_are_named_in_mistakes(void)
{
    g_autofree char *dir = g_dir_make_tmp("rundbrief-config-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "main.conf", NULL);
    write_file(dir, "main.conf", SITE "@include \"relays.conf\"\nlog = { level = \"x\"; };\n");
    write_file(dir, "relays.conf",
               "# relays\n" RELAYS "retry = { first_seconds = 0; longest_seconds = 4294967297; };\n");
    g_autoptr(Problems) problems = problems_new();
    g_assert_null(settings_load(path, problems));
    g_autofree char *text = problems_text(problems);
    g_autofree char *inside = g_strdup_printf("%s/relays.conf:3: retry.first_seconds", dir);
    g_autofree char *number = g_strdup_printf("%s/relays.conf:3: the number 4294967297", dir);
    g_autofree char *outside = g_strdup_printf("%s/main.conf:9: log.level", dir);
    g_test_message("%s", text);
    g_assert_nonnull(strstr(text, inside));
    g_assert_nonnull(strstr(text, number));
    g_assert_nonnull(strstr(text, outside));
    write_file(dir, "relays.conf", RELAYS);
    write_file(dir, "main.conf", SITE "@include \"relays.conf\"\n");
    g_autoptr(Settings) settings = settings_load(path, problems);
    g_assert_nonnull(settings);
    g_assert_cmpuint(settings->relays->len, ==, 1);
    remove_files(dir, (const char *[]){"main.conf", "relays.conf", NULL});
}

static void a_file_that_includes_itself_ends(void)
{
    g_autofree char *dir = g_dir_make_tmp("rundbrief-config-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "main.conf", NULL);
    write_file(dir, "main.conf", "@include \"main.conf\"\n");
    g_autoptr(Problems) problems = problems_new();
    g_assert_null(settings_load(path, problems));
    g_autofree char *text = problems_text(problems);
    g_assert_nonnull(strstr(text, "include each other more than 10 deep"));
    remove_files(dir, (const char *[]){"main.conf", NULL});
}

static void files_that_are_none_are_told(void)
{
    static const char *const paths[] = {"/nonexistent/rundbrief.conf", "/tmp", "/dev/zero"};
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autoptr(Problems) problems = problems_new();
        g_assert_null(settings_load(paths[i], problems));
        g_assert_cmpuint(problems_count(problems), ==, 1);
        g_assert_nonnull(strstr(problems_at(problems, 0)->text, "cannot be read"));
    }
}

/* Opening it to read would wait for a writer for ever. */
static void a_pipe_is_told(void)
{
    g_autofree char *dir = g_dir_make_tmp("rundbrief-config-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "main.conf", NULL);
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    g_autoptr(Problems) problems = problems_new();
    g_assert_null(settings_load(path, problems));
    g_assert_cmpstr(problems_at(problems, 0)->text, ==, "cannot be read: not a plain file");
    remove_files(dir, (const char *[]){"main.conf", NULL});
}

/* Takes the '#' from every setting that is commented out. */
static char *uncomment(const char *sample)
{
    g_autoptr(GRegex) regex = g_regex_new("^( +)#([a-z_]+ = )", G_REGEX_MULTILINE, 0, NULL);
    return g_regex_replace(regex, sample, -1, 0, "\\1\\2", 0, NULL);
}

static void the_sample_has_no_mistakes(void)
{
    g_autofree char *sample = describe_sample(), *all = uncomment(sample);
    g_assert_cmpstr(sample, !=, all);
    g_autoptr(Settings) settings = must_parse(sample);
    g_autoptr(Settings) every = must_parse(all);
    g_assert_cmpint(every->store.busy_timeout_ms, ==, settings->store.busy_timeout_ms);
    g_assert_cmpstr(every->files.templates_dir, ==, settings->files.templates_dir);
    g_assert_nonnull(strstr(sample, "password_file"));
    g_assert_null(strstr(sample, "password ="));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(broken); i++) {
        g_autofree char *path = g_strdup_printf("/config/broken/%s", broken[i].name);
        g_test_add_data_func(path, GUINT_TO_POINTER(i), a_broken_file_is_told);
    }
#define TEST(name) g_test_add_func("/config/" #name, name)
    TEST(values_are_judged);
    TEST(what_is_not_written_has_its_default);
    TEST(what_is_written_arrives);
    TEST(included_files_are_named_in_mistakes);
    TEST(a_file_that_includes_itself_ends);
    TEST(files_that_are_none_are_told);
    TEST(a_pipe_is_told);
    TEST(the_sample_has_no_mistakes);
    return g_test_run();
}
