/* announcements/manuscript: a file becomes what its author meant, and every mistake is told at its line,
 * all at once. */
#include "announcements/manuscript.h"

/* system */
#include <sys/stat.h>

/* libraries */
#include <glib/gstdio.h>

/* rundbrief */
#include "base/clock.h"
#include "base/limits.h"

static const SiteSettings site = {
    .name = (char *)"Kreis Musterland", .language = (char *)"de", .zone = (char *)"Europe/Berlin"};

#define PUBLISHER                                                                                                      \
    "publisher:\n"                                                                                                     \
    "  office: Kreis Musterland\n"                                                                                     \
    "  person: Änne Groß\n"                                                                                          \
    "  address: Marktplatz 1, 12345 Musterstadt\n"                                                                     \
    "  phone: 01234 567\n"
#define HEAD            "---\nkind: press-release\nlists: [presse]\nheadline: Brücke frei\n" PUBLISHER
#define INVITATION_HEAD "---\nkind: invitation\nlists: ak\nheadline: Sitzung\n" PUBLISHER

typedef struct Reading {
    Manuscript *manuscript;
    Problems *problems;
    char *told;
} Reading;

static void reading_clear(Reading *reading)
{
    manuscript_free(reading->manuscript);
    problems_free(reading->problems);
    g_free(reading->told);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

static Reading read_pages(const char *const pages[])
{
    static const char *const names[] = {"a.md", "b.md", "c.md"};
    Reading reading = {manuscript_new(&site), problems_new(), NULL};
    for (guint i = 0; pages[i]; i++)
        manuscript_add_text(reading.manuscript, names[i], pages[i], strlen(pages[i]), reading.problems);
    manuscript_check(reading.manuscript, reading.problems);
    reading.told = problems_text(reading.problems);
    return reading;
}

static Reading read_page(const char *text)
{
    const char *const pages[] = {text, NULL};
    return read_pages(pages);
}

static void assert_clean(const Reading *reading)
{
    g_assert_cmpstr(reading->told, ==, "");
}

static const Variant *first_variant(const Reading *reading)
{
    return manuscript_announcement(reading->manuscript)->variants->pdata[0];
}

static void a_full_press_release_is_read(void)
{
    g_auto(Reading) reading = read_page("---\n"
                                        "kind: press-release\n"
                                        "lists:\n  - bau\n  - presse\n"
                                        "language: de\n"
                                        "subject: Die Brücke ist frei\n"
                                        "date_line: 2. Mai 2018\n"
                                        "place_line: Kreis Musterland.\n"
                                        "headline: \"„Endlich“: Brücke frei\"\n"
                                        "sub_headline: \"Landrat: Ein guter Tag / Radweg folgt\"\n"
                                        "contact: |\n  Bauamt\n  Tel. 01234 99\n"
                                        "send_at: 2018-05-02 09:00\n"
                                        "embargo: 2018-05-02 10:00\n" PUBLISHER "  fax: 01234 568\n"
                                        "media:\n"
                                        "  - path: bilder/brücke.jpg\n    alt: Die Brücke im Morgenlicht\n"
                                        "    caption: Frei\n    credit: Kreis/Öz\n    licence: CC BY 4.0\n"
                                        "  - path: plan.pdf\n    alt: Lageplan\n    attach: yes\n"
                                        "---\n"
                                        "\nErster Absatz,\nzweite Zeile.\n\nZweiter Absatz mit *Betonung*.\n\n\n");
    assert_clean(&reading);
    const Announcement *announcement = manuscript_announcement(reading.manuscript);
    g_assert_cmpint(announcement->kind, ==, ANNOUNCEMENT_PRESS_RELEASE);
    g_assert_cmpint(announcement->lists->len, ==, 2);
    g_assert_cmpstr(announcement->lists->pdata[0], ==, "bau");
    g_assert_cmpint(announcement->send_at, ==, 1525244400 * SECOND_US);
    g_assert_cmpint(announcement->embargo_at, ==, 1525248000 * SECOND_US);
    g_assert_cmpstr(announcement->language, ==, "de");
    g_assert_cmpstr(announcement->publisher.person, ==, "Änne Groß");
    g_assert_cmpstr(announcement->publisher.fax, ==, "01234 568");
    g_assert_cmpstr(announcement->publisher.web, ==, "");
    const Variant *variant = first_variant(&reading);
    g_assert_cmpstr(variant->headline, ==, "„Endlich“: Brücke frei");
    g_assert_cmpstr(variant->sub_headline, ==, "Landrat: Ein guter Tag / Radweg folgt");
    g_assert_cmpstr(variant->subject, ==, "Die Brücke ist frei");
    g_assert_cmpstr(variant->contact, ==, "Bauamt\nTel. 01234 99");
    g_assert_cmpstr(variant->lead, ==, "Erster Absatz,\nzweite Zeile.");
    g_assert_cmpstr(variant->body, ==, "Zweiter Absatz mit *Betonung*.");
    g_assert_cmpint(announcement->media->len, ==, 2);
    const Medium *photo = announcement->media->pdata[0], *plan = announcement->media->pdata[1];
    g_assert_cmpstr(manuscript_medium(reading.manuscript, 0)->path, ==, "bilder/brücke.jpg");
    g_assert_cmpint(manuscript_medium(reading.manuscript, 0)->line, ==, 24);
    g_assert_cmpstr(medium_text(photo, "de")->caption, ==, "Frei");
    g_assert_cmpstr(photo->credit, ==, "Kreis/Öz");
    g_assert_false(photo->attached);
    g_assert_true(plan->attached);
}

static void german_keys_are_read(void)
{
    g_auto(Reading)
        reading = read_page("---\r\nArt: Einladung\r\nVerteiler: ak\r\nÜberschrift: Sitzung\r\nBetreff: Einladung\r\n"
                            "Herausgeber:\r\n  Amt: Kreis\r\n  Verantwortlich: A\r\n  Anschrift: B\r\n  Telefon: 1\r\n"
                            "Termin:\r\n  Beginn: 2018-05-14 17:00\r\n  Ende: 19:00\r\n  Ort: Kreishaus\r\n"
                            "  Thema: Fördermittel\r\n  Anmeldung: bis 10. Mai\r\n---\r\nText.\r\n");
    assert_clean(&reading);
    const Announcement *announcement = manuscript_announcement(reading.manuscript);
    g_assert_cmpint(announcement->kind, ==, ANNOUNCEMENT_INVITATION);
    g_assert_cmpint(announcement->meeting->starts_at, ==, 1526310000 * SECOND_US);
    g_assert_cmpint(announcement->meeting->ends_at, ==, 1526317200 * SECOND_US);
    g_assert_cmpstr(announcement->meeting->registration, ==, "bis 10. Mai");
    g_assert_cmpuint(strlen(announcement->meeting->uid), >=, 36);
    g_assert_cmpstr(first_variant(&reading)->subject, ==, "Einladung");
    g_assert_cmpstr(first_variant(&reading)->body, ==, "Text.");
    g_assert_cmpstr(first_variant(&reading)->lead, ==, "");
}

static void the_headline_is_the_subject_and_the_date_line_waits_for_the_send_day(void)
{
    g_auto(Reading) reading = read_page(HEAD "send_at: 2018-05-02 00:30\n---\nText.\n");
    assert_clean(&reading);
    g_assert_cmpstr(first_variant(&reading)->subject, ==, "Brücke frei");
    g_assert_cmpstr(first_variant(&reading)->date_line, ==, ""); /* it may be queued for another time */
}

static const struct {
    const char *name;
    const char *body;
    const char *lead;
    const char *rest;
} leads[] = {
    {"two paragraphs", "Eins.\n\nZwei.", "Eins.", "Zwei."},
    {"a blank line of spaces", "Eins.\n  \t\nZwei.", "Eins.", "Zwei."},
    {"bold first word", "**Eins** und\n\nZwei.", "**Eins** und", "Zwei."},
    {"one paragraph", "Eins.", "", "Eins."},
    {"heading", "# Eins\n\nZwei.", "", "# Eins\n\nZwei."},
    {"list", "* Eins\n\nZwei.", "", "* Eins\n\nZwei."},
    {"numbered list", "1. Eins\n\nZwei.", "", "1. Eins\n\nZwei."},
    {"a year is no list", "2018 war gut.\n\nZwei.", "2018 war gut.", "Zwei."},
    {"quotation", "> Eins\n\nZwei.", "", "> Eins\n\nZwei."},
    {"table", "| a | b |\n|---|---|\n\nZwei.", "", "| a | b |\n|---|---|\n\nZwei."},
};

static void the_first_paragraph_is_the_lead(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(leads); i++) {
        g_test_message("%s", leads[i].name);
        g_autofree char *page = g_strconcat(HEAD "---\n", leads[i].body, "\n", NULL);
        g_auto(Reading) reading = read_page(page);
        assert_clean(&reading);
        g_assert_cmpstr(first_variant(&reading)->lead, ==, leads[i].lead);
        g_assert_cmpstr(first_variant(&reading)->body, ==, leads[i].rest);
    }
}

