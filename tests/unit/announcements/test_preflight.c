/* announcements/preflight: what lacks its publisher, a text or an alt text does not go out (invariant 10). */
#include "announcements/preflight.h"

static Announcement *make_announcement(void)
{
    Announcement *announcement = announcement_new();
    announcement->kind = ANNOUNCEMENT_INVITATION;
    announcement->language = g_strdup("de");
    announcement->publisher.office = g_strdup("Kreis Musterland");
    announcement->publisher.person = g_strdup("Änne Groß");
    announcement->publisher.address = g_strdup("Marktplatz 1");
    announcement->publisher.phone = g_strdup("01234 567");
    g_ptr_array_add(announcement->lists, g_strdup("presse"));
    static const char *const languages[] = {"de", "en"};
    Medium *medium = announcement_add_medium(announcement);
    medium->file_name = g_strdup("foto.png");
    for (gsize i = 0; i < G_N_ELEMENTS(languages); i++) {
        Variant *variant = announcement_add_variant(announcement, languages[i]);
        variant->subject = g_strdup("Sitzung");
        variant->headline = g_strdup("Sitzung");
        variant->lead = g_strdup("");
        variant->body = g_strdup("Text");
        medium_add_text(medium, languages[i])->alt = g_strdup("Ein Saal");
    }
    announcement->meeting = g_new0(Meeting, 1);
    announcement->meeting->ends_at = 1;
    announcement->meeting->place = g_strdup("Kreishaus");
    announcement->meeting->topic = g_strdup("Thema");
    return announcement;
}

static Variant *english(Announcement *announcement)
{
    return announcement->variants->pdata[1];
}

static void break_nothing(Announcement *announcement)
{
    (void)announcement;
}

static void break_phone(Announcement *announcement)
{
    announcement->publisher.phone[0] = '\0';
}

static void break_person(Announcement *announcement)
{
    memset(announcement->publisher.person, ' ', strlen(announcement->publisher.person));
}

static void break_text(Announcement *announcement)
{
    english(announcement)->body[0] = '\0';
}

static void break_headline(Announcement *announcement)
{
    english(announcement)->headline[0] = '\0';
}

static void break_fallback(Announcement *announcement)
{
    g_free(announcement->language);
    announcement->language = g_strdup("tr");
}

static void break_alt(Announcement *announcement)
{
    const Medium *medium = announcement->media->pdata[0];
    MediumText *text = medium->texts->pdata[1];
    text->alt[0] = '\0';
}

static void break_attachments(Announcement *announcement)
{
    Medium *first = announcement->media->pdata[0], *second = announcement_add_medium(announcement);
    first->attached = second->attached = true;
    medium_add_text(second, "de")->alt = g_strdup("Plan");
    medium_add_text(second, "en")->alt = g_strdup("Plan");
}

static void break_lists(Announcement *announcement)
{
    g_ptr_array_set_size(announcement->lists, 0);
}

static void break_meeting(Announcement *announcement)
{
    announcement->meeting->place[0] = '\0';
}

static const struct {
    const char *name;
    void (*spoil)(Announcement *announcement);
    const char *told;
} cases[] = {
    {"nothing is wrong", break_nothing, ""},
    {"no phone", break_phone, "announcement 4: the publisher's phone is missing; the law wants it named\n"},
    {"blank person", break_person, "announcement 4: the publisher's person is missing; the law wants it named\n"},
    {"no text in one language", break_text, "announcement 4: the text in 'en' is empty\n"},
    {"no headline", break_headline, "announcement 4: the headline in 'en' is missing\n"},
    {"no fallback", break_fallback,
     "announcement 4: there is no text in 'tr', which people get whose language is not offered\n"},
    {"no alt text in one language", break_alt, "announcement 4: 'foto.png' has no alt text in 'en'\n"},
    {"two attachments", break_attachments, "announcement 4: 2 documents are attached; only one may be\n"},
    {"no list", break_lists, "announcement 4: it goes to no list\n"},
    {"no place", break_meeting, "announcement 4: the meeting needs a place, a topic and an end after its start\n"},
};

static void what_is_incomplete_does_not_go_out(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].name);
        g_autoptr(Announcement) announcement = make_announcement();
        g_autoptr(Problems) problems = problems_new();
        cases[i].spoil(announcement);
        preflight_record(announcement, "announcement 4", problems);
        g_autofree char *told = problems_text(problems);
        g_assert_cmpstr(told, ==, cases[i].told);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/preflight/what_is_incomplete_does_not_go_out", what_is_incomplete_does_not_go_out);
    return g_test_run();
}
