/* Keeps the plans of the announcements that are being sent and fills them. Per letter it computes four tokens, escapes
 * a handful of short values and copies ready bytes; everything else happened when the plan was built. */
#include "announcements/letter.h"

/* rundbrief */
#include "announcements/forward_letter.h"
#include "announcements/letter_check_mail.h"
#include "announcements/letter_keys.h"
#include "announcements/letter_plan.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/verp.h"
#include "store/announcement_store.h"
#include "store/list_store.h"
#include "template/escape.h"

/* What all letters have in common that are for one list, in one language and format. */
typedef struct Form {
    int64_t list_id;
    const Variant *variant; /* of whoever holds the form */
    bool wants_text;
    Plan *plan;
    const LetterWords *words; /* the templates' */
    DkimSigner *signer;       /* NULL: nothing signs */
} Form;

/* One announcement with the forms made from it so far. */
typedef struct Held {
    Announcement *announcement;
    GPtrArray *forms; /* of Form; few */
    gsize bytes;      /* of its pictures and plans */
} Held;

struct LetterBox {
    const Settings *settings;
    const Keyring *keyring;
    LetterTemplates *templates;
    LetterKeys *dkim_keys;
    GTimeZone *zone;
    GHashTable *held;            /* id -> Held */
    guint plans;                 /* in all of them */
    gsize bytes;                 /* likewise */
    GString *values[SLOT_COUNT]; /* of the letter being written; kept for their memory */
    GString *return_path;        /* likewise */
    int64_t dated;               /* the second that the date value shows */
};

/* ---- letters ----------------------------------------------------------------------------------------------------- */

void letter_clear(Letter *letter)
{
    if (letter->bytes)
        g_string_free(letter->bytes, TRUE);
    letter->bytes = NULL;
}

/* ---- the box ----------------------------------------------------------------------------------------------------- */

static void form_free(Form *form)
{
    if (!form)
        return;
    plan_free(form->plan);
    dkim_signer_free(form->signer);
    g_free(form);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Form, form_free)

static void free_held(gpointer data)
{
    Held *held = data;
    announcement_free(held->announcement);
    g_ptr_array_unref(held->forms);
    g_free(held);
}

LetterBox *letter_box_new(const Settings *settings, const Keyring *keyring, GError **error)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(settings->site.zone);
    if (!zone) {
        g_set_error(error, LETTER_ERROR, LETTER_ERROR_MISSING, "there is no time zone “%s” on this machine",
                    settings->site.zone);
        return NULL;
    }
    if (!strchr(settings->site.reply_address, '@') || !strchr(settings->site.bounce_address, '@')) {
        g_set_error(error, LETTER_ERROR, LETTER_ERROR_INCOMPLETE,
                    "site.reply_address and site.bounce_address must be set before anything is sent");
        return NULL;
    }
    LetterBox *box = g_new0(LetterBox, 1);
    box->settings = settings;
    box->keyring = keyring;
    box->zone = g_steal_pointer(&zone);
    box->templates = letter_templates_new(settings->files.templates_dir, settings->site.language);
    box->dkim_keys = letter_keys_new(settings->dkim);
    box->held = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_held);
    box->dated = -1;
    for (guint i = 0; i < SLOT_COUNT; i++)
        box->values[i] = g_string_new(NULL);
    box->return_path = g_string_new(NULL);
    return box;
}

void letter_box_free(LetterBox *box)
{
    if (!box)
        return;
    letter_templates_free(box->templates);
    g_time_zone_unref(box->zone);
    g_hash_table_unref(box->held);
    letter_keys_free(box->dkim_keys);
    for (guint i = 0; i < SLOT_COUNT; i++)
        g_string_free(box->values[i], TRUE);
    g_string_free(box->return_path, TRUE);
    g_free(box);
}

void letter_box_forget(LetterBox *box, int64_t announcement_id)
{
    const Held *held = g_hash_table_lookup(box->held, &announcement_id);
    if (!held)
        return;
    box->plans -= held->forms->len;
    box->bytes -= held->bytes;
    g_hash_table_remove(box->held, &announcement_id);
}