#define NO_IMAGE "pictures do not go into the text; name the file under media: with path and alt\n"
#define NO_WORDS "the text that begins here shows no letter and no digit; nobody could read anything in it\n"

/* Each line of `told` must come in this order, and nothing else. */
static const struct {
    const char *name;
    const char *page;
    const char *told;
} mistakes[] = {
    {"no head", "Text.\n",
     "a.md:1: the file must begin with a line \"---\"; the head with kind, lists and headline follows\n"},
    {"head not closed", "---\nkind: notice\n",
     "a.md:1: the head that begins here is not closed by another line \"---\"\n"},
    {"empty head", "---\n---\nText.\n", "a.md:2: the head is empty\n"},
    {"all that is missing", "---\nlanguage: de\n---\nText.\n",
     "a.md:3: 'kind' is missing\na.md:3: 'lists' is missing\na.md:3: 'headline' is missing\na.md:3: 'publisher' is "
     "missing\n"},
    {"publisher without its parts",
     "---\nkind: notice\nlists: presse\nheadline: H\npublisher:\n  office: Kreis\n  phone:\n---\nText.\n",
     "a.md:5: 'person' of the publisher is missing\na.md:5: 'address' of the publisher is missing\n"
     "a.md:7: 'phone' of the publisher is empty\n"},
    {"near-miss key", HEAD "sub_headlin: x\n---\nText.\n",
     "a.md:10: unknown key 'sub_headlin'; did you mean 'sub_headline'?\n"},
    {"unknown key", HEAD "colour: blue\n---\nText.\n",
     "a.md:10: unknown key 'colour'; known are kind, lists, language, subject, date_line, place_line, headline, "
     "sub_headline, "
     "lead, contact, media, publisher, send_at, embargo, urgent, meeting\n"},
    {"near-miss key of a group", HEAD "  telefn: 1\n---\nText.\n",
     "a.md:10: unknown key 'telefn' of the publisher; did you mean 'telefon'?\n"},
    {"double key", HEAD "Titel: x\n---\nText.\n", "a.md:10: 'Titel' was given in line 4 already\n"},
    {"wrong shapes", "---\nkind: [notice]\nlists: presse\nheadline:\n  - H\npublisher: Kreis\n---\nText.\n",
     "a.md:2: 'kind' must be a text\na.md:4: 'headline' must be a text\n"
     "a.md:6: 'publisher' must be a group of indented \"key: text\" lines\n"},
    {"unknown kind", "---\nkind: newsletter\nlists: presse\nheadline: H\n" PUBLISHER "---\nText.\n",
     "a.md:2: 'newsletter' is no kind of announcement; known are press-release, invitation and notice "
     "(presseinformation, einladung, hinweis)\n"},
    {"list named twice", "---\nkind: notice\nlists: [a, a]\nheadline: H\n" PUBLISHER "---\nText.\n",
     "a.md:3: the list 'a' is named twice\n"},
    {"no list", "---\nkind: notice\nlists: []\nheadline: H\n" PUBLISHER "---\nText.\n",
     "a.md:3: name at least one list, and at most 50\n"},
    {"no text", HEAD "---\n\n \n", "a.md:10: there is no text below the head\n"},
    {"publisher's addresses", HEAD "  web: siehe unten\n  email: presse@kreis.example?bcc=x@y.example\n---\nText.\n",
     "a.md:10: 'web': \"siehe unten\" is no web address; write it like www.kreis.example or "
     "https://www.kreis.example/presse\n"
     "a.md:11: 'email': there is more than one @\n"},
    {"medium without alt text", HEAD "media:\n  - path: a.jpg\n  - path: b.jpg\n    alt:\n---\nText.\n",
     "a.md:11: 'alt' of the medium is missing\na.md:13: 'alt' of the medium is empty\n"},
    {"medium without path", HEAD "media:\n  - alt: x\n---\nText.\n", "a.md:11: 'path' of the medium is missing\n"},
    {"medium that is a word", HEAD "media:\n  - a.jpg\n---\nText.\n",
     "a.md:11: a medium is a group of lines: path, alt, caption, credit\n"},
    {"attach", HEAD "media:\n  - path: a.pdf\n    alt: x\n    attach: maybe\n---\nText.\n",
     "a.md:13: 'attach' must be yes or no\n"},
    {"two attachments",
     HEAD "media:\n  - path: a.pdf\n    alt: x\n    attach: yes\n  - path: b.pdf\n    alt: x\n    attach: yes\n"
          "  - path: c.pdf\n    alt: x\n    attach: no\n---\nText.\n",
     "a.md:16: only one document may be attached, and 'a.pdf' is; leave attach out here, and it is offered "
     "instead\n"},
    {"medium twice", HEAD "media:\n  - path: a.pdf\n    alt: x\n  - path: a.pdf\n    alt: x\n---\nText.\n",
     "a.md:13: the medium 'a.pdf' is named twice\n"},
    {"daylight saving", HEAD "send_at: 2018-03-25 02:30\n---\nText.\n",
     "a.md:10: 02:30 does not exist on 25 March 2018 in Europe/Berlin, because the clocks go forward over it; write "
     "01:30 or "
     "03:30\n"},
    {"no time", HEAD "embargo: tomorrow\n---\nText.\n",
     "a.md:10: \"tomorrow\" is not a date and time; write it like 2018-05-02 09:00\n"},
    {"language", HEAD "language: deutsch!\n---\nText.\n",
     "a.md:10: 'deutsch!' is no language; write a code like de, en, uk or de-x-leicht\n"},
    {"headline of two lines", "---\nkind: notice\nlists: a\nheadline: |\n  H\n  I\n" PUBLISHER "---\nText.\n",
     "a.md:4: 'headline' must be a single line without control characters\n"},
    {"header break", "---\nkind: notice\nlists: a\nheadline: \"H\\r\\nBcc: x\"\n" PUBLISHER "---\nText.\n",
     "a.md:4: 'headline' must be a single line without control characters\n"},
    {"headline that turns round", "---\nkind: notice\nlists: a\nheadline: \"H\\u202eI\"\n" PUBLISHER "---\nText.\n",
     "a.md:4: 'headline' must be a single line without control characters\n"},
    {"invitation without meeting", INVITATION_HEAD "---\nText.\n",
     "a.md:2: an invitation needs a meeting: start, end, place and topic\n"},
    {"meeting of a press release", HEAD "meeting:\n  start: 2018-05-14 17:00\n---\nText.\n",
     "a.md:10: only an invitation has a meeting; kind is 'press-release'\n"},
    {"meeting without place and topic",
     INVITATION_HEAD "meeting:\n  start: 2018-05-14 17:00\n  end: 16:00\n---\nText.\n",
     "a.md:10: 'place' of the meeting is missing\na.md:10: 'topic' of the meeting is missing\n"
     "a.md:12: the meeting ends before it has begun\n"},
    {"colon in a text", "---\nkind: notice\nheadline: A: B: C\n---\nText.\n",
     "a.md:3: mapping values are not allowed in this context; a text that holds a colon needs quotation marks: "
     "headline: "
     "\"Bridge: works begin\"\n"},
    {"hash in a text", "---\nkind: notice\nheadline: Kampagne #respekt startet\n---\nText.\n",
     "a.md:3: '#' begins a comment here; put the text into quotation marks\n"},
    {"alias", "---\nkind: &a notice\nlists: *a\n---\nText.\n",
     "a.md:2: anchors (&) and tags (!) are not understood here; put the text into quotation marks\n"},
    {"alias alone", "---\nkind: notice\nlists: *a\n---\nText.\n",
     "a.md:3: aliases (*) are not understood here; put the text into quotation marks\n"},
    {"tag", "---\nkind: !!binary aGFsbG8=\n---\nText.\n",
     "a.md:2: anchors (&) and tags (!) are not understood here; put the text into quotation marks\n"},
    {"too deep", "---\nmedia:\n  - a:\n      - b:\n          c: d\n---\nText.\n",
     "a.md:4: too many levels; an announcement needs no more than three\n"},
    {"not UTF-8",
     HEAD "---\nGr\xfc\xdf"
          "e\n",
     "a.md:11: the byte 0xFC is not UTF-8; save the file as UTF-8\n"},
    {"control character", HEAD "---\nGr\x07\n", "a.md:11: here stands the control character U+0007 (BEL); remove it\n"},
    {"escape", HEAD "---\nText\r\n\n\x1b[31m\n",
     "a.md:13: here stands the control character U+001B (ESC); remove it\n"},
    {"image", HEAD "---\n\nText.\n\nA\n![](https://x.example/a.png) ![Bild](b.png)\n\n> ![x][y]\n\n[y]: c.png\n",
     "a.md:15: " NO_IMAGE "a.md:15: " NO_IMAGE "a.md:17: " NO_IMAGE},
    {"image in the first paragraph", HEAD "---\n![](a.png)\n\nText.\n", "a.md:11: " NO_IMAGE},
    {"image in a table", HEAD "---\nText.\n\n| a | b |\n|---|---|\n| ![](a.png) | x |\n", "a.md:15: " NO_IMAGE},
    {"image in the lead of the head", HEAD "lead: |\n  So\n  ![](a.png)\n---\nText.\n", "a.md:10: " NO_IMAGE},
    {"image in the contact", HEAD "contact: '![](a.png)'\n---\nText.\n", "a.md:10: " NO_IMAGE},
    {"no-break space", HEAD "---\n\n\xc2\xa0\n", "a.md:12: " NO_WORDS},
    {"zero-width space", HEAD "---\n\xe2\x80\x8b\n", "a.md:11: " NO_WORDS},
    {"a rule and references", HEAD "---\n---\n\n&nbsp;\n\n[a]: https://x.example\n", "a.md:11: " NO_WORDS},
    {"an empty link", HEAD "---\n[](https://x.example)\n", "a.md:11: " NO_WORDS},
    {"a lead that shows nothing", HEAD "lead: '***'\n---\n", "a.md:10: " NO_WORDS},
    {"nulls", "---\nkind: notice\nlists: presse\nheadline: ~\nsubject: null\nlead: NULL\n" PUBLISHER "---\n\n",
     "a.md:4: 'headline' is empty\na.md:12: there is no text below the head\n"},
};

