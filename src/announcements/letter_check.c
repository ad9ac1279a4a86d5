/* Looks at the record, not at the manuscript's file:
 * whatever way an announcement came into the store, it passes here. */
#include "announcements/letter_check.h"

static bool is_empty(const char *text)
{
    return !text || text[strspn(text, " \t\r\n")] == '\0';
}

static void want(GString *missing, const char *text, const char *what)
{
    if (is_empty(text))
        g_string_append_printf(missing, "%s%s", missing->len ? "; " : "", what);
}

static void want_publisher(GString *missing, const Publisher *publisher)
{
    want(missing, publisher->office, "the publisher's office");
    want(missing, publisher->person, "the person responsible at the publisher");
    want(missing, publisher->address, "the publisher's postal address");
    want(missing, publisher->phone, "the publisher's phone number");
}

static void want_picture_texts(GString *missing, const Edition *edition)
{
    for (guint i = 0; i < edition->announcement->media->len; i++) {
        const Medium *medium = edition->announcement->media->pdata[i];
        const MediumText *text = medium_text(medium, edition->variant->language);
        g_autofree char *what = g_strdup_printf("an alt text for the picture %s", medium->file_name);
        if (medium->thumbnail)
            want(missing, text ? text->alt : "", what);
    }
}

static void want_meeting(GString *missing, const Announcement *announcement)
{
    if (announcement->kind == ANNOUNCEMENT_INVITATION && !announcement->meeting)
        want(missing, "", "the meeting that the invitation is for");
}

bool letter_check(const Edition *edition, GError **error)
{
    g_autoptr(GString) missing = g_string_new(NULL);
    want(missing, edition->variant->subject, "a subject");
    want(missing, edition->variant->headline, "a headline");
    want(missing, is_empty(edition->variant->body) ? edition->variant->lead : edition->variant->body, "a text");
    want_publisher(missing, &edition->announcement->publisher);
    want_picture_texts(missing, edition);
    want_meeting(missing, edition->announcement);
    want(missing, edition->list ? edition->list->slug : "", "a list, which people can leave");
    want(missing, edition->settings->site.reply_address,
         "site.reply_address in the configuration, where people can leave");
    if (missing->len == 0)
        return true;
    g_set_error(error, LETTER_ERROR, LETTER_ERROR_INCOMPLETE, "the announcement cannot go out; missing: %s",
                missing->str);
    return false;
}