gsize letter_box_bytes(const LetterBox *box)
{
    return box->bytes;
}

/* ---- filling ----------------------------------------------------------------------------------------------------- */

static void set_value(LetterBox *box, guint slot, const char *text)
{
    g_string_truncate(box->values[slot], 0);
    text_append(box->values[slot], text, strlen(text));
}

/* A name is what somebody wrote into a form: it must not leave its line, in a header or in a text. */
static void set_name(LetterBox *box, const char *name)
{
    g_string_truncate(box->values[PERSONAL_NAME], 0);
    escape_append(box->values[PERSONAL_NAME], ESCAPE_HEADER, false, name, strlen(name));
    g_strstrip(box->values[PERSONAL_NAME]->str);
    g_string_set_size(box->values[PERSONAL_NAME], strlen(box->values[PERSONAL_NAME]->str));
}

static void set_leaving(LetterBox *box, const Recipient *recipient)
{
    GString *address = box->values[PERSONAL_LEAVE_ADDRESS];
    set_value(box, PERSONAL_LEAVE_TOKEN, "");
    g_string_truncate(address, 0);
    if (recipient->list_id == 0 || recipient->subscriber_id == 0)
        return;
    char text[TOKEN_TEXT_SIZE];
    token_encode(box->keyring, &(Token){TOKEN_LEAVE, recipient->list_id, recipient->subscriber_id}, text);
    const char *inbox = box->settings->site.reply_address, *at = strrchr(inbox, '@');
    set_value(box, PERSONAL_LEAVE_TOKEN, text);
    text_append(address, inbox, (gsize)(at - inbox));
    g_string_append_c(address, '+');
    text_append(address, text, strlen(text));
    text_append(address, at, strlen(at));
}

static void set_date(LetterBox *box, int64_t now)
{
    if (box->dated == now / SECOND_US)
        return;
    char date[HEADER_DATE_SIZE];
    header_date(now, box->zone, date);
    set_value(box, SLOT_DATE, date);
    box->dated = now / SECOND_US;
}

static void set_html_values(LetterBox *box)
{
    for (guint i = 0; i < PERSONAL_COUNT; i++) {
        GString *html = box->values[PERSONAL_HTML_SLOT(i)];
        g_string_truncate(html, 0);
        escape_append(html, ESCAPE_HTML, false, box->values[i]->str, box->values[i]->len);
    }
}

static void set_values(LetterBox *box, const LetterWords *words, const Recipient *recipient, const char *id,
                       int64_t now)
{
    set_value(box, SLOT_MESSAGE_ID, id);
    set_date(box, now);
    set_value(box, PERSONAL_ADDRESS, recipient->address);
    set_name(box, recipient->name ? recipient->name : "");
    set_leaving(box, recipient);
    g_string_truncate(box->values[PERSONAL_GREETING], 0);
    letter_words_greet(words, box->values[PERSONAL_NAME]->str, box->values[PERSONAL_GREETING]);
    set_html_values(box);
}

static bool sign(DkimSigner *signer, int64_t now, Letter *letter, GError **error)
{
    gsize unsigned_length = letter->bytes->len;
    if (!dkim_sign(signer, letter->bytes, now / SECOND_US, error))
        return false;
    WireLook look = wire_look(letter->bytes->str, letter->bytes->len - unsigned_length);
    wire_join(&look, &letter->look);
    letter->look = look;
    return true;
}

static bool copy_address(const char *address, char *ret_copy, gsize size, GError **error)
{
    gsize length = strlen(address);
    if (length < size) {
        memcpy(ret_copy, address, length + 1);
        return true;
    }
    g_set_error(error, PLAN_ERROR, PLAN_ERROR_VALUE, "an address has more than %d characters", LIMIT_ADDRESS_BYTES);
    return false;
}

