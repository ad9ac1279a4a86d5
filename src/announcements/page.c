/* Finds the head between its two lines of hyphens and the text below; knows which keys a head may have, not what they
 * may say. */
#include "announcements/page.h"

/* rundbrief */
#include "announcements/front_fields.h"
#include "base/limits.h"
#include "base/text.h"
#include "template/markdown.h"

#define FIELD(member) offsetof(Page, member)

static const FrontField page_fields[] = {
    {{"kind", "art"}, FRONT_TEXT, FIELD(kind), true},
    {{"lists", "verteiler", "list"}, FRONT_TEXT | FRONT_LIST, FIELD(lists), true},
    {{"language", "sprache"}, FRONT_TEXT, FIELD(language), false},
    {{"subject", "betreff"}, FRONT_TEXT, FIELD(subject), false},
    {{"date_line", "datum", "datumszeile"}, FRONT_TEXT, FIELD(date_line), false},
    {{"place_line", "ort", "ortszeile", "ortsmarke"}, FRONT_TEXT, FIELD(place_line), false},
    {{"headline", "titel", "überschrift", "schlagzeile"}, FRONT_TEXT, FIELD(headline), true},
    {{"sub_headline", "untertitel", "unterzeile"}, FRONT_TEXT, FIELD(sub_headline), false},
    {{"lead", "vorspann"}, FRONT_TEXT, FIELD(lead), false},
    {{"contact", "kontakt", "ansprechpartner", "ansprechpartnerin"}, FRONT_TEXT, FIELD(contact), false},
    {{"media", "medien"}, FRONT_LIST, FIELD(media), false},
    {{"publisher", "herausgeber", "impressum"}, FRONT_MAP, FIELD(publisher), true},
    {{"send_at", "versand", "senden_am"}, FRONT_TEXT, FIELD(send_at), false},
    {{"embargo", "sperrfrist"}, FRONT_TEXT, FIELD(embargo), false},
    {{"urgent", "eilig", "dringend"}, FRONT_TEXT, FIELD(urgent), false},
    {{"meeting", "termin", "sitzung"}, FRONT_MAP, FIELD(meeting), false},
    {{NULL}, 0, 0, false},
};

void page_free(Page *page)
{
    if (!page)
        return;
    g_free(page->file);
    front_node_free(page->root);
    g_free(page->body);
    g_free(page);
}

/* True when the line that begins here is "---", white space behind it aside; ret_next: where the next one begins. */
static bool is_fence(const char *line, const char **ret_next)
{
    if (!g_str_has_prefix(line, "---"))
        return false;
    line += 3;
    line += strspn(line, " \t\r");
    *ret_next = *line == '\n' ? line + 1 : line;
    return *line == '\n' || *line == '\0';
}

/* Finds the closing fence; the head is what stands before it. */
static bool find_head_end(const char *head, gsize *ret_length, const char **ret_body, unsigned *ret_line)
{
    unsigned line = 2;
    for (const char *p = head; *p; line++) {
        if (is_fence(p, ret_body)) {
            *ret_length = (gsize)(p - head);
            *ret_line = line;
            return true;
        }
        const char *end = strchr(p, '\n');
        if (!end)
            return false;
        p = end + 1;
    }
    return false;
}

/* Line ends become "\n"; blank lines around go. ret_skipped: how many before it; may be NULL. */
static char *tidy_body(const char *body, unsigned *ret_skipped)
{
    GString *tidy = g_string_new(NULL);
    for (const char *p = body; *p; p++) {
        if (*p != '\r')
            g_string_append_c(tidy, *p);
        else if (p[1] != '\n')
            g_string_append_c(tidy, '\n');
    }
    g_autofree char *whole = g_string_free(tidy, FALSE);
    g_strchomp(whole);
    char *start = whole;
    unsigned skipped = 0;
    for (char *p = whole; g_ascii_isspace(*p); p++) {
        if (*p != '\n')
            continue;
        start = p + 1;
        skipped++;
    }
    if (ret_skipped)
        *ret_skipped = skipped;
    return g_strdup(start);
}

static bool text_is_usable(const char *file, const char *text, gsize length, Problems *problems)
{
    if (length > LIMIT_MANUSCRIPT_BYTES) {
        problems_add(problems, file, 0, "larger than the %d bytes an announcement may have", LIMIT_MANUSCRIPT_BYTES);
        return false;
    }
    unsigned line;
    g_autofree char *fault = text_find_fault(text, length, &line);
    if (fault)
        problems_add(problems, file, line, "%s", fault);
    return !fault;
}

/* ---- what is wrong with the text --------------------------------------------------------------------------------- */

