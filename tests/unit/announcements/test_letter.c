/* announcements/letter: what goes out is complete, says the same in both looks, names the right people in its headers
 * and cannot be bent by what somebody typed into a field.
 * Written with the templates of the source tree, read back by mail/parse. */
#include "announcements/letter.h"

/* libraries */
#include <glib/gstdio.h>

/* rundbrief */
#include "announcements/letter_templates.h"
#include "base/clock.h"
#include "base/limits.h"
#include "mail/parse.h"
#include "mail/plan.h"
#include "mail/verp.h"
#include "store/announcement_store.h"
#include "store/list_store.h"
#include "store/migrate.h"

#define NOW (INT64_C(1525244400) * SECOND_US) /* 2018-05-02 09:00 in Berlin */

typedef struct Fixture {
    char *dir;
    Settings *settings;
    Keyring *keyring;
    Db *db;
    LetterBox *box;
    MailingList *list;
    Announcement *announcement;
    Recipient recipient;
    Letter letter;
    GError *error;
} Fixture;

/* ---- an invented county ------------------------------------------------------------------------------------------ */

static Settings *new_settings(const char *dir)
{
    Settings *settings = g_new0(Settings, 1);
    SiteSettings *site = &settings->site;
    *site = (SiteSettings){
        .name = g_strdup("Kreis Musterland"),
        .language = g_strdup("de"),
        .zone = g_strdup("Europe/Berlin"),
        .public_url = g_strdup(""),
        .from_name = g_strdup("Kreis Musterland, Pressestelle"),
        .from_address = g_strdup("presse@kreis.example"),
        .bounce_address = g_strdup("bounces@news.example"),
        .reply_address = g_strdup("inbox@news.example"),
        .help_address = g_strdup("hilfe@kreis.example"),
        .helo_name = g_strdup(""),
    };
    settings->store.path = g_build_filename(dir, "news.db", NULL);
    settings->store.busy_timeout_ms = 10000;
    settings->files.templates_dir = g_strdup("templates");
    settings->files.media_dir = g_strdup(dir);
    settings->files.keys = g_build_filename(dir, "keys", NULL);
    settings->relays = g_ptr_array_new();
    settings->providers = g_ptr_array_new();
    settings->mailboxes = g_ptr_array_new();
    settings->dkim = g_ptr_array_new();
    return settings;
}

static MailingList *new_list(void)
{
    MailingList *list = g_new0(MailingList, 1);
    list->slug = g_strdup("presse");
    list->title = g_strdup("Presseinformationen");
    list->description = g_strdup("");
    list->language = g_strdup("de");
    list->legal_basis = LEGAL_CONSENT;
    list->from_name = g_strdup("");
    list->from_address = g_strdup("");
    list->sender_address = g_strdup("");
    list->reply_to = g_strdup("");
    return list;
}

static Variant *fill_variant(Variant *variant, const char *headline, const char *lead, const char *body)
{
    variant->subject = g_strdup(headline);
    variant->date_line = g_strdup("2. Mai 2018");
    variant->place_line = g_strdup("Kreis Musterland.");
    variant->headline = g_strdup(headline);
    variant->sub_headline = g_strdup("Nächstes Treffen im Mai");
    variant->lead = g_strdup(lead);
    variant->body = g_strdup(body);
    variant->contact = g_strdup("Ann Beispiel\nTelefon 01234 56");
    return variant;
}

static Announcement *new_announcement(void)
{
    Announcement *announcement = announcement_new();
    announcement->kind = ANNOUNCEMENT_PRESS_RELEASE;
    announcement->language = g_strdup("de");
    announcement->publisher = (Publisher){
        .office = g_strdup("Kreis Musterland, Pressestelle"),
        .person = g_strdup("Kirsten Muster"),
        .address = g_strdup("Musterstraße 10, 12345 Musterstadt"),
        .phone = g_strdup("01234 567-0"),
        .fax = g_strdup(""),
        .web = g_strdup("www.kreis.example"),
        .email = g_strdup("presse@kreis.example"),
    };
    g_ptr_array_add(announcement->lists, g_strdup("presse"));
    fill_variant(announcement_add_variant(announcement, "de"), "„Zuwanderung“: Größe zählt & mehr",
                 "Was sind *Migrantenorganisationen*?",
                 "Özer sagt: „Danke“ – [mehr](https://kreis.example/x).\n\n- eins\n- zwei");
    fill_variant(announcement_add_variant(announcement, "en"), "Conference", "What are they?", "Read more.");
    return announcement;
}

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->dir = g_dir_make_tmp("rundbrief-letter-XXXXXX", NULL);
    f->settings = new_settings(f->dir);
    g_assert_true(keyring_create(f->settings->files.keys, NULL));
    f->keyring = keyring_load(f->settings->files.keys, NULL);
    migrate_run(&f->settings->store, NULL, &f->error);
    g_assert_no_error(f->error);
    f->db = db_open(&f->settings->store, &f->error);
    g_assert_no_error(f->error);
    f->list = new_list();
    g_autoptr(DbTransaction) tx = db_begin(f->db, NULL);
    g_assert_true(list_insert(f->db, f->list, NOW, NULL));
    g_assert_true(db_commit(&tx, NULL));
    f->box = letter_box_new(f->settings, f->keyring, &f->error);
    g_assert_no_error(f->error);
    f->announcement = new_announcement();
    f->recipient = (Recipient){.subscriber_id = 7, .list_id = f->list->id, .address = g_strdup("ann@example.org")};
    f->recipient.name = g_strdup("Ann Beispiel");
    f->recipient.language = g_strdup("de");
}

static void remove_folder(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_unlink(file);
    }
    g_rmdir(path);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    letter_clear(&f->letter);
    letter_box_free(f->box);
    announcement_free(f->announcement);
    mailing_list_free(f->list);
    recipient_clear(&f->recipient);
    db_close(f->db);
    keyring_free(f->keyring);
    settings_free(f->settings);
    g_clear_error(&f->error);
    remove_folder(f->dir);
    g_free(f->dir);
}