static void mistakes_are_told_at_their_line(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(mistakes); i++) {
        g_test_message("%s", mistakes[i].name);
        g_auto(Reading) reading = read_page(mistakes[i].page);
        g_assert_cmpstr(reading.told, ==, mistakes[i].told);
    }
}

static void too_deep_a_text_is_told_at_its_line(void)
{
    g_autoptr(GString) page = g_string_new(HEAD "---\n\nText.\n\n");
    for (int depth = 0; depth < LIMIT_MARKDOWN_DEPTH; depth++)
        g_string_append(page, "> ");
    g_string_append(page, "Zitat\n");
    g_auto(Reading) deep = read_page(page->str);
    g_assert_cmpstr(deep.told, ==,
                    "a.md:14: lists, quotations or emphasis stand more than 32 deep within each other\n");
    g_string_truncate(page, 0);
    g_string_append(page, HEAD "---\n\nText.\n\n");
    for (int depth = 0; depth < LIMIT_MARKDOWN_DEPTH - 2; depth++)
        g_string_append(page, "> ");
    g_string_append(page, "Zitat\n");
    g_auto(Reading) good = read_page(page->str);
    assert_clean(&good);
}

static void words_that_mean_nothing_are_no_value(void)
{
    g_auto(Reading) reading = read_page(HEAD "subject: ~\nlead: null\ncontact: \"null\"\n---\nText.\n");
    assert_clean(&reading);
    g_assert_cmpstr(first_variant(&reading)->subject, ==, "Brücke frei");
    g_assert_cmpstr(first_variant(&reading)->lead, ==, "");
    g_assert_cmpstr(first_variant(&reading)->contact, ==, "null"); /* quoted: somebody means it */
}