/* line: of the first line of the Markdown. Where the lines are not those of the file, all is told there: step 0. */
static void check_markdown(const Page *page, const char *markdown, unsigned line, unsigned step, Problems *problems)
{
    g_autoptr(GArray) faults = markdown_faults(markdown);
    for (guint i = 0; i < faults->len; i++) {
        const MarkdownFault *fault = &g_array_index(faults, MarkdownFault, i);
        unsigned place = line + step * (fault->line - 1);
        if (fault->kind == MARKDOWN_FAULT_IMAGE)
            problems_add(problems, page->file, place,
                         "pictures do not go into the text; name the file under media: with path and alt");
        else
            problems_add(problems, page->file, place,
                         "lists, quotations or emphasis stand more than %d deep within each other",
                         LIMIT_MARKDOWN_DEPTH);
    }
}

/* True: short enough to be looked into. */
static bool check_length(const Page *page, const char *markdown, unsigned line, Problems *problems)
{
    if (strlen(markdown) <= LIMIT_MARKDOWN_BYTES)
        return true;
    problems_add(problems, page->file, line, "the text is longer than %d bytes; offer the rest as a document",
                 LIMIT_MARKDOWN_BYTES);
    return false;
}

static void check_text(const Page *page, Problems *problems)
{
    const char *lead = page->lead ? page->lead->text : "";
    if (!*page->body && !*lead) {
        problems_add(problems, page->file, page->head_end, "there is no text below the head");
        return;
    }
    if (strlen(lead) > LIMIT_MARKDOWN_BYTES) /* told where the key is read */
        return;
    if (!check_length(page, page->body, page->head_end, problems))
        return;
    if (page->lead)
        check_markdown(page, lead, page->lead->line, 0, problems);
    if (page->contact && strlen(page->contact->text) <= LIMIT_HEADER_VALUE_BYTES)
        check_markdown(page, page->contact->text, page->contact->line, 0, problems);
    check_markdown(page, page->body, page->body_line, 1, problems);
    if (!markdown_shows_words(page->body) && !markdown_shows_words(lead))
        problems_add(problems, page->file, *page->body ? page->body_line : page->lead->line,
                     "the text that begins here shows no letter and no digit; nobody could read anything in it");
}

static void read_keys(Page *page, bool is_further, Problems *problems)
{
    FrontField fields[G_N_ELEMENTS(page_fields)];
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        fields[i] = page_fields[i];
        if (is_further && fields[i].offset != FIELD(headline))
            fields[i].required = false;
    }
    const FrontPlace place = {.file = page->file, .line = page->head_end, .subject = "", .problems = problems};
    front_fields_read(page->root, fields, &place, page);
}

Page *page_read(const char *file, const char *text, gsize length, bool is_further, Problems *problems)
{
    if (!text_is_usable(file, text, length, problems))
        return NULL;
    g_autofree char *copy = g_strndup(text, length);
    const char *start = g_str_has_prefix(copy, "\xef\xbb\xbf") ? copy + 3 : copy;
    const char *head, *body;
    gsize head_length;
    unsigned head_end;
    if (!is_fence(start, &head)) {
        problems_add(problems, file, 1,
                     "the file must begin with a line \"---\"; the head with kind, lists and headline follows");
        return NULL;
    }
    if (!find_head_end(head, &head_length, &body, &head_end)) {
        problems_add(problems, file, 1, "the head that begins here is not closed by another line \"---\"");
        return NULL;
    }
    g_autoptr(FrontNode) root = front_matter_parse(head, head_length, file, 2, problems);
    if (!root)
        return NULL;
    Page *page = g_new0(Page, 1);
    page->file = g_strdup(file);
    page->head_end = head_end;
    unsigned skipped;
    page->body = tidy_body(body, &skipped);
    page->body_line = head_end + 1 + skipped;
    page->root = g_steal_pointer(&root);
    read_keys(page, is_further, problems);
    check_text(page, problems);
    return page;
}

/* ---- the lead ---------------------------------------------------------------------------------------------------- */

/* A block that Markdown reads as something else than a paragraph. */
static bool begins_another_block(const char *text)
{
    if (strchr("#>|`~!<-+", *text))
        return true;
    if (g_str_has_prefix(text, "* ") || g_str_has_prefix(text, "***"))
        return true;
    if (g_str_has_prefix(text, "    ") || *text == '\t')
        return true;
    gsize digits = strspn(text, "0123456789");
    return digits && digits < 10 && (text[digits] == '.' || text[digits] == ')') && text[digits + 1] == ' ';
}

/* The end of the first paragraph: a line of white space only, or NULL. */
static const char *paragraph_end(const char *text)
{
    for (const char *line = text; (line = strchr(line, '\n'));) {
        line++;
        if (line[strspn(line, " \t")] == '\n')
            return line;
    }
    return NULL;
}

char *page_take_lead(Page *page)
{
    const char *end = paragraph_end(page->body);
    if (!end || begins_another_block(page->body))
        return g_strdup("");
    char *lead = g_strchomp(g_strndup(page->body, (gsize)(end - page->body)));
    char *rest = tidy_body(end, NULL);
    g_free(page->body);
    page->body = rest;
    return lead;
}
