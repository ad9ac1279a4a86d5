/* Fills an announcement with a few words of the language file. Where a real one has a publisher, it has the site. */
#include "announcements/letter_check_mail.h"

static void set_publisher(Publisher *publisher, const SiteSettings *site)
{
    *publisher = (Publisher){
        .office = g_strdup(site->name),
        .person = g_strdup(*site->from_name ? site->from_name : site->name),
        .address = g_strdup(site->help_address),
        .phone = g_strdup("-"),
        .fax = g_strdup(""),
        .web = g_strdup(site->public_url),
        .email = g_strdup(site->help_address),
    };
}

Announcement *letter_check_mail(LetterTemplates *templates, const SiteSettings *site, const char *language,
                                GError **error)
{
    g_autofree char *subject = letter_templates_word(templates, language, "check_subject", error);
    g_autofree char *text = subject ? letter_templates_word(templates, language, "check_text", error) : NULL;
    if (!text)
        return NULL;
    Announcement *announcement = announcement_new();
    announcement->kind = ANNOUNCEMENT_NOTICE;
    announcement->language = g_strdup(language);
    set_publisher(&announcement->publisher, site);
    Variant *variant = announcement_add_variant(announcement, language);
    char **empty[] = {&variant->date_line, &variant->place_line, &variant->sub_headline, &variant->body,
                      &variant->contact};
    variant->subject = g_strdup(subject);
    variant->headline = g_steal_pointer(&subject);
    variant->lead = g_steal_pointer(&text);
    for (gsize i = 0; i < G_N_ELEMENTS(empty); i++)
        *empty[i] = g_strdup("");
    return announcement;
}