static void a_nul_is_refused(void)
{
    g_auto(Reading) reading = {manuscript_new(&site), problems_new(), NULL};
    manuscript_add_text(reading.manuscript, "a.md", HEAD "---\nx\0y\n", sizeof(HEAD "---\nx\0y\n") - 1,
                        reading.problems);
    reading.told = problems_text(reading.problems);
    g_assert_cmpstr(reading.told, ==, "a.md:11: here stands the control character U+0000 (NUL); remove it\n");
}

static void too_much_is_refused(void)
{
    g_autofree char *many_words = g_strnfill(LIMIT_MARKDOWN_BYTES + 1, 'x');
    g_autofree char *long_page = g_strconcat(HEAD "---\n", many_words, "\n", NULL);
    g_auto(Reading) long_reading = read_page(long_page);
    g_assert_nonnull(strstr(long_reading.told, "a.md:10: the text is longer than 65536 bytes"));
    g_autofree char *huge = g_strnfill(LIMIT_MANUSCRIPT_BYTES + 1, 'x');
    g_auto(Reading) huge_reading = read_page(huge);
    g_assert_nonnull(strstr(huge_reading.told, "a.md: larger than the 262144 bytes"));
    GString *nested = g_string_new("---\na: ");
    for (guint i = 0; i < 50000; i++)
        g_string_append_c(nested, '[');
    g_string_append(nested, "\n---\nText.\n");
    g_auto(Reading) nested_reading = read_page(nested->str);
    g_assert_nonnull(strstr(nested_reading.told, "too many levels"));
    g_string_free(nested, TRUE);
}

