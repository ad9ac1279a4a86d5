/* Any bytes as an announcement file: no crash, no leak, no endless work; and what is accepted is complete. */
#include "announcements/manuscript.h"

/* rundbrief */
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_complete(const Announcement *announcement)
{
    g_assert_true(*announcement->publisher.office && *announcement->publisher.phone);
    g_assert_cmpuint(announcement->lists->len, >, 0);
    for (guint i = 0; i < announcement->variants->len; i++) {
        const Variant *variant = announcement->variants->pdata[i];
        g_assert_true(text_is_one_line(variant->headline) && text_is_one_line(variant->subject));
        g_assert_true(*variant->lead || *variant->body);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    const SiteSettings site = {.language = (char *)"de", .zone = (char *)"Europe/Berlin"};
    g_autoptr(Manuscript) manuscript = manuscript_new(&site);
    g_autoptr(Problems) problems = problems_new();
    manuscript_add_text(manuscript, "fuzz.md", (const char *)data, size, problems);
    manuscript_check(manuscript, problems);
    g_autofree char *told = problems_text(problems);
    if (!*told)
        check_complete(manuscript_announcement(manuscript));
    return 0;
}
