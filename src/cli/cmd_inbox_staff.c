/* rundbrief inbox status, tray, answers, reclassify, done: what waits for staff, and what they decide. */
#include "cli/cmd_inbox.h"

/* rundbrief */
#include "base/clock.h"
#include "cli/actor.h"
#include "cli/output.h"
#include "inbound/decide.h"
#include "mail/address.h"
#include "store/announcement_store.h"
#include "store/rsvp_store.h"
#include "store/tray_store.h"

static int fail(const GError *error)
{
    return command_fail(&command_inbox, EXIT_FAULT, "%s", error->message);
}

/* ---- status ------------------------------------------------------------------------------------------------------ */

typedef struct BoxState {
    const char *name;
    TrayMailbox numbers;
} BoxState;

static GArray *box_states(const Context *context, GError **error)
{
    g_autoptr(GArray) states = g_array_new(FALSE, FALSE, sizeof(BoxState));
    for (guint i = 0; i < context->settings->mailboxes->len; i++) {
        const MailboxSettings *box = g_ptr_array_index(context->settings->mailboxes, i);
        BoxState state = {.name = box->name};
        if (!tray_mailbox(context->db, box->name, &state.numbers, error))
            return NULL;
        g_array_append_val(states, state);
    }
    return g_steal_pointer(&states);
}

static void print_status(const Context *context, const GArray *states, const GArray *counts)
{
    static const char *const box_columns[] = {"Mailbox", "Mails", "Latest", "Waiting", "To move", NULL};
    static const char *const class_columns[] = {"Class", "Today", "7 days", "30 days", "All", "Waiting", NULL};
    Table *boxes = table_new(box_columns, false, context->settings->site.zone);
    for (guint i = 0; i < states->len; i++) {
        const BoxState *state = &g_array_index(states, BoxState, i);
        table_row(boxes, (const Cell[]){cell_text(state->name), cell_number(state->numbers.total),
                                        cell_time(state->numbers.read_at), cell_number(state->numbers.waiting),
                                        cell_number(state->numbers.unmoved)});
    }
    table_print(boxes);
    putchar('\n');
    Table *classes = table_new(class_columns, false, NULL);
    for (guint i = 0; i < counts->len; i++) {
        const TrayCount *count = &g_array_index(counts, TrayCount, i);
        table_row(classes, (const Cell[]){cell_text(finding_class_word(count->class)), cell_number(count->day),
                                          cell_number(count->week), cell_number(count->month),
                                          cell_number(count->total), cell_number(count->waiting)});
    }
    table_print(classes);
}

static void print_status_json(const GArray *states, const GArray *counts)
{
    json_t *boxes = json_array(), *classes = json_array();
    for (guint i = 0; i < states->len; i++) {
        const BoxState *state = &g_array_index(states, BoxState, i);
        json_array_append_new(boxes,
                              json_pack("{s:s, s:I, s:o, s:I, s:I, s:I}", "mailbox", state->name, "mails",
                                        (json_int_t)state->numbers.total, "latest", json_time(state->numbers.read_at),
                                        "waiting", (json_int_t)state->numbers.waiting, "to_move",
                                        (json_int_t)state->numbers.unmoved, "uid", (json_int_t)state->numbers.uid));
    }
    for (guint i = 0; i < counts->len; i++) {
        const TrayCount *count = &g_array_index(counts, TrayCount, i);
        json_array_append_new(classes,
                              json_pack("{s:s, s:I, s:I, s:I, s:I, s:I}", "class", finding_class_word(count->class),
                                        "day", (json_int_t)count->day, "week", (json_int_t)count->week, "month",
                                        (json_int_t)count->month, "all", (json_int_t)count->total, "waiting",
                                        (json_int_t)count->waiting));
    }
    output_json(json_pack("{s:o, s:o}", "mailboxes", boxes, "classes", classes));
}

int inbox_status(const Context *context, bool json)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) states = box_states(context, &error);
    g_autoptr(GArray) counts = states ? tray_counts(context->db, clock_now(), &error) : NULL;
    if (!counts)
        return fail(error);
    if (json)
        print_status_json(states, counts);
    else
        print_status(context, states, counts);
    return EXIT_GOOD;
}

/* ---- tray -------------------------------------------------------------------------------------------------------- */

/* When a mail that waits will be deleted at the earliest; 0: nobody was told yet, so it will not. */
static int64_t goes_at(const Settings *settings, const InboxMessage *message)
{
    return message->warned_at ? message->warned_at + settings->retention.warning_days * DAY_US : 0;
}

int inbox_tray(const Context *context, const char *class, int64_t limit, bool json)
{
    static const char *const columns[] = {"Id",     "Read at",     "Class",        "From", "Subject",
                                          "Folder", "Consequence", "Deleted from", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) waiting = tray_waiting(context->db, class, (guint)limit, &error);
    if (!waiting)
        return fail(error);
    if (waiting->len == 0 && !json) {
        puts("Nothing waits for you.");
        return EXIT_GOOD;
    }
    Table *table = table_new(columns, json, context->settings->site.zone);
    for (guint i = 0; i < waiting->len; i++) {
        const InboxMessage *message = g_ptr_array_index(waiting, i);
        table_row(table, (const Cell[]){
                             cell_number(message->id),
                             cell_time(message->read_at),
                             cell_text(finding_class_word(message->class)),
                             cell_text(*message->sender ? message->sender : NULL),
                             cell_text(*message->subject ? message->subject : NULL),
                             cell_text(message->folder),
                             cell_text(message->consequence),
                             cell_time(goes_at(context->settings, message)),
                         });
    }
    table_print(table);
    return EXIT_GOOD;
}