static void replace(char **field, const char *text)
{
    g_free(*field);
    *field = g_strdup(text);
}

static int64_t store(Fixture *f)
{
    g_autoptr(DbTransaction) tx = db_begin(f->db, NULL);
    g_assert_true(announcement_insert(f->db, f->announcement, NOW, &f->error));
    g_assert_true(db_commit(&tx, NULL));
    return f->announcement->id;
}

/* As it is really sent; store() comes first. */
static Message *sent(Fixture *f)
{
    letter_write(f->box, f->db, f->announcement->id, &f->recipient, NOW, &f->letter, &f->error);
    g_assert_no_error(f->error);
    return message_parse(f->letter.bytes->str, f->letter.bytes->len);
}

static Message *preview(Fixture *f)
{
    g_assert_true(letter_preview(f->box, f->db, f->announcement, &f->recipient, NOW, &f->letter, &f->error) ||
                  f->error);
    g_assert_no_error(f->error);
    return message_parse(f->letter.bytes->str, f->letter.bytes->len);
}

static const char *text_of(Message *message, const char *type)
{
    MimePart *part = message_find_part(message, type);
    g_assert_nonnull(part);
    return mime_part_text(part);
}

static void assert_contains(const char *text, const char *wanted)
{
    if (!strstr(text, wanted))
        g_error("“%s” is missing in:\n%s", wanted, text);
}

static void assert_lacks(const char *text, const char *unwanted)
{
    if (strstr(text, unwanted))
        g_error("“%s” must not be in:\n%s", unwanted, text);
}

/* ---- headers ----------------------------------------------------------------------------------------------------- */

static void announcement_headers(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(Message) message = preview(f);
    Fields *fields = message_fields(message);
    char leave[TOKEN_TEXT_SIZE];
    token_encode(f->keyring, &(Token){TOKEN_LEAVE, f->list->id, PREVIEW_SUBSCRIBER}, leave);
    g_assert_cmpstr(fields_text(fields, "Subject"), ==, "„Zuwanderung“: Größe zählt & mehr");
    g_assert_cmpstr(fields_text(fields, "Date"), ==, "Wed, 02 May 2018 09:00:00 +0200");
    assert_contains(fields_text(fields, "From"), "<presse@kreis.example>");
    assert_contains(fields_text(fields, "From"), "Kreis Musterland, Pressestelle");
    assert_contains(fields_text(fields, "To"), "Ann Beispiel");
    assert_contains(fields_text(fields, "To"), "<ann@example.org>");
    assert_contains(fields_text(fields, "List-Id"), "<presse.news.example>");
    g_autofree char *address = g_strdup_printf("<mailto:inbox+%s@news.example", leave);
    assert_contains(fields_text(fields, "List-Unsubscribe"), address);
    assert_lacks(fields_text(fields, "List-Unsubscribe"), "https:");
    g_assert_false(fields_has(fields, "List-Unsubscribe-Post"));
    assert_contains(fields_text(fields, "List-Help"), "mailto:hilfe@kreis.example");
    g_assert_cmpstr(fields_text(fields, "Precedence"), ==, "list");
    g_assert_cmpstr(fields_text(fields, "X-Auto-Response-Suppress"), ==, "OOF, AutoReply");
    g_assert_cmpstr(fields_text(fields, "Feedback-ID"), ==, "a0:presse:press-release:news.example");
    g_assert_false(fields_has(fields, "Auto-Submitted"));
    g_assert_false(fields_has(fields, "Sender"));
    g_assert_false(fields_has(fields, "Reply-To"));
    Token token;
    g_assert_true(verp_find(f->keyring, f->letter.envelope_from, TOKEN_DELIVERY, &token));
    g_assert_cmpint(token.second, ==, PREVIEW_SUBSCRIBER);
    g_assert_true(g_str_has_prefix(f->letter.envelope_from, "bounces+d"));
    g_assert_cmpstr(f->letter.envelope_to, ==, "ann@example.org");
    g_assert_false(f->letter.needs_utf8);
}

/* Each word of the mail that one of our keys signed. */
static void assert_no_token_of(const Fixture *f, int64_t subscriber_id)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
    guint found = 0;
    for (const char *p = f->letter.bytes->str; *(p += strcspn(p, alphabet)); p += strspn(p, alphabet)) {
        g_autofree char *word = g_strndup(p, strspn(p, alphabet));
        Token token;
        if (!token_decode(f->keyring, word, &token))
            continue;
        g_assert_cmpint(token.second, !=, subscriber_id);
        found++;
    }
    g_assert_cmpuint(found, >, 0);
    Token token;
    g_assert_true(verp_find(f->keyring, f->letter.envelope_from, TOKEN_DELIVERY, &token));
    g_assert_cmpint(token.second, !=, subscriber_id);
}

static void a_preview_has_power_over_nobody(Fixture *f, gconstpointer data)
{
    (void)data;
    replace(&f->settings->site.public_url, "https://presse.kreis.example");
    g_autoptr(Message) message = preview(f);
    assert_contains(fields_text(message_fields(message), "To"), "Ann Beispiel");
    assert_no_token_of(f, f->recipient.subscriber_id);
    f->recipient.wants_text = true;
    g_autoptr(Message) text = preview(f);
    assert_contains(text_of(text, "text/plain"), "/leave/l");
    assert_no_token_of(f, f->recipient.subscriber_id);
}

