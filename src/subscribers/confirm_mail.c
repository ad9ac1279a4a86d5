/* Gathers what the template "confirm" may say. Sends nothing: the send role does. */
#include "subscribers/confirm_mail.h"

/* libraries */
#include <jansson.h>

/* rundbrief */
#include "mail/address.h"
#include "store/outbox_store.h"

static json_t *list_data(const MailingList *list)
{
    return json_pack("{s:s, s:s, s:s, s:s}", "slug", list->slug, "title", list->title, "description", list->description,
                     "language", list->language);
}

static json_t *site_data(const SiteSettings *site)
{
    return json_pack("{s:s, s:s, s:s}", "name", site->name, "help_address", site->help_address, "public_url",
                     site->public_url);
}

static json_t *confirm_data(const char *address)
{
    g_autofree char *escaped = g_uri_escape_string(address, "@", FALSE);
    g_autofree char *mailto = g_strconcat("mailto:", escaped, NULL);
    return json_pack("{s:s, s:s}", "address", address, "mailto", mailto);
}

static char *confirm_address(const SiteSettings *site, const Keyring *keyring, int64_t list_id, int64_t subscriber_id)
{
    char text[TOKEN_TEXT_SIZE];
    token_encode(keyring, &(Token){TOKEN_CONFIRM, list_id, subscriber_id}, text);
    return address_with_token(site->reply_address, text);
}

bool confirm_mail_add(Db *db, const SiteSettings *site, const Keyring *keyring, const MailingList *list,
                      const Recipient *recipient, int64_t now, GError **error)
{
    g_autofree char *address = confirm_address(site, keyring, list->id, recipient->subscriber_id);
    json_t *data = json_pack("{s:o, s:o, s:o, s:b}", "list", list_data(list), "confirm", confirm_data(address), "site",
                             site_data(site), "asked_by_staff", 1);
    char *text = json_dumps(data, JSON_COMPACT);
    json_decref(data);
    bool added = outbox_add(db, "confirm", recipient, text, OUTBOX_PRIORITY_CONFIRMATION, now, NULL, error);
    free(text);
    return added;
}
