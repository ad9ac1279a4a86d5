/* Checks each field of a list by itself and tells all mistakes at once. */
#include "subscribers/list_change.h"

/* rundbrief */
#include "base/limits.h"
#include "base/text.h"
#include "config/settings.h"
#include "mail/address.h"
#include "subscribers/candidate.h"

#define SLUG_BYTES 40 /* it stands in List-Id and in folders of people's mail programs */

#define HOLD_SECONDS         120 /* time enough to look at the first copy */
#define HOLD_SECONDS_LONGEST 86400

static bool slug_is_good(const char *slug)
{
    if (!g_ascii_isalnum(*slug) || strlen(slug) > SLUG_BYTES)
        return false;
    for (const char *p = slug; *p; p++)
        if (!g_ascii_islower(*p) && !g_ascii_isdigit(*p) && *p != '-')
            return false;
    return slug[strlen(slug) - 1] != '-';
}

MailingList *list_new(const char *slug, const char *language, Problems *problems)
{
    if (!slug_is_good(slug))
        problems_add(problems, slug, 0,
                     "a list's name is up to %d small letters a-z, digits and hyphens, such as \"presse\"", SLUG_BYTES);
    MailingList *list = g_new0(MailingList, 1);
    list->slug = g_strdup(slug);
    list->title = g_strdup("");
    list->description = g_strdup("");
    list->language = g_strdup(language);
    list->joining = JOINING_CLOSED;
    list->legal_basis = LEGAL_CONSENT;
    list->from_name = g_strdup("");
    list->from_address = g_strdup("");
    list->sender_address = g_strdup("");
    list->reply_to = g_strdup("");
    list->rate_per_minute = LIST_RATE_PER_MINUTE;
    list->weight = 1;
    list->hold_seconds = HOLD_SECONDS;
    list->office_address = g_strdup("");
    list->contact_address = g_strdup("");
    list->relay = g_strdup("");
    list->dkim = true;
    return list;
}

static void set(char **field, const char *value)
{
    g_free(*field);
    *field = g_strdup(value);
}

static void apply_line(char **field, const char *value, bool required, const char *option, const char *file,
                       Problems *problems)
{
    if (!value)
        return;
    if (required && !*value)
        problems_add(problems, file, 0, "%s must not be empty", option);
    else if (strlen(value) > LIMIT_HEADER_VALUE_BYTES || !text_is_one_line(value))
        problems_add(problems, file, 0, "%s must be one line of UTF-8 of at most %d bytes", option,
                     LIMIT_HEADER_VALUE_BYTES);
    else
        set(field, value);
}

static void apply_address(char **field, const char *value, const char *option, const char *file, Problems *problems)
{
    g_autoptr(GError) error = NULL;
    g_auto(Address) address = {0};
    if (value && !*value)
        set(field, "");
    else if (value && !address_parse(value, &address, &error))
        problems_add(problems, file, 0, "%s: %s", option, error->message);
    else if (value)
        set(field, address.text);
}

static void apply_language(MailingList *list, const char *value, const char *file, Problems *problems)
{
    g_autofree char *tag = value ? language_tag(value) : NULL;
    if (value && !tag)
        problems_add(problems, file, 0, "--language takes a tag such as de or en, not \"%s\"", value);
    else if (value)
        set(&list->language, tag);
}

static void apply_number(int64_t *field, const char *value, int64_t least, int64_t largest, const char *option,
                         const char *file, Problems *problems)
{
    if (value && !g_ascii_string_to_signed(value, 10, least, largest, field, NULL))
        problems_add(problems, file, 0,
                     "%s takes a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ", not \"%s\"", option, least,
                     largest, value);
}

static void apply_yes_no(bool *field, const char *value, const char *option, const char *file, Problems *problems)
{
    if (value && !g_str_equal(value, "yes") && !g_str_equal(value, "no"))
        problems_add(problems, file, 0, "%s takes yes or no, not \"%s\"", option, value);
    else if (value)
        *field = g_str_equal(value, "yes");
}

static void apply_relay(MailingList *list, const char *value, const GPtrArray *relays, const char *file,
                        Problems *problems)
{
    g_autoptr(GString) names = g_string_new(NULL);
    bool known = value && !*value;
    for (guint i = 0; value && i < relays->len; i++) {
        const char *name = ((const RelaySettings *)relays->pdata[i])->name;
        g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", name);
        known |= g_str_equal(name, value);
    }
    if (known)
        set(&list->relay, value);
    else if (value)
        problems_add(problems, file, 0, "--relay takes the name of one of relays in the settings (%s), not \"%s\"",
                     names->str, value);
}

void list_apply(MailingList *list, const ListChange *change, const GPtrArray *relays, const char *file,
                Problems *problems)
{
    apply_line(&list->title, change->title, true, "--title", file, problems);
    apply_line(&list->description, change->description, false, "--description", file, problems);
    apply_line(&list->from_name, change->from_name, false, "--from-name", file, problems);
    apply_address(&list->from_address, change->from_address, "--from-address", file, problems);
    apply_address(&list->sender_address, change->sender_address, "--sender-address", file, problems);
    apply_address(&list->reply_to, change->reply_to, "--reply-to", file, problems);
    apply_address(&list->office_address, change->office, "--office", file, problems);
    apply_address(&list->contact_address, change->contact, "--contact", file, problems);
    apply_relay(list, change->relay, relays, file, problems);
    apply_number(&list->hold_seconds, change->hold, 0, HOLD_SECONDS_LONGEST, "--hold", file, problems);
    apply_language(list, change->language, file, problems);
    apply_number(&list->rate_per_minute, change->rate_per_minute, 0, LIST_RATE_LARGEST, "--rate", file, problems);
    apply_yes_no(&list->dkim, change->dkim, "--dkim", file, problems);
    apply_number(&list->weight, change->weight, 1, LIST_WEIGHT_LARGEST, "--weight", file, problems);
    if (change->joining && !joining_rule_from_word(change->joining, &list->joining))
        problems_add(problems, file, 0, "--joining takes open, request or closed, not \"%s\"", change->joining);
    if (change->basis && !legal_basis_from_word(change->basis, &list->legal_basis))
        problems_add(problems, file, 0, "--basis takes consent, public-task or contract, not \"%s\"", change->basis);
}