static void one_click_leaving_needs_a_public_url(Fixture *f, gconstpointer data)
{
    (void)data;
    replace(&f->settings->site.public_url, "https://presse.kreis.example");
    g_autoptr(Message) message = preview(f);
    Fields *fields = message_fields(message);
    assert_contains(fields_text(fields, "List-Unsubscribe"), "<https://presse.kreis.example/leave/l");
    g_assert_cmpstr(fields_text(fields, "List-Unsubscribe-Post"), ==, "List-Unsubscribe=One-Click");
    g_assert_cmpstr(fields_text(fields, "List-Archive"), ==, "<https://presse.kreis.example>");
    assert_contains(text_of(message, "text/html"), "href=\"https://presse.kreis.example/leave/l");
    const char *leave = strstr(text_of(message, "text/plain"), "\nAbmelden:\nhttps://presse.kreis.example/leave/l");
    g_assert_nonnull(leave);
    assert_lacks(leave + 1 + strlen("Abmelden:"), "Abmelden:");
    assert_contains(leave, "\ninbox+l");
}

static void the_list_decides_who_sends(Fixture *f, gconstpointer data)
{
    (void)data;
    replace(&f->list->from_name, "Arbeitskreis");
    replace(&f->list->from_address, "ak@kreis.example");
    replace(&f->list->sender_address, "post@kreis.example");
    replace(&f->list->reply_to, "antwort@kreis.example");
    g_autoptr(DbTransaction) tx = db_begin(f->db, NULL);
    g_assert_true(list_update(f->db, f->list, NULL));
    g_assert_true(db_commit(&tx, NULL));
    g_autoptr(Message) message = preview(f);
    Fields *fields = message_fields(message);
    g_assert_cmpstr(fields_text(fields, "From"), ==, "Arbeitskreis <ak@kreis.example>");
    assert_contains(fields_text(fields, "Sender"), "post@kreis.example");
    assert_contains(fields_text(fields, "Reply-To"), "antwort@kreis.example");
}

/* Values of two header fields stay while keys are rotated and time goes by; the others of a delivery may change. */
static void invariant_4_message_id_never_changes(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(Message) first = preview(f);
    g_autofree char *before = g_strdup(fields_text(message_fields(first), "Message-ID"));
    g_assert_true(keyring_rotate(f->settings->files.keys, NULL));
    g_autoptr(Keyring) rotated = keyring_load(f->settings->files.keys, NULL);
    g_autoptr(LetterBox) box = letter_box_new(f->settings, rotated, NULL);
    g_assert_true(letter_preview(box, f->db, f->announcement, &f->recipient, NOW + DAY_US, &f->letter, NULL));
    g_autoptr(Message) second = message_parse(f->letter.bytes->str, f->letter.bytes->len);
    g_assert_cmpstr(fields_text(message_fields(second), "Message-ID"), ==, before);
    g_assert_true(g_str_has_suffix(before, "@news.example>"));
}

/* ---- what it says ------------------------------------------------------------------------------------------------ */

static void press_release_says_the_same_in_both_looks(Fixture *f, gconstpointer data)
{
    (void)data;
    static const char *const in_both[] = {"Presseinformation",
                                          "2. Mai 2018",
                                          "Nächstes Treffen im Mai",
                                          "Özer sagt: „Danke“ –",
                                          "https://kreis.example/x",
                                          "Ann Beispiel",
                                          "Herausgeber",
                                          "Kirsten Muster",
                                          "Musterstraße 10, 12345 Musterstadt",
                                          "01234 567-0",
                                          "www.kreis.example",
                                          "„Presseinformationen“ abonniert"};
    g_autoptr(Message) message = preview(f);
    const char *text = text_of(message, "text/plain"), *html = text_of(message, "text/html");
    for (gsize i = 0; i < G_N_ELEMENTS(in_both); i++) {
        assert_contains(text, in_both[i]);
        assert_contains(html, in_both[i]);
    }
    assert_contains(text, "\n\n„Zuwanderung“: Größe zählt & mehr\n\nNächstes Treffen im Mai\n\n");
    assert_contains(html, "<h1 lang=\"de\" dir=\"ltr\">„Zuwanderung“: Größe zählt &amp; mehr</h1>");
    assert_contains(text, "Kreis Musterland. Was sind Migrantenorganisationen?\n");
    assert_contains(html, "<p><strong>Kreis Musterland.</strong> Was sind <em>Migrantenorganisationen</em>?</p>");
    assert_contains(html, "<html lang=\"de\" dir=\"ltr\">");
    assert_contains(html, "href=\"mailto:inbox+l");
    assert_contains(text, "\ninbox+l");
}

/* Every link of the HTML part but the leave link, one a line. */
static char *links_of(Message *message)
{
    g_autoptr(GString) links = g_string_new(NULL);
    g_auto(GStrv) pieces = g_strsplit(text_of(message, "text/html"), "href=\"", -1);
    for (guint i = 1; pieces[i]; i++) {
        gsize length = strcspn(pieces[i], "\"");
        if (!g_strstr_len(pieces[i], (gssize)length, "leave"))
            g_string_append_printf(links, "%.*s\n", (int)length, pieces[i]);
    }
    return g_string_free(g_steal_pointer(&links), FALSE);
}

