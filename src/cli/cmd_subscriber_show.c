/* rundbrief subscriber list and show: a page of people, and all that is known of one. */
#include "cli/cmd_subscriber.h"

/* libraries */
#include <jansson.h>

/* rundbrief */
#include "cli/output.h"
#include "store/subscriber_store.h"
#include "store/subscription_store.h"
#include "store/suppression_store.h"
#include "subscribers/consent_text.h"

#define LIMIT_MOST 100000 /* rows of a table that is built in memory; export streams */

static char *when(const SubscriberCall *call, int64_t at)
{
    return output_time(call->context.settings->site.zone, at);
}

/* ---- list -------------------------------------------------------------------------------------------------------- */

/* "presse (active), arbeitskreis (left)" */
static char *subscriptions_text(Db *db, int64_t subscriber_id, GError **error)
{
    g_autoptr(GPtrArray) all = subscription_all(db, subscriber_id, error);
    if (!all)
        return NULL;
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < all->len; i++) {
        const Subscription *subscription = all->pdata[i];
        g_string_append_printf(text, "%s%s (%s)", i ? ", " : "", subscription->slug,
                               subscription_state_word(subscription->state));
    }
    return g_string_free(text, FALSE);
}

static bool add_people(const SubscriberCall *call, Table *table, const GPtrArray *page, GError **error)
{
    for (guint i = 0; i < page->len; i++) {
        const Subscriber *person = page->pdata[i];
        g_autofree char *lists = subscriptions_text(call->context.db, person->id, error);
        if (!lists)
            return false;
        table_row(table,
                  (const Cell[]){cell_text(person->address), cell_text(person->name), cell_text(person->language),
                                 cell_text(person->wants_text ? "text" : "html"), cell_text(lists)});
    }
    return true;
}

static int print_page(const SubscriberCall *call, const SubscriberFilter *filter)
{
    g_autoptr(GError) error = NULL;
    int64_t total = 0;
    g_autoptr(GPtrArray) page = subscriber_page(call->context.db, filter, &error);
    if (!page || !subscriber_count(call->context.db, filter, &total, &error))
        return subscriber_fail(error);
    Table *table = table_new((const char *const[]){"Address", "Name", "Language", "Format", "Lists", NULL},
                             call->common.json, NULL);
    bool added = add_people(call, table, page, &error);
    table_print(table);
    if (!added)
        return subscriber_fail(error);
    if (!call->common.json)
        printf("\n%u of %" G_GINT64_FORMAT " people.\n", page->len, total);
    if (page->len > 0 && page->len == filter->limit && page->len < total) {
        const Subscriber *last = page->pdata[page->len - 1];
        g_autofree char *quoted = g_shell_quote(last->address); /* it will be pasted into a shell */
        fprintf(stderr, "The next page: --after %s\n", quoted);
    }
    return EXIT_GOOD;
}

int subscriber_list(const SubscriberCall *call, const char *argument)
{
    (void)argument;
    int code = EXIT_GOOD;
    const SubscriberOptions *options = &call->options;
    SubscriberFilter filter = {.limit = options->limit};
    g_autoptr(GError) error = NULL;
    g_auto(Address) after = {0};
    g_autoptr(MailingList) list = options->list ? subscriber_call_list(call, &code) : NULL;
    if (code != EXIT_GOOD)
        return code;
    if (options->limit < 1 || options->limit > LIMIT_MOST)
        return subscriber_usage("--limit takes 1 to " G_STRINGIFY(LIMIT_MOST) "; 'export' writes everybody");
    if (!subscriber_call_state(call, &filter.state, &filter.has_state))
        return EXIT_USAGE;
    if (options->after && !address_parse(options->after, &after, &error))
        return command_fail(&command_subscriber, EXIT_USAGE, "--after %s: %s", options->after, error->message);
    filter.list_id = list ? list->id : 0;
    filter.after_key = after.key;
    return print_page(call, &filter);
}

/* ---- show -------------------------------------------------------------------------------------------------------- */

/* All that is known of an address. */
typedef struct Dossier {
    Subscriber *person; /* NULL: only the hash is known */
    GPtrArray *subscriptions, *history;
    Suppression suppression;
    bool suppressed;
} Dossier;

static void dossier_clear(Dossier *dossier)
{
    g_clear_pointer(&dossier->person, subscriber_free);
    g_clear_pointer(&dossier->subscriptions, g_ptr_array_unref);
    g_clear_pointer(&dossier->history, g_ptr_array_unref);
    suppression_clear(&dossier->suppression);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Dossier, dossier_clear)

static bool dossier_load(const SubscriberCall *call, const Address *address, Dossier *ret, GError **error)
{
    Db *db = call->context.db;
    uint8_t hash[ADDRESS_HASH_SIZE];
    keyring_hash_address(call->context.keyring, address->key, hash);
    if (!subscriber_by_key(db, address->key, &ret->person, error))
        return false;
    ret->subscriptions = subscription_all(db, ret->person ? ret->person->id : 0, error);
    ret->history = ret->subscriptions ? consent_history(db, hash, error) : NULL;
    return ret->history && suppression_find(db, hash, &ret->suppression, &ret->suppressed, error);
}