static bool set_envelope(LetterBox *box, const Recipient *recipient, const Token *mail, Letter *letter, GError **error)
{
    g_string_truncate(box->return_path, 0);
    verp_append(box->return_path, box->settings->site.bounce_address, box->keyring, mail);
    letter->needs_utf8 = !g_str_is_ascii(recipient->address);
    token_encode_stable(box->keyring, mail, letter->id);
    return copy_address(box->return_path->str, letter->envelope_from, sizeof letter->envelope_from, error) &&
           copy_address(recipient->address, letter->envelope_to, sizeof letter->envelope_to, error);
}

static bool fill(LetterBox *box, const Form *form, const Recipient *recipient, const Token *mail, int64_t now,
                 Letter *letter, GError **error)
{
    const char *values[SLOT_COUNT];
    if (!set_envelope(box, recipient, mail, letter, error))
        return false;
    set_values(box, form->words, recipient, letter->id, now);
    for (guint i = 0; i < SLOT_COUNT; i++)
        values[i] = box->values[i]->str;
    if (!letter->bytes)
        letter->bytes = g_string_sized_new(plan_usual_bytes(form->plan));
    return plan_fill(form->plan, values, letter->bytes, &letter->look, error) &&
           (!form->signer || sign(form->signer, now, letter, error));
}

/* ---- announcements ----------------------------------------------------------------------------------------------- */

static gsize picture_bytes(const Announcement *announcement)
{
    gsize bytes = 0;
    for (guint i = 0; i < announcement->media->len; i++) {
        const Medium *medium = announcement->media->pdata[i];
        bytes += medium->thumbnail ? g_bytes_get_size(medium->thumbnail) : 0;
    }
    return bytes;
}

static Held *hold(LetterBox *box, Db *db, int64_t id, GError **error)
{
    Held *held = g_hash_table_lookup(box->held, &id);
    if (held)
        return held;
    Announcement *announcement;
    if (!announcement_load(db, id, &announcement, error))
        return NULL;
    if (!announcement) {
        g_set_error(error, LETTER_ERROR, LETTER_ERROR_MISSING, "there is no announcement %" G_GINT64_FORMAT, id);
        return NULL;
    }
    held = g_new0(Held, 1);
    held->announcement = announcement;
    held->bytes = picture_bytes(announcement);
    box->bytes += held->bytes;
    held->forms = g_ptr_array_new_with_free_func((GDestroyNotify)form_free);
    g_hash_table_insert(box->held, g_memdup2(&id, sizeof id), held);
    return held;
}

static MailingList *load_list(Db *db, int64_t id, GError **error)
{
    MailingList *list;
    if (list_load(db, id, &list, error) && !list)
        g_set_error(error, LETTER_ERROR, LETTER_ERROR_MISSING, "there is no list %" G_GINT64_FORMAT, id);
    return list;
}

/* list NULL: a single mail of the site's. */
static bool add_signer(LetterBox *box, Form *form, const MailingList *list, GError **error)
{
    if (list && !list->dkim)
        return true;
    gsize length;
    const char *common = plan_common_body(form->plan, &length);
    const char *from_address = letter_from_address(&box->settings->site, list);
    return letter_keys_signer(box->dkim_keys, from_address, common, length, &form->signer, error);
}

/* What is only looked at is not signed: whoever looks need not be able to read the keys. */
static Form *build_form(LetterBox *box, Db *db, const Announcement *announcement, const Variant *variant,
                        const Recipient *recipient, bool is_sent, int64_t now, GError **error)
{
    g_autoptr(MailingList) list = load_list(db, recipient->list_id, error);
    if (!list)
        return NULL;
    Edition edition = {box->settings, announcement, variant, list, now};
    g_autoptr(Form) form = g_new0(Form, 1);
    *form = (Form){.list_id = list->id, .variant = variant, .wants_text = recipient->wants_text};
    form->words = letter_templates_words(box->templates, variant->language, error);
    if (form->words)
        form->plan = letter_plan_edition(box->templates, &edition, recipient->wants_text, error);
    if (!form->plan || (is_sent && !add_signer(box, form, list, error)))
        return NULL;
    return g_steal_pointer(&form);
}