static void a_time_that_comes_twice_is_noted(void)
{
    g_auto(Reading) reading = read_page(HEAD "send_at: 2018-10-28 02:30\n---\nText.\n");
    assert_clean(&reading);
    const Problems *notes = manuscript_notes(reading.manuscript);
    g_assert_cmpuint(problems_count(notes), ==, 1);
    g_assert_cmpuint(problems_at(notes, 0)->line, ==, 10);
    g_assert_nonnull(strstr(problems_at(notes, 0)->text, "the first one is taken"));
    g_assert_cmpint(manuscript_announcement(reading.manuscript)->send_at, ==, 1540686600 * SECOND_US);
}

#define GERMAN HEAD "media:\n  - path: a.jpg\n    alt: Die Brücke\n    credit: Öz\n---\nText.\n"

static void several_languages_make_one_announcement(void)
{
    const char *const pages[] = {GERMAN,
                                 "---\nlanguage: en\nlists: [presse]\nheadline: Bridge open\nmedia:\n  - path: a.jpg\n"
                                 "    alt: The bridge\n---\nWords.\n",
                                 NULL};
    g_auto(Reading) reading = read_pages(pages);
    assert_clean(&reading);
    const Announcement *announcement = manuscript_announcement(reading.manuscript);
    g_assert_cmpint(announcement->variants->len, ==, 2);
    g_assert_cmpstr(announcement->language, ==, "de");
    g_assert_cmpint(announcement->lists->len, ==, 1);
    g_assert_cmpint(announcement->media->len, ==, 1);
    g_assert_cmpstr(announcement_variant(announcement, "en")->headline, ==, "Bridge open");
    g_assert_cmpstr(medium_text(announcement->media->pdata[0], "en")->alt, ==, "The bridge");
    g_assert_cmpstr(medium_text(announcement->media->pdata[0], "de")->alt, ==, "Die Brücke");
}

