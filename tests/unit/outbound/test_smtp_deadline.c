/* outbound/smtp_deadline: no server is given up sooner than RFC 5321 4.5.3.2 allows, unless the settings say so. */
#include "outbound/smtp_deadline.h"

#include <glib.h>

#include "base/clock.h"

static const struct {
    SmtpPhase phase;
    bool writing;
    int64_t minutes;
} rows[] = {
    {SMTP_CONNECT, false, 5}, {SMTP_TLS, false, 5},  {SMTP_AUTH, false, 5}, {SMTP_MAIL, false, 5},
    {SMTP_RCPT, false, 5},    {SMTP_DATA, false, 2}, {SMTP_DOT, false, 10}, {SMTP_DOT, true, 3},
};

static void as_the_rfc_says(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", smtp_phase_word(rows[i].phase));
        g_assert_cmpint(smtp_deadline_us(rows[i].phase, rows[i].writing, 0), ==, rows[i].minutes * MINUTE_US);
    }
}

static void settings_only_shorten(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_assert_cmpint(smtp_deadline_us(rows[i].phase, rows[i].writing, SECOND_US), ==, SECOND_US);
        g_assert_cmpint(smtp_deadline_us(rows[i].phase, rows[i].writing, HOUR_US), ==, rows[i].minutes * MINUTE_US);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/smtp_deadline/as-the-rfc-says", as_the_rfc_says);
    g_test_add_func("/smtp_deadline/settings-only-shorten", settings_only_shorten);
    return g_test_run();
}
