/* Clues are counted: none of them is sure, and no mail system gives all. Then the claims of the text become blocks of a
 * report; a header field that names the failed ones (Exim, Gmail) is believed before them, the returned mail's own
 * addressee after them. */
#include "inbound/prose.h"

/* system */
#include <string.h>

/* rundbrief */
#include "base/limits.h"
#include "base/text.h"
#include "inbound/claims.h"
#include "inbound/origin.h"
#include "inbound/talk_table.h"
#include "mail/address.h"
#include "model/enhanced_code.h"
#include "model/phrases.h"
#include "model/refusal.h"

#define BEGINNING_BYTES 200 /* people who bring a report along write their own words first */
#define LONGEST_NAME    40
#define MOST_LINES      200

/* Points. A mail system's name, its subject and one sentence suffice; a person who forwards a report stays below. */
#define ENOUGH             5
#define ENOUGH_FROM_PERSON 6

static PhraseSet subjects = PHRASE_SET(subject_phrases), texts = PHRASE_SET(text_phrases);

/* ---- is it one --------------------------------------------------------------------------------------------------- */

static void note_talk(const Phrase *phrase, gsize at, gpointer data)
{
    if (phrase->meaning != TALK_SYSTEM || at < BEGINNING_BYTES)
        *(guint *)data |= 1u << phrase->meaning;
}

static guint talk_of(PhraseSet *set, const GString *folded)
{
    guint talk = 0;
    phrases_visit(set, folded, note_talk, &talk);
    return talk;
}

/* The outer type says what the mail is, even where the part that would tell the rest is lost. */
static bool claims_to_be_report(Message *message)
{
    g_autofree char *kind = mime_part_parameter(message_part(message, 0), "report-type");
    return kind && g_ascii_strcasecmp(kind, "delivery-status") == 0;
}

/* Its header is a person's, and no mail is brought back. */
static bool may_be_persons(Message *message, const ReportText *text)
{
    Fields *fields = message_fields(message);
    return !text->returned && !origin_is_nobody(fields) && !origin_is_mail_system(fields) &&
           !fields_has(fields, "X-Failed-Recipients") && !claims_to_be_report(message);
}

static bool is_report(Message *message, const ReportText *text, guint in_subject, guint in_text, bool has_claims)
{
    Fields *fields = message_fields(message);
    const guint fate = 1u << TALK_UNDELIVERED | 1u << TALK_DELAYED | 1u << TALK_DELIVERED | 1u << TALK_REPORTED;
    bool is_system = origin_is_mail_system(fields);
    bool is_persons = !is_system || (fields_has(fields, "Return-Path") && !origin_is_nobody(fields));
    int points = 0;
    points += is_system ? 2 : !strchr(fields_text(fields, "From"), ' ') ? 1 : 0; /* people give a name */
    points += fields_has(fields, "X-Failed-Recipients") ? 3 : 0;
    points += claims_to_be_report(message) ? 3 : 0;
    points += in_subject & fate ? 2 : 0;
    points += in_text & fate ? 2 : 0;
    points += in_text & 1u << TALK_SYSTEM ? 2 : 0;
    points += origin_is_nobody(fields) ? 1 : 0;
    points += has_claims ? 1 : 0;
    points += text->returned ? 1 : 0;
    points += strstr(fields_text(fields, "X-Mailer"), "SMTP32") ? 2 : 0;
    points -= origin_is_answer(fields) && is_persons ? 3 : 0;
    points -= fields_has(fields, "In-Reply-To") && !is_system ? 2 : 0;
    points -= fields_has(fields, "List-Id") && !is_system ? 2 : 0;
    points -= !is_system && strchr(fields_text(fields, "From"), ' ') && origin_is_own_path(fields) ? 3 : 0;
    return points >= (is_system ? ENOUGH : ENOUGH_FROM_PERSON);
}

static DsnAction action_of(guint in_subject, guint in_text)
{
    const guint talk = in_subject | in_text;
    if (talk & 1u << TALK_DELAYED)
        return DSN_DELAYED;
    return talk & 1u << TALK_DELIVERED && !(in_text & 1u << TALK_UNDELIVERED) ? DSN_DELIVERED : DSN_FAILED;
}

/* ---- what it says ------------------------------------------------------------------------------------------------ */

static void add_block(Dsn *dsn, const char *address, DsnAction action, const char *words, gsize length)
{
    if (dsn->recipients->len >= LIMIT_REPORT_RECIPIENTS)
        return;
    DsnRecipient *block = dsn_add(dsn);
    g_free(block->final_recipient);
    block->final_recipient = g_strdup(address);
    block->action = action;
    g_free(block->diagnostic);
    block->diagnostic = g_strndup(words, length);
    enhanced_code_find(block->diagnostic, "45", block->status);
}

static bool is_of(const Claim *claim, const char *address)
{
    return g_ascii_strcasecmp(claim->address, address) == 0;
}

/* A comma separated header field; each gets the words of its claim, or the whole text. */
static void add_listed(Dsn *dsn, const char *list, const GArray *claims, DsnAction action, const ReportText *text)
{
    g_auto(GStrv) names = g_strsplit(list, ",", LIMIT_REPORT_RECIPIENTS);
    for (char **name = names; *name; name++) {
        g_autofree char *address = address_bare(*name);
        if (!strchr(address, '@'))
            continue;
        gsize from = 0, to = text->own->len;
        for (guint i = 0; claims->len > 1 && i < claims->len; i++) {
            const Claim *claim = &g_array_index(claims, Claim, i);
            if (is_of(claim, address)) {
                from = claim->from;
                to = claim->to;
            }
        }
        add_block(dsn, address, action, text->own->str + from, to - from);
    }
}