/* ---- answers ----------------------------------------------------------------------------------------------------- */

/* EXIT_GOOD when it is an invitation. */
static int find_invitation(const Context *context, const char *word, int64_t *ret_id)
{
    guint64 id = 0;
    AnnouncementKind kind;
    g_autoptr(GError) error = NULL;
    if (!g_ascii_string_to_unsigned(word, 10, 1, INT64_MAX, &id, NULL))
        return command_fail(&command_inbox, EXIT_USAGE,
                            "'%s' is not the number of an announcement; 'rundbrief announce list' shows them", word);
    *ret_id = (int64_t)id;
    if (!announcement_kind(context->db, *ret_id, &kind, &error))
        return error->domain == ANNOUNCEMENT_STORE_ERROR
                   ? command_fail(&command_inbox, EXIT_WRONG, "%s", error->message)
                   : fail(error);
    return kind == ANNOUNCEMENT_INVITATION
               ? EXIT_GOOD
               : command_fail(&command_inbox, EXIT_WRONG, "announcement %s is no invitation", word);
}

static void print_answers(const Context *context, const GPtrArray *answers, bool json)
{
    static const char *const columns[] = {"Announcement", "Attendee", "Answer", "Given at", "Read at", "Message", NULL};
    Table *table = table_new(columns, json, context->settings->site.zone);
    for (guint i = 0; i < answers->len; i++) {
        const Rsvp *rsvp = g_ptr_array_index(answers, i);
        table_row(table, (const Cell[]){
                             cell_number(rsvp->announcement_id),
                             cell_text(rsvp->attendee_key),
                             cell_text(rsvp_answer_word(rsvp->answer)),
                             cell_time(rsvp->stamped_at),
                             cell_time(rsvp->at),
                             cell_number(rsvp->inbox_id),
                         });
    }
    table_print(table);
}

int inbox_answers(const Context *context, char **words, int64_t limit, bool json)
{
    int64_t announcement_id = 0;
    g_autoptr(GError) error = NULL;
    int code = *words ? find_invitation(context, *words, &announcement_id) : EXIT_GOOD;
    if (code != EXIT_GOOD)
        return code;
    g_autoptr(GPtrArray) answers = rsvp_page(context->db, announcement_id, (guint)limit, &error);
    if (!answers)
        return fail(error);
    if (answers->len == 0 && !json)
        puts("Nobody has answered.");
    else
        print_answers(context, answers, json);
    return EXIT_GOOD;
}

/* ---- decisions --------------------------------------------------------------------------------------------------- */

typedef bool (*Decide)(const Context *context, InboxMessage *message, gconstpointer data, GError **error);

/* Loads and decides in one transaction, so that two people do not decide against each other unseen. */
static int decide(const Context *context, const char *word, Decide run, gconstpointer data)
{
    int code = EXIT_GOOD;
    g_autoptr(GError) error = NULL;
    g_autoptr(DbTransaction) tx = db_begin(context->db, &error);
    if (!tx)
        return fail(error);
    g_autoptr(InboxMessage) message = inbox_find(context, word, &code);
    if (!message)
        return code;
    if (!run(context, message, data, &error) || !db_commit(&tx, &error))
        return error->domain == DECIDE_ERROR ? command_fail(&command_inbox, EXIT_WRONG, "%s", error->message)
                                             : fail(error);
    g_autofree char *clean = output_clean(message->consequence);
    printf("Message %s: %s; it belongs to %s.\n", word, clean, message->folder);
    return EXIT_GOOD;
}

typedef struct Reclassification {
    FindingClass to;
    const char *key; /* NULL: whom the mail names */
} Reclassification;

static bool run_reclassify(const Context *context, InboxMessage *message, gconstpointer data, GError **error)
{
    const Reclassification *wanted = data;
    g_autofree char *actor = actor_name();
    return decide_class(context->db, context->settings, message, wanted->to, wanted->key, actor, clock_now(), error);
}

int inbox_reclassify(const Context *context, char **words, const char *address)
{
    g_autoptr(GError) error = NULL;
    g_auto(Address) person = {0};
    Reclassification wanted = {.to = FINDING_UNKNOWN};
    if (!finding_class_from_word(words[1], &wanted.to) || !decide_may_be(wanted.to)) {
        g_autofree char *classes = decide_classes();
        return command_fail(&command_inbox, EXIT_USAGE, "'%s' is no class; say one of %s", words[1], classes);
    }
    if (address && !address_parse(address, &person, &error))
        return command_fail(&command_inbox, EXIT_USAGE, "%s: %s", address, error->message);
    wanted.key = person.key;
    return decide(context, words[0], run_reclassify, &wanted);
}

static bool run_done(const Context *context, InboxMessage *message, gconstpointer data, GError **error)
{
    (void)data;
    g_autofree char *actor = actor_name();
    return decide_done(context->db, context->settings, message, actor, clock_now(), error);
}

int inbox_done(const Context *context, char **words)
{
    int code = EXIT_GOOD;
    for (; *words && code == EXIT_GOOD; words++)
        code = decide(context, *words, run_done, NULL);
    return code;
}