static void line(const char *label, const char *value)
{
    g_autofree char *clean = output_clean(*value ? value : "-");
    printf("%-10s %s\n", label, clean);
}

static void show_subscriptions(const SubscriberCall *call, const Dossier *dossier)
{
    puts("\nSubscriptions");
    if (dossier->subscriptions->len == 0)
        puts("  none");
    for (guint i = 0; i < dossier->subscriptions->len; i++) {
        const Subscription *subscription = dossier->subscriptions->pdata[i];
        g_autofree char *since = when(call, subscription->since);
        g_autofree char *title = output_clean(subscription->title);
        printf("  %s (%s): %s since %s\n", subscription->slug, title, subscription_state_word(subscription->state),
               since);
    }
}

static void show_history(const SubscriberCall *call, const Dossier *dossier)
{
    puts("\nConsent");
    if (dossier->history->len == 0)
        puts("  nothing recorded");
    for (guint i = 0; i < dossier->history->len; i++) {
        const ConsentRecord *record = dossier->history->pdata[i];
        g_autofree char *at = when(call, record->at);
        g_autofree char *sentence = consent_sentence(record);
        g_autofree char *clean = output_clean(sentence);
        printf("  %s  %s: %s\n", at, record->slug, clean);
    }
}

static void show_text(const SubscriberCall *call, const Address *address, const Dossier *dossier)
{
    line("Address", address->text);
    if (dossier->person) {
        g_autofree char *created = when(call, dossier->person->created_at);
        line("Name", dossier->person->name);
        line("Language", dossier->person->language);
        line("Format", dossier->person->wants_text ? "text only" : "HTML and text");
        line("Known since", created);
    } else {
        puts("There is no record of this address but what follows; it was erased, or was never here.");
    }
    show_subscriptions(call, dossier);
    show_history(call, dossier);
    puts("\nSuppression");
    if (!dossier->suppressed) {
        puts("  none");
        return;
    }
    g_autofree char *since = when(call, dossier->suppression.at);
    g_autofree char *evidence = output_clean(dossier->suppression.evidence);
    printf("  %s since %s: %s\n", suppression_reason_word(dossier->suppression.reason), since, evidence);
}

static json_t *subscriptions_json(const GPtrArray *all)
{
    json_t *array = json_array();
    for (guint i = 0; i < all->len; i++) {
        const Subscription *subscription = all->pdata[i];
        json_array_append_new(
            array, json_pack("{s:s, s:s, s:s, s:o}", "list", subscription->slug, "title", subscription->title, "state",
                             subscription_state_word(subscription->state), "since", json_time(subscription->since)));
    }
    return array;
}

static json_t *history_json(const GPtrArray *history)
{
    json_t *array = json_array();
    for (guint i = 0; i < history->len; i++) {
        const ConsentRecord *record = history->pdata[i];
        json_array_append_new(array, json_pack("{s:o, s:s, s:s, s:s, s:s, s:s, s:s}", "at", json_time(record->at),
                                               "list", record->slug, "kind", consent_kind_word(record->kind), "basis",
                                               legal_basis_word(record->legal_basis), "wording", record->wording,
                                               "source", record->source, "actor", record->actor));
    }
    return array;
}

static json_t *suppression_json(const Dossier *dossier)
{
    if (!dossier->suppressed)
        return json_null();
    return json_pack("{s:s, s:o, s:s}", "reason", suppression_reason_word(dossier->suppression.reason), "since",
                     json_time(dossier->suppression.at), "evidence", dossier->suppression.evidence);
}

static void show_json(const Address *address, const Dossier *dossier)
{
    json_t *object = json_pack("{s:s, s:b, s:o, s:o, s:o}", "address", address->text, "known", dossier->person != NULL,
                               "subscriptions", subscriptions_json(dossier->subscriptions), "consent",
                               history_json(dossier->history), "suppression", suppression_json(dossier));
    if (dossier->person) {
        json_object_set_new(object, "name", json_string(dossier->person->name));
        json_object_set_new(object, "language", json_string(dossier->person->language));
        json_object_set_new(object, "format", json_string(dossier->person->wants_text ? "text" : "html"));
        json_object_set_new(object, "known_since", json_time(dossier->person->created_at));
    }
    output_json(object);
}

int subscriber_show(const SubscriberCall *call, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_auto(Address) address = {0};
    g_auto(Dossier) dossier = {0};
    if (!address_parse(text, &address, &error))
        return command_fail(&command_subscriber, EXIT_USAGE, "%s: %s", text, error->message);
    if (!dossier_load(call, &address, &dossier, &error))
        return subscriber_fail(error);
    if (!dossier.person && dossier.history->len == 0 && !dossier.suppressed)
        return command_fail(&command_subscriber, EXIT_WRONG, "nobody here has, or had, the address %s", address.text);
    if (call->common.json)
        show_json(&address, &dossier);
    else
        show_text(call, &address, &dossier);
    return EXIT_GOOD;
}