static bool is_ours(Fields *fields, const char *address)
{
    static const char *const names[] = {"To", "Delivered-To", "From"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (text_search(fields_text(fields, names[i]), address))
            return true;
    return false;
}

/* Our own addresses stand in reports too: they are believed last, or when the text says clearly that they failed. */
static void add_claims(Dsn *dsn, Fields *fields, const GArray *claims, bool with_ours, DsnAction action,
                       const ReportText *text)
{
    for (guint i = 0; i < claims->len; i++) {
        const Claim *claim = &g_array_index(claims, Claim, i);
        bool is_sure = claim->grade >= CLAIM_LABELLED && claims->len == 1;
        if (!with_ours && !is_sure && is_ours(fields, claim->address))
            continue;
        gsize from = claims->len == 1 ? 0 : claim->from, to = claims->len == 1 ? text->own->len : claim->to;
        add_block(dsn, claim->address, action, text->own->str + from, to - from);
    }
}

/* The name on a line of its own ("  <ann>"), or NULL. */
static char *bare_name(const char *line, gsize length)
{
    g_autofree char *word = g_strndup(line, length);
    g_strstrip(g_strdelimit(word, "<>", ' '));
    bool is_name = *word && strlen(word) <= LONGEST_NAME && g_ascii_isalnum(*word) &&
                   word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+")] == '\0';
    return is_name ? g_steal_pointer(&word) : NULL;
}

/* A server that speaks of its own people may leave their domain out: AOL does. They stand below a line that ends with
 * a colon. */
static void add_bare_names(Dsn *dsn, Fields *fields, DsnAction action, const ReportText *text)
{
    g_auto(Address) daemon = {0};
    g_autofree char *bare = address_bare(fields_text(fields, "From"));
    if (!address_parse(bare, &daemon, NULL))
        return;
    bool is_below = false;
    g_auto(GStrv) lines = g_strsplit(text->own->str, "\n", MOST_LINES);
    for (char **line = lines; *line; line++) {
        gsize length = strlen(g_strchomp(*line));
        g_autofree char *name = is_below ? bare_name(*line, length) : NULL;
        g_autofree char *address = name ? g_strconcat(name, "@", daemon.domain, NULL) : NULL;
        if (address)
            add_block(dsn, address, action, text->own->str, text->own->len);
        is_below = length == 0 ? is_below : name || (*line)[length - 1] == ':';
    }
}

/* "(generated from ann@example.org)": the alias that was mailed, beside the target that failed. */
static void add_original(Dsn *dsn, const GArray *claims)
{
    const Claim *claim = claims->len == 1 ? &g_array_index(claims, Claim, 0) : NULL;
    if (!claim || claim->grade != CLAIM_ORIGINAL || dsn->recipients->len != 1)
        return;
    DsnRecipient *block = g_ptr_array_index(dsn->recipients, 0);
    g_free(block->original_recipient);
    block->original_recipient = g_strdup(claim->address);
}

static Dsn *read_blocks(Message *message, const ReportText *text, const GArray *claims, DsnAction action)
{
    Fields *fields = message_fields(message);
    if (text_search(text->own->str, "\nFinal-Recipient:")) {
        Dsn *dsn = dsn_parse(text->own->str);
        if (dsn->recipients->len > 0)
            return dsn;
        dsn_free(dsn);
    }
    Dsn *dsn = dsn_parse("");
    if (fields_has(fields, "X-Failed-Recipients")) {
        add_listed(dsn, fields_text(fields, "X-Failed-Recipients"), claims, action, text);
        add_original(dsn, claims);
    }
    if (dsn->recipients->len == 0)
        add_claims(dsn, fields, claims, false, action, text);
    if (dsn->recipients->len == 0)
        add_bare_names(dsn, fields, action, text);
    if (dsn->recipients->len == 0 && text->returned)
        add_listed(dsn, fields_text(text->returned, "To"), claims, action, text);
    if (dsn->recipients->len == 0)
        add_claims(dsn, fields, claims, true, action, text);
    if (dsn->recipients->len == 0)
        add_block(dsn, "", action, text->own->str, text->own->len);
    return dsn;
}

/* People name themselves. */
static GArray *find_claims(Fields *fields, const ReportText *text)
{
    GArray *claims = claims_find(text->own);
    g_autofree char *writer = address_bare(fields_text(fields, "From"));
    for (guint i = claims->len; i > 0; i--)
        if (is_of(&g_array_index(claims, Claim, i - 1), writer) && !origin_is_mail_system(fields))
            g_array_remove_index(claims, i - 1);
    return claims;
}

void prose_read(Message *message, ReportText *text, Prose *ret)
{
    Fields *fields = message_fields(message);
    const char *subject = fields_text(fields, "Subject");
    g_autoptr(GArray) claims = find_claims(fields, text);
    g_autoptr(GString) folded_subject = phrase_fold(subject, strlen(subject));
    guint in_subject = talk_of(&subjects, folded_subject);
    guint in_text = talk_of(&texts, report_text_folded(text));
    *ret = (Prose){0};
    if (!is_report(message, text, in_subject, in_text, claims->len > 0))
        return;
    DsnAction action = action_of(in_subject, in_text);
    ret->dsn = read_blocks(message, text, claims, action);
    ret->is_persons = may_be_persons(message, text);
    ret->clue = action == DSN_DELAYED ? "a delay notice in prose" : "a delivery report in prose";
}