static void further_languages_may_not_contradict(void)
{
    const char *const pages[] = {GERMAN,
                                 "---\nheadline: Bridge\nkind: notice\nlists: [presse, bau]\nmedia:\n  - path: b.jpg\n"
                                 "    alt: x\n---\nWords.\n",
                                 NULL};
    g_auto(Reading) reading = read_pages(pages);
    g_assert_cmpstr(
        reading.told, ==,
        "b.md:3: 'kind' differs from a.md; it holds for all languages: leave it out here, or write the same\n"
        "b.md:4: 'lists' differs from a.md; it holds for all languages: leave it out here, or write the same\n"
        "b.md:8: the language is 'de', as in a.md; each file of an announcement has another\n");
}

static void a_medium_needs_its_alt_text_in_each_language(void)
{
    const char *const pages[] = {GERMAN, "---\nlanguage: en\nheadline: Bridge\n---\nWords.\n", NULL};
    g_auto(Reading) reading = read_pages(pages);
    g_assert_cmpstr(
        reading.told, ==,
        "b.md:4: 'a.jpg', which a.md offers, has no alt text in this language; name it under media with path and "
        "alt\n");
}

static void a_file_that_is_not_there_is_told(void)
{
    g_auto(Reading) reading = {manuscript_new(&site), problems_new(), NULL};
    manuscript_add_file(reading.manuscript, "/nonexistent/a.md", reading.problems);
    reading.told = problems_text(reading.problems);
    g_assert_cmpstr(reading.told, ==, "/nonexistent/a.md: No such file or directory\n");
}

