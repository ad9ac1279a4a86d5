/* The record of an announcement and its legal moves. */
#include "model/announcement.h"

/* rundbrief */
#include "base/language.h"

WORDS_DEFINE(AnnouncementKind, announcement_kind, ANNOUNCEMENT_KINDS);
WORDS_DEFINE(AnnouncementState, announcement_state, ANNOUNCEMENT_STATES);

#define TO(state) (1u << ANNOUNCEMENT_##state)

static const guint legal[] = {
    [ANNOUNCEMENT_DRAFT] = TO(SCHEDULED) | TO(CANCELLED),
    [ANNOUNCEMENT_SCHEDULED] = TO(SENDING) | TO(PAUSED) | TO(DRAFT) | TO(CANCELLED),
    [ANNOUNCEMENT_SENDING] = TO(PAUSED) | TO(SENT) | TO(CANCELLED),
    [ANNOUNCEMENT_PAUSED] = TO(SCHEDULED) | TO(SENDING) | TO(CANCELLED),
    [ANNOUNCEMENT_SENT] = TO(SENDING), /* staff send the failed ones again */
    [ANNOUNCEMENT_CANCELLED] = 0,
};

bool announcement_may_become(AnnouncementState from, AnnouncementState to)
{
    return (legal[from] & (1u << to)) != 0;
}

static void publisher_clear(Publisher *publisher)
{
    g_free(publisher->office);
    g_free(publisher->person);
    g_free(publisher->address);
    g_free(publisher->phone);
    g_free(publisher->fax);
    g_free(publisher->web);
    g_free(publisher->email);
}

static void variant_free(gpointer data)
{
    Variant *variant = data;
    g_free(variant->language);
    g_free(variant->subject);
    g_free(variant->date_line);
    g_free(variant->place_line);
    g_free(variant->headline);
    g_free(variant->sub_headline);
    g_free(variant->lead);
    g_free(variant->body);
    g_free(variant->contact);
    g_free(variant);
}

static void medium_text_free(gpointer data)
{
    MediumText *text = data;
    g_free(text->language);
    g_free(text->caption);
    g_free(text->alt);
    g_free(text);
}

static void medium_free(gpointer data)
{
    Medium *medium = data;
    g_free(medium->file_name);
    g_free(medium->media_type);
    g_free(medium->sha256);
    g_free(medium->credit);
    g_free(medium->licence);
    g_clear_pointer(&medium->thumbnail, g_bytes_unref);
    g_ptr_array_unref(medium->texts);
    g_free(medium);
}

static void meeting_free(Meeting *meeting)
{
    if (!meeting)
        return;
    g_free(meeting->uid);
    g_free(meeting->place);
    g_free(meeting->topic);
    g_free(meeting->registration);
    g_free(meeting);
}

Announcement *announcement_new(void)
{
    Announcement *announcement = g_new0(Announcement, 1);
    announcement->lists = g_ptr_array_new_with_free_func(g_free);
    announcement->variants = g_ptr_array_new_with_free_func(variant_free);
    announcement->media = g_ptr_array_new_with_free_func(medium_free);
    return announcement;
}

void announcement_free(Announcement *announcement)
{
    if (!announcement)
        return;
    g_free(announcement->language);
    publisher_clear(&announcement->publisher);
    g_ptr_array_unref(announcement->lists);
    g_ptr_array_unref(announcement->variants);
    g_ptr_array_unref(announcement->media);
    meeting_free(announcement->meeting);
    g_free(announcement);
}

Variant *announcement_add_variant(Announcement *announcement, const char *language)
{
    Variant *variant = g_new0(Variant, 1);
    variant->language = g_strdup(language);
    g_ptr_array_add(announcement->variants, variant);
    return variant;
}

Medium *announcement_add_medium(Announcement *announcement)
{
    Medium *medium = g_new0(Medium, 1);
    medium->texts = g_ptr_array_new_with_free_func(medium_text_free);
    g_ptr_array_add(announcement->media, medium);
    return medium;
}

MediumText *medium_add_text(Medium *medium, const char *language)
{
    MediumText *text = g_new0(MediumText, 1);
    text->language = g_strdup(language);
    g_ptr_array_add(medium->texts, text);
    return text;
}

const Variant *announcement_variant(const Announcement *announcement, const char *language)
{
    const Variant *best = NULL, *fallback = NULL;
    int best_match = 0;
    for (guint i = 0; i < announcement->variants->len; i++) {
        const Variant *variant = announcement->variants->pdata[i];
        int match = language_match(variant->language, language);
        if (match > best_match) {
            best = variant;
            best_match = match;
        }
        if (!fallback || g_str_equal(variant->language, announcement->language))
            fallback = variant;
    }
    return best ? best : fallback;
}

const MediumText *medium_text(const Medium *medium, const char *language)
{
    for (guint i = 0; i < medium->texts->len; i++) {
        const MediumText *text = medium->texts->pdata[i];
        if (language_match(text->language, language))
            return text;
    }
    return medium->texts->len ? medium->texts->pdata[0] : NULL;
}