/* Plans are few: languages times formats times lists. Should they become many, or large, all go; the next letters build
 * theirs anew. */
static void make_room(LetterBox *box, int64_t id, gsize needed)
{
    if (box->plans < LIMIT_LETTER_PLANS && box->bytes + needed <= LIMIT_LETTER_PLANS_BYTES)
        return;
    g_autoptr(GList) ids = g_hash_table_get_keys(box->held);
    for (GList *other = ids; other; other = other->next)
        if (*(int64_t *)other->data != id)
            letter_box_forget(box, *(int64_t *)other->data);
    Held *held = g_hash_table_lookup(box->held, &id);
    g_ptr_array_set_size(held->forms, 0);
    box->plans = 0;
    box->bytes = held->bytes = picture_bytes(held->announcement);
}

static const Form *find_form(LetterBox *box, Db *db, int64_t id, Held *held, const Variant *variant,
                             const Recipient *recipient, int64_t now, GError **error)
{
    for (guint i = 0; i < held->forms->len; i++) {
        const Form *known = held->forms->pdata[i];
        if (known->list_id == recipient->list_id && known->variant == variant &&
            known->wants_text == recipient->wants_text)
            return known;
    }
    Form *form = build_form(box, db, held->announcement, variant, recipient, true, now, error);
    if (!form)
        return NULL;
    make_room(box, id, plan_fixed_bytes(form->plan));
    g_ptr_array_add(held->forms, form);
    box->plans++;
    box->bytes += plan_fixed_bytes(form->plan);
    held->bytes += plan_fixed_bytes(form->plan);
    return form;
}

bool letter_write(LetterBox *box, Db *db, int64_t announcement_id, const Recipient *recipient, int64_t now,
                  Letter *letter, GError **error)
{
    Held *held = hold(box, db, announcement_id, error);
    if (!held)
        return false;
    const Variant *variant = announcement_variant(held->announcement, recipient->language);
    const Form *form = find_form(box, db, announcement_id, held, variant, recipient, now, error);
    Token token = {TOKEN_DELIVERY, announcement_id, recipient->subscriber_id};
    return form && fill(box, form, recipient, &token, now, letter, error);
}

/* ---- before it is stored, and mails to one person ---------------------------------------------------------------- */

/* The list that brought the recipient; in a preview for nobody in particular, the announcement's first. */
static bool choose_list(Db *db, const Announcement *announcement, Recipient *recipient, GError **error)
{
    if (recipient->list_id != 0)
        return true;
    if (announcement->lists->len == 0) {
        g_set_error(error, LETTER_ERROR, LETTER_ERROR_INCOMPLETE, "the announcement names no list");
        return false;
    }
    g_autoptr(MailingList) list = NULL;
    if (!list_by_slug(db, announcement->lists->pdata[0], &list, error))
        return false;
    if (!list)
        g_set_error(error, LETTER_ERROR, LETTER_ERROR_MISSING, "there is no list “%s”",
                    (char *)announcement->lists->pdata[0]);
    else
        recipient->list_id = list->id;
    return list != NULL;
}

/* A letter whose links have power over nobody; token is what its return path and its Message-ID say. */
static bool write_powerless(LetterBox *box, Db *db, const Announcement *announcement, const Recipient *recipient,
                            const Token *token, bool is_sent, int64_t now, Letter *letter, GError **error)
{
    Recipient reader = *recipient; /* borrows its strings */
    reader.subscriber_id = PREVIEW_SUBSCRIBER;
    if (!choose_list(db, announcement, &reader, error))
        return false;
    const Variant *variant = announcement_variant(announcement, recipient->language);
    if (!variant) {
        g_set_error(error, LETTER_ERROR, LETTER_ERROR_INCOMPLETE, "the announcement has no text");
        return false;
    }
    g_autoptr(Form) form = build_form(box, db, announcement, variant, &reader, is_sent, now, error);
    return form && fill(box, form, &reader, token, now, letter, error);
}