/* Reading it would wait for a writer for ever. */
static void a_pipe_is_refused(void)
{
    g_autofree char *folder = g_dir_make_tmp("rundbrief-manuscript-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "pipe", NULL);
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    g_auto(Reading) reading = {manuscript_new(&site), problems_new(), NULL};
    manuscript_add_file(reading.manuscript, path, reading.problems);
    reading.told = problems_text(reading.problems);
    g_assert_true(g_str_has_suffix(reading.told, "pipe: not a plain file\n"));
    g_unlink(path);
    g_rmdir(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/manuscript/" #name, name)
    TEST(a_full_press_release_is_read);
    TEST(german_keys_are_read);
    TEST(the_headline_is_the_subject_and_the_date_line_waits_for_the_send_day);
    TEST(the_first_paragraph_is_the_lead);
    TEST(mistakes_are_told_at_their_line);
    TEST(too_deep_a_text_is_told_at_its_line);
    TEST(words_that_mean_nothing_are_no_value);
    TEST(a_nul_is_refused);
    TEST(a_pipe_is_refused);
    TEST(too_much_is_refused);
    TEST(a_time_that_comes_twice_is_noted);
    TEST(several_languages_make_one_announcement);
    TEST(further_languages_may_not_contradict);
    TEST(a_medium_needs_its_alt_text_in_each_language);
    TEST(a_file_that_is_not_there_is_told);
    return g_test_run();
}