/* Nothing is fetched when the mail is opened, and no link but the one for leaving tells who pressed it. */
static void invariant_11_nothing_is_loaded_or_tracked(Fixture *f, gconstpointer data)
{
    (void)data;
    static const char *const loaders[] = {"src=\"http",       "url(", "<link", "<script", "@import", "<iframe",
                                          "background=\"http"};
    static const char *const receipts[] = {"Disposition-Notification-To", "Return-Receipt-To", "X-Confirm-Reading-To"};
    replace(&f->settings->site.public_url, "https://presse.kreis.example");
    store(f);
    g_autoptr(Message) ann = sent(f);
    for (gsize i = 0; i < G_N_ELEMENTS(loaders); i++)
        assert_lacks(text_of(ann, "text/html"), loaders[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(receipts); i++)
        g_assert_false(fields_has(message_fields(ann), receipts[i]));
    f->recipient.subscriber_id = 8;
    replace(&f->recipient.address, "bob@example.org");
    g_autoptr(Message) bob = sent(f);
    g_assert_cmpstr(fields_text(message_fields(ann), "List-Unsubscribe"), !=,
                    fields_text(message_fields(bob), "List-Unsubscribe"));
    g_autofree char *links = links_of(ann), *links_of_bob = links_of(bob);
    assert_contains(links, "https://kreis.example/x\n");
    g_assert_cmpstr(links, ==, links_of_bob);
    g_assert_cmpstr(fields_text(message_fields(ann), "Feedback-ID"), ==,
                    fields_text(message_fields(bob), "Feedback-ID"));
}

static void each_reader_gets_their_language_and_format(Fixture *f, gconstpointer data)
{
    (void)data;
    replace(&f->recipient.language, "en-GB");
    f->recipient.wants_text = true;
    g_autoptr(Message) message = preview(f);
    g_assert_cmpstr(fields_text(message_fields(message), "Subject"), ==, "Conference");
    g_assert_null(message_find_part(message, "text/html"));
    g_assert_cmpuint(message_part_count(message), ==, 1);
    assert_contains(text_of(message, "text/plain"), "Published by:");
    replace(&f->recipient.language, "tr");
    g_autoptr(Message) fallback = preview(f);
    assert_contains(text_of(fallback, "text/plain"), "Herausgeber:");
}

static void add_meeting(Fixture *f)
{
    f->announcement->kind = ANNOUNCEMENT_INVITATION;
    Meeting *meeting = f->announcement->meeting = g_new0(Meeting, 1);
    meeting->uid = g_strdup("m1@news.example");
    meeting->starts_at = INT64_C(1526310000) * SECOND_US; /* 2018-05-14 17:00 in Berlin */
    meeting->ends_at = meeting->starts_at + 2 * HOUR_US;
    meeting->place = g_strdup("Kreishaus, Großer Saal");
    meeting->topic = g_strdup("Fördermittel");
    meeting->registration = g_strdup("bis 9. Mai an ak@kreis.example");
}

/* No Arabic words: the frame and its labels are the site's, and say so; the text says its own. */
static void text_and_words_each_tell_their_language(Fixture *f, gconstpointer data)
{
    (void)data;
    fill_variant(announcement_add_variant(f->announcement, "ar"), "مؤتمر", "ما هي", "اقرأ");
    replace(&f->recipient.language, "ar");
    g_autoptr(Message) message = preview(f);
    const char *html = text_of(message, "text/html");
    assert_contains(html, "<html lang=\"de\" dir=\"ltr\">");
    assert_contains(html, "role=\"article\" lang=\"de\" dir=\"ltr\"");
    assert_contains(html, "<h1 lang=\"ar\" dir=\"rtl\">مؤتمر</h1>");
    assert_contains(html, "<div class=\"text\" lang=\"ar\" dir=\"rtl\">");
    add_meeting(f);
    g_autoptr(Message) invitation = preview(f); /* no Arabic words: the site's, and dates that go with them */
    assert_contains(text_of(invitation, "text/plain"), "Wann: Montag, 14. Mai 2018, 17:00 bis 19:00 Uhr\n");
    assert_contains(text_of(invitation, "text/html"), "<p lang=\"de\" dir=\"ltr\">Guten Tag Ann Beispiel,</p>");
}

static void invitation_has_greeting_facts_and_calendar(Fixture *f, gconstpointer data)
{
    (void)data;
    add_meeting(f);
    g_autoptr(Message) message = preview(f);
    static const char *const in_both[] = {"Einladung",
                                          "Guten Tag Ann Beispiel,",
                                          "Montag, 14. Mai 2018, 17:00 bis 19:00 Uhr",
                                          "Kreishaus, Großer Saal",
                                          "Fördermittel",
                                          "ak@kreis.example"};
    for (gsize i = 0; i < G_N_ELEMENTS(in_both); i++) {
        assert_contains(text_of(message, "text/plain"), in_both[i]);
        assert_contains(text_of(message, "text/html"), in_both[i]);
    }
    MimePart *calendar = message_find_part(message, "text/calendar");
    g_assert_nonnull(calendar);
    g_autofree char *method = mime_part_parameter(calendar, "method");
    g_assert_cmpstr(method, ==, "PUBLISH");
    assert_contains(mime_part_text(calendar), "METHOD:PUBLISH");
    assert_contains(mime_part_text(calendar), "UID:m1@news.example");
    replace(&f->recipient.name, "");
    g_autoptr(Message) nameless = preview(f);
    assert_contains(text_of(nameless, "text/plain"), "\nGuten Tag,\n");
}

static int64_t queue(Fixture *f, int64_t at)
{
    int64_t id = store(f);
    g_autoptr(DbTransaction) tx = db_begin(f->db, NULL);
    g_assert_true(announcement_set_send_at(f->db, id, at, &f->error));
    g_assert_true(db_commit(&tx, NULL));
    return id;
}

/* Written for the 2nd, queued for the 4th. */
static void a_date_line_left_out_is_the_day_of_sending(Fixture *f, gconstpointer data)
{
    (void)data;
    replace(&((Variant *)f->announcement->variants->pdata[0])->date_line, "");
    f->announcement->send_at = NOW;
    g_autoptr(Message) draft = preview(f);
    assert_contains(text_of(draft, "text/plain"), "\n2. Mai 2018\n");
    queue(f, NOW + 2 * DAY_US);
    g_autoptr(Message) letter = sent(f);
    assert_contains(text_of(letter, "text/plain"), "\n4. Mai 2018\n");
    assert_contains(text_of(letter, "text/html"), " 4. Mai 2018</p>");
}

static void an_embargo_is_told_by_each_kind_in_both_looks(Fixture *f, gconstpointer data)
{
    (void)data;
    static const char told[] = "Sperrfrist: Mittwoch, 2. Mai 2018, 10:00 Uhr";
    add_meeting(f);
    f->announcement->embargo_at = NOW + HOUR_US;
    for (AnnouncementKind kind = ANNOUNCEMENT_PRESS_RELEASE; kind <= ANNOUNCEMENT_NOTICE; kind++) {
        f->announcement->kind = kind;
        f->announcement->send_at = 0;
        g_autoptr(Message) message = preview(f);
        assert_contains(text_of(message, "text/plain"), told);
        assert_contains(text_of(message, "text/html"), told);
        f->announcement->send_at = NOW + HOUR_US; /* looked at before, goes out when it is over */
        g_autoptr(Message) later = preview(f);
        assert_lacks(text_of(later, "text/plain"), "Sperrfrist");
        assert_lacks(text_of(later, "text/html"), "Sperrfrist");
    }
}

/* A label and what stands behind it are one paragraph, wrapped once. */
static void labels_are_wrapped_with_what_they_label(Fixture *f, gconstpointer data)
{
    (void)data;
    add_meeting(f);
    replace(&f->announcement->meeting->registration,
            "bis Mittwoch, 9. Mai 2018, telefonisch unter 01234 567-12 oder an *ak@kreis.example*, damit wir genug "
            "Stühle stellen");
    g_autoptr(Message) message = preview(f);
    assert_contains(text_of(message, "text/plain"),
                    "\nAnmeldung: bis Mittwoch, 9. Mai 2018, telefonisch unter 01234 567-12\n"
                    "oder an ak@kreis.example, damit wir genug Stühle stellen\n");
}

static void the_calendar_wraps_its_text_itself(Fixture *f, gconstpointer data)
{
    (void)data;
    add_meeting(f);
    Variant *variant = f->announcement->variants->pdata[0];
    replace(&variant->lead,
            "Das Netzwerk lädt alle ein, die sich für das Miteinander im Kreis einsetzen, und freut sich\n"
            "auf viele neue Gesichter.");
    g_autoptr(Message) message = preview(f);
    g_autoptr(GString) calendar = g_string_new(mime_part_text(message_find_part(message, "text/calendar")));
    g_string_replace(calendar, "\n ", "", 0);
    assert_contains(
        calendar->str,
        "\nDESCRIPTION:Kreis Musterland. Das Netzwerk lädt alle ein\\, die sich für das Miteinander im Kreis "
        "einsetzen\\, und freut sich auf viele neue Gesichter.\\n\\nThema: Fördermittel\\nAnmeldung: bis 9. Mai "
        "an ak@kreis.example\n");
}

/* ---- media ------------------------------------------------------------------------------------------------------- */

static Medium *add_medium(Fixture *f, const char *file_name, const char *type, const char *alt)
{
    Medium *medium = announcement_add_medium(f->announcement);
    medium->id = f->announcement->media->len;
    medium->file_name = g_strdup(file_name);
    medium->media_type = g_strdup(type);
    medium->size = 2412345;
    medium->sha256 = g_strdup("0123abcd");
    medium->credit = g_strdup("M. Muster");
    medium->licence = g_strdup("");
    MediumText *text = medium_add_text(medium, "de");
    text->caption = g_strdup("");
    text->alt = g_strdup(alt);
    return medium;
}

static void pictures_travel_as_thumbnails_with_alt_and_credit(Fixture *f, gconstpointer data)
{
    (void)data;
    replace(&f->settings->site.public_url, "https://presse.kreis.example/");
    Medium *photo = add_medium(f, "Saal groß.jpg", "image/jpeg", "Ein \"Saal\" mit <Menschen>");
    photo->thumbnail = g_bytes_new_static("\xff\xd8jpeg", 6);
    g_autoptr(Message) message = preview(f);
    const char *html = text_of(message, "text/html");
    assert_contains(html, "<img src=\"cid:picture1@news.example\" alt=\"Ein &quot;Saal&quot; mit &lt;Menschen&gt;\"");
    assert_contains(html, "<a href=\"https://presse.kreis.example/media/1/Saal%20gro%C3%9F.jpg\">");
    assert_contains(html, "(JPEG, 2,4 MB)");
    assert_contains(html, "Foto: M. Muster");
    assert_contains(text_of(message, "text/plain"), "Das Bild zeigt: Ein \"Saal\" mit <Menschen>\n");
    g_assert_nonnull(message_find_part(message, "image/jpeg"));
    g_assert_nonnull(message_find_part(message, "multipart/related"));
    f->recipient.wants_text = true;
    g_autoptr(Message) plain = preview(f);
    g_assert_null(message_find_part(plain, "image/jpeg"));
}

static void documents_are_named_or_attached(Fixture *f, gconstpointer data)
{
    (void)data;
    Medium *document = add_medium(f, "Programm.pdf", "application/pdf", "");
    g_autoptr(Message) named = preview(f);
    assert_contains(text_of(named, "text/plain"), "- Programm.pdf (PDF, 2,4 MB)\n");
    assert_contains(text_of(named, "text/plain"), "auf Anfrage: presse@kreis.example");
    g_assert_null(message_find_part(named, "application/pdf"));
    document->attached = true;
    g_autofree char *path = g_build_filename(f->dir, document->sha256, NULL);
    g_assert_true(g_file_set_contents(path, "%PDF-1.4 Inhalt", -1, NULL));
    g_autoptr(Message) attached = preview(f);
    assert_contains(text_of(attached, "text/plain"), "liegt dieser E-Mail bei");
    g_assert_nonnull(message_find_part(attached, "application/pdf"));
    g_unlink(path);
    g_assert_false(letter_preview(f->box, f->db, f->announcement, &f->recipient, NOW, &f->letter, &f->error));
    assert_contains(f->error->message, "the attachment Programm.pdf: ");
}

/* The HTML part without its tags and line ends, as words. */
static char *words_of_html(Message *message)
{
    g_autoptr(GRegex) tag = g_regex_new("<[^>]*>", 0, 0, NULL), blank = g_regex_new("\\s+", 0, 0, NULL);
    g_autofree char *plain = g_regex_replace_literal(tag, text_of(message, "text/html"), -1, 0, "", 0, NULL);
    return g_regex_replace_literal(blank, plain, -1, 0, " ", 0, NULL);
}

static void what_a_document_is_called_and_how_to_get_it_is_said_in_both_looks(Fixture *f, gconstpointer data)
{
    (void)data;
    Medium *document = add_medium(f, "Programm.pdf", "application/pdf", "");
    replace(&((MediumText *)document->texts->pdata[0])->caption, "Das Programm");
    g_autoptr(Message) by_mail = preview(f);
    g_autofree char *html_by_mail = words_of_html(by_mail);
    assert_contains(text_of(by_mail, "text/plain"), "- Das Programm (Programm.pdf, PDF, 2,4 MB)\n");
    assert_contains(html_by_mail, "Das Programm Foto: M. Muster Programm.pdf, PDF, 2,4 MB ");
    assert_contains(text_of(by_mail, "text/plain"), "auf Anfrage: presse@kreis.example\n");
    assert_contains(html_by_mail, "auf Anfrage: presse@kreis.example ");
    replace(&f->announcement->publisher.email, "");
    g_autoptr(Message) by_phone = preview(f);
    g_autofree char *html_by_phone = words_of_html(by_phone);
    assert_contains(text_of(by_phone, "text/plain"), "auf Anfrage: 01234 567-0\n");
    assert_contains(html_by_phone, "auf Anfrage: 01234 567-0 ");
}

/* ---- what must not go out ---------------------------------------------------------------------------------------- */

static void assert_incomplete(Fixture *f, const char *missing)
{
    g_clear_error(&f->error);
    g_assert_false(letter_preview(f->box, f->db, f->announcement, &f->recipient, NOW, &f->letter, &f->error));
    g_assert_error(f->error, LETTER_ERROR, LETTER_ERROR_INCOMPLETE);
    assert_contains(f->error->message, missing);
}

static void invariant_10_nothing_leaves_without_publisher_text_and_a_way_to_leave(Fixture *f, gconstpointer data)
{
    (void)data;
    struct {
        char **field;
        const char *missing;
    } fields[] = {
        {&f->announcement->publisher.office, "the publisher's office"},
        {&f->announcement->publisher.person, "the person responsible"},
        {&f->announcement->publisher.address, "the publisher's postal address"},
        {&f->announcement->publisher.phone, "the publisher's phone number"},
        {&((Variant *)f->announcement->variants->pdata[0])->headline, "a headline"},
        {&((Variant *)f->announcement->variants->pdata[0])->subject, "a subject"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        g_autofree char *kept = g_strdup(*fields[i].field);
        replace(fields[i].field, " \n");
        assert_incomplete(f, fields[i].missing);
        replace(fields[i].field, kept);
    }
    Variant *variant = f->announcement->variants->pdata[0];
    replace(&variant->lead, "");
    replace(&variant->body, "  ");
    assert_incomplete(f, "a text");
    replace(&variant->body, "Text");
    Medium *photo = add_medium(f, "x.jpg", "image/jpeg", "");
    photo->thumbnail = g_bytes_new_static("x", 1);
    assert_incomplete(f, "an alt text for the picture x.jpg");
    f->announcement->kind = ANNOUNCEMENT_INVITATION;
    assert_incomplete(f, "the meeting");
    g_ptr_array_set_size(f->announcement->lists, 0);
    f->recipient.list_id = 0;
    assert_incomplete(f, "names no list");
}

static void every_letter_has_publisher_text_and_a_way_to_leave(Fixture *f, gconstpointer data)
{
    (void)data;
    add_meeting(f);
    for (AnnouncementKind kind = ANNOUNCEMENT_PRESS_RELEASE; kind <= ANNOUNCEMENT_NOTICE; kind++)
        for (int wants_text = 0; wants_text <= 1; wants_text++) {
            f->announcement->kind = kind;
            f->recipient.wants_text = wants_text;
            g_autoptr(Message) message = preview(f);
            assert_contains(text_of(message, "text/plain"),
                            "Herausgeber:\nKreis Musterland, Pressestelle\nKirsten Muster\n");
            assert_contains(text_of(message, "text/plain"), "\ninbox+l");
            assert_contains(fields_text(message_fields(message), "List-Unsubscribe"), "<mailto:inbox+l");
            g_assert_cmpint(message_find_part(message, "text/html") != NULL, ==, !wants_text);
        }
}

/* Every field that people fill, with a header behind a line end; it may be refused or made harmless, never obeyed. */
static void invariant_12_no_field_can_add_a_header(Fixture *f, gconstpointer data)
{
    (void)data;
    Variant *variant = f->announcement->variants->pdata[0];
    Publisher *publisher = &f->announcement->publisher;
    char **fields[] = {&f->recipient.name,
                       &f->recipient.address,
                       &variant->subject,
                       &variant->headline,
                       &variant->date_line,
                       &variant->place_line,
                       &variant->lead,
                       &variant->body,
                       &variant->contact,
                       &publisher->office,
                       &publisher->person,
                       &publisher->address,
                       &publisher->phone,
                       &publisher->web,
                       &publisher->email,
                       &variant->language,
                       &f->settings->site.from_name,
                       &f->settings->site.name,
                       &f->settings->site.help_address};
    static const char *const line_ends[] = {"\r\n", "\n", "\r", "\r\n\r\n", "\xe2\x80\xa8", "\xc2\x85"};
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        for (gsize j = 0; j < G_N_ELEMENTS(line_ends); j++) {
            g_autofree char *kept = g_strdup(*fields[i]);
            g_autofree char *evil = g_strconcat(kept, line_ends[j], "X-Evil: yes", line_ends[j],
                                                "Bcc: eve@evil.example", NULL);
            replace(fields[i], evil);
            g_clear_error(&f->error);
            if (letter_preview(f->box, f->db, f->announcement, &f->recipient, NOW, &f->letter, &f->error)) {
                g_autoptr(Message) message = message_parse(f->letter.bytes->str, f->letter.bytes->len);
                g_assert_false(fields_has(message_fields(message), "X-Evil"));
                g_assert_false(fields_has(message_fields(message), "Bcc"));
                assert_lacks(f->letter.bytes->str, "\nX-Evil: yes\r\nBcc: eve@evil.example\r\nMIME");
            }
            replace(fields[i], kept);
        }
}

/* A row that no check has seen. */
static void nothing_breaks_out_of_a_link(Fixture *f, gconstpointer data)
{
    (void)data;
    add_medium(f, "Programm.pdf", "application/pdf", "");
    replace(&f->announcement->publisher.email, "a?bcc=eve&b@kreis.example");
    replace(&f->announcement->publisher.web, "javascript:alert(1)");
    g_autoptr(Message) message = preview(f);
    const char *html = text_of(message, "text/html");
    assert_contains(html, "href=\"mailto:a%3Fbcc%3Deve%26b@kreis.example\"");
    assert_lacks(html, "mailto:a?bcc");
    assert_lacks(html, "href=\"javascript");
    assert_lacks(html, "href=\"https://javascript");
    assert_contains(html, "javascript:alert(1)");
}

static void html_of_people_stays_text(Fixture *f, gconstpointer data)
{
    (void)data;
    add_meeting(f);
    replace(&f->recipient.name, "<img src=x onerror=1>");
    replace(&f->announcement->publisher.office, "<script>1</script>");
    g_autoptr(Message) message = preview(f);
    assert_lacks(text_of(message, "text/html"), "<img");
    assert_lacks(text_of(message, "text/html"), "<script");
    assert_contains(text_of(message, "text/html"), "Guten Tag &lt;img src=x onerror=1&gt;,");
}

/* ---- stored announcements and single mails ----------------------------------------------------------------------- */

static void a_stored_announcement_is_planned_once(Fixture *f, gconstpointer data)
{
    (void)data;
    int64_t id = store(f);
    g_assert_true(letter_write(f->box, f->db, id, &f->recipient, NOW, &f->letter, &f->error));
    db_close(f->db); /* the second letter must not need it */
    f->db = NULL;
    replace(&f->recipient.address, "dömi@example.org");
    f->recipient.subscriber_id = 8;
    g_assert_true(letter_write(f->box, f->db, id, &f->recipient, NOW + HOUR_US, &f->letter, &f->error));
    g_assert_nonnull(strstr(f->letter.bytes->str, "\nDate: Wed, 02 May 2018 10:00:00 +0200\r\n")); /* its own time */
    g_assert_cmpstr(f->letter.envelope_to, ==, "dömi@example.org");
    g_assert_true(f->letter.needs_utf8);
    Token token;
    g_assert_true(verp_find(f->keyring, f->letter.envelope_from, TOKEN_DELIVERY, &token));
    g_assert_cmpint(token.first, ==, id);
    g_assert_cmpint(token.second, ==, 8);
    letter_box_forget(f->box, id);
}

/* It would be cut, and somebody else get the letter. */
static void an_endless_address_fails_alone(Fixture *f, gconstpointer data)
{
    (void)data;
    int64_t id = store(f);
    g_autofree char *local_part = g_strnfill(LIMIT_ADDRESS_BYTES - strlen("@example.org"), 'a');
    g_autofree char *longest = g_strdup_printf("%s@example.org", local_part);
    g_autofree char *longer = g_strdup_printf("%sx", longest);
    replace(&f->recipient.address, longest);
    g_assert_true(letter_write(f->box, f->db, id, &f->recipient, NOW, &f->letter, &f->error));
    g_assert_cmpstr(f->letter.envelope_to, ==, longest);
    replace(&f->recipient.address, longer);
    g_assert_false(letter_write(f->box, f->db, id, &f->recipient, NOW, &f->letter, &f->error));
    g_assert_error(f->error, PLAN_ERROR, PLAN_ERROR_VALUE);
    g_clear_error(&f->error);
}

/* More combinations than plans are kept: all of them go out, and the first one again. */
static void plans_come_and_go(Fixture *f, gconstpointer data)
{
    (void)data;
    int64_t ids[2 + LIMIT_LETTER_PLANS / 2];
    g_autoptr(DbTransaction) tx = db_begin(f->db, NULL);
    g_assert_true(announcement_insert(f->db, f->announcement, NOW, &f->error));
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autofree char *slug = g_strdup_printf("list%zu", i);
        replace(&f->list->slug, slug);
        g_assert_true(list_insert(f->db, f->list, NOW, &f->error));
        ids[i] = f->list->id;
    }
    g_assert_true(db_commit(&tx, NULL));
    for (gsize i = 0; i < 2 * G_N_ELEMENTS(ids) + 1; i++) {
        f->recipient.list_id = ids[i % G_N_ELEMENTS(ids)];
        f->recipient.wants_text = i >= G_N_ELEMENTS(ids);
        g_autofree char *slug = g_strdup_printf("<list%zu.news.example>", i % G_N_ELEMENTS(ids));
        g_assert_true(letter_write(f->box, f->db, f->announcement->id, &f->recipient, NOW, &f->letter, &f->error));
        assert_contains(f->letter.bytes->str, slug);
    }
}

static int64_t add_list(Fixture *f, guint number)
{
    g_autofree char *slug = g_strdup_printf("list%u", number);
    replace(&f->list->slug, slug);
    g_autoptr(DbTransaction) tx = db_begin(f->db, NULL);
    g_assert_true(list_insert(f->db, f->list, NOW, &f->error));
    g_assert_true(db_commit(&tx, NULL));
    return f->list->id;
}

/* An attachment of half a megabyte, in a plan for each of many lists. */
static void plans_with_attachments_keep_within_their_room(Fixture *f, gconstpointer data)
{
    (void)data;
    Medium *document = add_medium(f, "Programm.pdf", "application/pdf", "");
    document->attached = true;
    g_autofree char *path = g_build_filename(f->dir, document->sha256, NULL);
    g_autofree char *content = g_strnfill(LIMIT_ATTACHMENT_BYTES, 'x');
    g_assert_true(g_file_set_contents(path, content, LIMIT_ATTACHMENT_BYTES, NULL));
    int64_t id = store(f);
    gsize all = 0;
    for (guint i = 0; all <= LIMIT_LETTER_PLANS_BYTES + LIMIT_ATTACHMENT_BYTES; i++) {
        f->recipient.list_id = add_list(f, i);
        g_assert_true(letter_write(f->box, f->db, id, &f->recipient, NOW, &f->letter, &f->error));
        all += f->letter.bytes->len;
        g_assert_cmpuint(letter_box_bytes(f->box), >, LIMIT_ATTACHMENT_BYTES);
        g_assert_cmpuint(letter_box_bytes(f->box), <=, LIMIT_LETTER_PLANS_BYTES);
        g_assert_cmpuint(i, <, LIMIT_LETTER_PLANS); /* the number alone would not have sufficed */
    }
    letter_box_forget(f->box, id);
    g_assert_cmpuint(letter_box_bytes(f->box), ==, 0);
}

static void an_announcement_that_is_not_there_is_an_error(Fixture *f, gconstpointer data)
{
    (void)data;
    g_assert_false(letter_write(f->box, f->db, 4711, &f->recipient, NOW, &f->letter, &f->error));
    g_assert_error(f->error, LETTER_ERROR, LETTER_ERROR_MISSING);
}

static void single_mails_say_that_a_program_wrote_them(Fixture *f, gconstpointer data)
{
    (void)data;
    static char confirm_data[] =
        "{\"confirm\":{\"address\":\"inbox+cabc@news.example\",\"mailto\":\"mailto:inbox%2Bcabc@news.example\"},"
        "\"asked_by_staff\":true}";
    OutboxMail mail = {.id = 3, .template = (char *)"confirm", .recipient = f->recipient, .data = confirm_data};
    g_assert_true(letter_write_outbox(f->box, f->db, &mail, NOW, &f->letter, &f->error));
    g_autoptr(Message) message = message_parse(f->letter.bytes->str, f->letter.bytes->len);
    Fields *fields = message_fields(message);
    g_assert_cmpstr(fields_text(fields, "Auto-Submitted"), ==, "auto-generated");
    g_assert_false(fields_has(fields, "Precedence"));
    g_assert_cmpstr(fields_text(fields, "Subject"), ==, "Bitte bestätigen: Presseinformationen");
    assert_contains(text_of(message, "text/plain"), "\ninbox+cabc@news.example\n");
    assert_contains(text_of(message, "text/html"),
                    "href=\"mailto:inbox%2Bcabc@news.example?subject=Best%C3%A4tigung\"");
    Token token;
    g_assert_true(verp_find(f->keyring, f->letter.envelope_from, TOKEN_OUTBOX, &token));
    g_assert_cmpint(token.first, ==, 3);
    mail.template = (char *)"left";
    mail.data = (char *)"{\"site\":{\"name\":\"Kreis Musterland\",\"help_address\":\"hilfe@kreis.example\"}}";
    g_assert_true(letter_write_outbox(f->box, f->db, &mail, NOW, &f->letter, &f->error));
    g_autoptr(Message) receipt = message_parse(f->letter.bytes->str, f->letter.bytes->len);
    assert_contains(text_of(receipt, "text/html"), "<a href=\"mailto:hilfe@kreis.example\">hilfe@kreis.example</a>");
    assert_lacks(text_of(receipt, "text/html"), "href=\"\"");
    mail.template = (char *)"../../../etc/passwd";
    g_assert_false(letter_write_outbox(f->box, f->db, &mail, NOW, &f->letter, &f->error));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/letter/" #name, Fixture, NULL, set_up, name, tear_down)
    TEST(announcement_headers);
    TEST(a_preview_has_power_over_nobody);
    TEST(one_click_leaving_needs_a_public_url);
    TEST(the_list_decides_who_sends);
    TEST(invariant_4_message_id_never_changes);
    TEST(press_release_says_the_same_in_both_looks);
    TEST(invariant_11_nothing_is_loaded_or_tracked);
    TEST(each_reader_gets_their_language_and_format);
    TEST(text_and_words_each_tell_their_language);
    TEST(invitation_has_greeting_facts_and_calendar);
    TEST(a_date_line_left_out_is_the_day_of_sending);
    TEST(an_embargo_is_told_by_each_kind_in_both_looks);
    TEST(labels_are_wrapped_with_what_they_label);
    TEST(the_calendar_wraps_its_text_itself);
    TEST(pictures_travel_as_thumbnails_with_alt_and_credit);
    TEST(documents_are_named_or_attached);
    TEST(what_a_document_is_called_and_how_to_get_it_is_said_in_both_looks);
    TEST(invariant_10_nothing_leaves_without_publisher_text_and_a_way_to_leave);
    TEST(every_letter_has_publisher_text_and_a_way_to_leave);
    TEST(invariant_12_no_field_can_add_a_header);
    TEST(nothing_breaks_out_of_a_link);
    TEST(html_of_people_stays_text);
    TEST(a_stored_announcement_is_planned_once);
    TEST(an_endless_address_fails_alone);
    TEST(plans_come_and_go);
    TEST(plans_with_attachments_keep_within_their_room);
    TEST(an_announcement_that_is_not_there_is_an_error);
    TEST(single_mails_say_that_a_program_wrote_them);
    return g_test_run();
}