bool letter_preview(LetterBox *box, Db *db, const Announcement *announcement, const Recipient *recipient, int64_t now,
                    Letter *letter, GError **error)
{
    const Token token = {TOKEN_DELIVERY, announcement->id, PREVIEW_SUBSCRIBER};
    return write_powerless(box, db, announcement, recipient, &token, false, now, letter, error);
}

/* The subject alone tells it from the mail to everybody, which the office may get as well. */
static bool mark_first_copy(LetterBox *box, Announcement *announcement, GError **error)
{
    for (guint i = 0; i < announcement->variants->len; i++) {
        Variant *variant = announcement->variants->pdata[i];
        g_autofree char *mark = letter_templates_word(box->templates, variant->language, "first_copy", error);
        if (!mark)
            return false;
        char *marked = g_strconcat(mark, variant->subject, NULL);
        g_free(variant->subject);
        variant->subject = marked;
    }
    return true;
}

static bool write_first_copy(LetterBox *box, Db *db, const OutboxMail *mail, int64_t now, Letter *letter,
                             GError **error)
{
    const Token token = {TOKEN_OUTBOX, mail->id, 0};
    Announcement *found;
    if (!announcement_load(db, g_ascii_strtoll(mail->data, NULL, 10), &found, error))
        return false;
    g_autoptr(Announcement) announcement = found;
    if (!announcement) {
        g_set_error(error, LETTER_ERROR, LETTER_ERROR_MISSING, "there is no announcement %s", mail->data);
        return false;
    }
    return mark_first_copy(box, announcement, error) &&
           write_powerless(box, db, announcement, &mail->recipient, &token, true, now, letter, error);
}

static bool write_forward(LetterBox *box, Db *db, const OutboxMail *mail, int64_t now, Letter *letter, GError **error)
{
    const Token token = {TOKEN_OUTBOX, mail->id, 0};
    set_date(box, now);
    token_encode_stable(box->keyring, &token, letter->id);
    return set_envelope(box, &mail->recipient, &token, letter, error) &&
           forward_letter_write(db, mail, box->settings->site.from_address, box->values[SLOT_DATE]->str, letter, error);
}

static bool write_check(LetterBox *box, Db *db, const OutboxMail *mail, int64_t now, Letter *letter, GError **error)
{
    const Token token = {TOKEN_OUTBOX, mail->id, 0};
    g_autoptr(Announcement)
        announcement = letter_check_mail(box->templates, &box->settings->site, mail->recipient.language, error);
    return announcement && write_powerless(box, db, announcement, &mail->recipient, &token, true, now, letter, error);
}

bool letter_write_outbox(LetterBox *box, Db *db, const OutboxMail *mail, int64_t now, Letter *letter, GError **error)
{
    if (g_str_equal(mail->template, LETTER_FIRST_COPY))
        return write_first_copy(box, db, mail, now, letter, error);
    if (g_str_equal(mail->template, LETTER_FORWARD))
        return write_forward(box, db, mail, now, letter, error);
    if (g_str_equal(mail->template, LETTER_CHECK))
        return write_check(box, db, mail, now, letter, error);
    g_autoptr(MailingList) list = NULL;
    if (mail->recipient.list_id != 0 && !(list = load_list(db, mail->recipient.list_id, error)))
        return false;
    SingleMail single = {
        box->settings, list, mail->template, mail->recipient.language, mail->data, mail->recipient.wants_text};
    g_autoptr(Form) form = g_new0(Form, 1);
    form->words = letter_templates_words(box->templates, mail->recipient.language, error);
    if (form->words)
        form->plan = letter_plan_single(box->templates, &single, error);
    if (!form->plan || !add_signer(box, form, list, error))
        return false;
    Token token = {TOKEN_OUTBOX, mail->id, 0};
    return fill(box, form, &mail->recipient, &token, now, letter, error);
}
