/* rundbrief status: what the daemon does and what is wrong, read from the database, so that it also works when the
 * daemon does not. */
/* libraries */
#include <jansson.h>

/* rundbrief */
#include "base/clock.h"
#include "cli/command.h"
#include "cli/held_back.h"
#include "cli/output.h"
#include "service/role.h"
#include "store/outbox_store.h"
#include "store/role_store.h"
#include "store/status_store.h"

extern const Command command_status;

#define NAMED_MAX 20 /* mails of which nobody knows */

typedef struct Status {
    const Settings *settings;
    int64_t now;
    GPtrArray *roles;         /* of RoleState */
    GPtrArray *troubles;      /* of Trouble */
    GPtrArray *announcements; /* of StatusAnnouncement */
    GPtrArray *held_back;     /* of HeldBack */
    GPtrArray *undecided;     /* of OutboxDoubt */
    GPtrArray *absences;      /* of char *: sentences about roles that should run and do not */
    GError *unwritable;       /* why nothing can be written; NULL: it can */
    StatusNumbers numbers;
} Status;

static void status_clear(Status *status)
{
    g_clear_pointer(&status->roles, g_ptr_array_unref);
    g_clear_pointer(&status->troubles, g_ptr_array_unref);
    g_clear_pointer(&status->announcements, g_ptr_array_unref);
    g_clear_pointer(&status->held_back, g_ptr_array_unref);
    g_clear_pointer(&status->undecided, g_ptr_array_unref);
    g_clear_pointer(&status->absences, g_ptr_array_unref);
    g_clear_error(&status->unwritable);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Status, status_clear)

/* ---- look -------------------------------------------------------------------------------------------------------- */

/* A beat from the future was left before the clock was set back; a role that lives beats again at once. */
static bool is_running(const Status *status, const RoleState *role)
{
    int64_t age = status->now - role->beat_at;
    return role->pid != 0 && age >= -ROLE_BEAT_SECONDS * SECOND_US && age < ROLE_STALE_SECONDS * SECOND_US;
}

static char *local_time(const Status *status, int64_t at)
{
    return output_time(status->settings->site.zone, at);
}

static const RoleState *find_role(const Status *status, const char *name)
{
    for (guint i = 0; i < status->roles->len; i++) {
        const RoleState *role = status->roles->pdata[i];
        if (g_str_equal(role->name, name))
            return role;
    }
    return NULL;
}

/* The role itself has told why it does not run. */
static bool has_told_why(const Status *status, const char *name)
{
    g_autofree char *subject = g_strdup_printf("start of %s", name);
    for (guint i = 0; i < status->troubles->len; i++)
        if (g_str_equal(((const Trouble *)status->troubles->pdata[i])->subject, subject))
            return true;
    return false;
}

static void expect_role(Status *status, const char *name)
{
    const RoleState *role = find_role(status, name);
    if ((role && is_running(status, role)) || has_told_why(status, name))
        return;
    g_autofree char *at = role ? local_time(status, role->beat_at) : NULL;
    if (!role)
        g_ptr_array_add(status->absences,
                        g_strdup_printf("The role %s has never run; 'rundbrief run' starts it.", name));
    else if (role->pid == 0)
        g_ptr_array_add(status->absences, g_strdup_printf("The role %s was stopped at %s.", name, at));
    else
        g_ptr_array_add(
            status->absences,
            g_strdup_printf(
                "The role %s does not run, or cannot write its database (a full disk?); it was heard last at "
                "%s. Its log says why.",
                name, at));
}

/* A transaction that changes nothing, but reaches the disk. Whoever else is writing shows that it can be done. */
static void try_to_write(Status *status, Db *db)
{
    static const char *const subject = "test";
    g_autoptr(GError) error = NULL;
    g_autoptr(DbTransaction) tx = db_begin(db, &error);
    bool written = tx && trouble_set(db, subject, "status", "", status->now, &error) &&
                   trouble_clear(db, subject, &error) && db_commit(&tx, &error);
    if (!written && !g_error_matches(error, DB_ERROR, DB_ERROR_BUSY))
        status->unwritable = g_steal_pointer(&error);
}

static bool look(Status *status, Db *db, GError **error)
{
    status->now = clock_now();
    status->absences = g_ptr_array_new_with_free_func(g_free);
    status->roles = role_all(db, error);
    status->troubles = status->roles ? trouble_all(db, error) : NULL;
    status->announcements = status->troubles ? status_announcements(db, error) : NULL;
    status->held_back = status->announcements ? held_back(status->settings, db, status->troubles, status->now, error)
                                              : NULL;
    status->undecided = status->held_back ? outbox_uncertain(db, 0, error) : NULL;
    if (!status->undecided || !status_numbers(db, &status->numbers, error))
        return false;
    expect_role(status, "send");
    if (status->settings->mailboxes->len > 0)
        expect_role(status, "inbox");
    try_to_write(status, db);
    return true;
}

static bool is_good(const Status *status)
{
    return status->absences->len == 0 && status->troubles->len == 0 && !status->unwritable;
}

/* ---- for people -------------------------------------------------------------------------------------------------- */

static void print_wrong(const Status *status)
{
    if (is_good(status)) {
        printf("%sAll is well%s.%s\n", output_style(stdout, "32"),
               status->undecided->len > 0 ? ", but for what staff must decide" : "", output_style(stdout, "0"));
        return;
    }
    printf("%sSomething is wrong:%s\n", output_style(stdout, "31"), output_style(stdout, "0"));
    if (status->unwritable)
        printf("- Nothing can be written: %s\n", status->unwritable->message);
    for (guint i = 0; i < status->absences->len; i++)
        printf("- %s\n", (const char *)status->absences->pdata[i]);
    for (guint i = 0; i < status->troubles->len; i++) {
        const Trouble *trouble = status->troubles->pdata[i];
        g_autofree char *since = local_time(status, trouble->since);
        g_autofree char *subject = output_clean(trouble->subject), *text = output_clean(trouble->text);
        printf("- %s (since %s): %s\n", subject, since, text);
    }
}

static void print_undecided(const Status *status)
{
    if (status->undecided->len > 0)
        printf("\nSingle mails of which nobody knows whether they arrived. 'rundbrief mail settle ID --sent' or "
               "'--failed' says what is known,\n'rundbrief mail resend ID' sends one again:\n");
    for (guint i = 0; i < MIN(status->undecided->len, NAMED_MAX); i++) {
        const OutboxDoubt *mail = status->undecided->pdata[i];
        g_autofree char *since = local_time(status, mail->at), *address = output_clean(mail->address);
        printf("- %" G_GINT64_FORMAT ": %s to %s (since %s)\n", mail->id, mail->template, address, since);
    }
    if (status->undecided->len > NAMED_MAX)
        printf("- and %u more; 'rundbrief mail list' shows all\n", status->undecided->len - NAMED_MAX);
}

static void print_roles(const Status *status)
{
    if (status->roles->len == 0)
        return;
    Table *table = table_new((const char *[]){"Role", "State", "Since", "Does", NULL}, false,
                             status->settings->site.zone);
    for (guint i = 0; i < status->roles->len; i++) {
        const RoleState *role = status->roles->pdata[i];
        bool running = is_running(status, role);
        table_row(table,
                  (const Cell[]){cell_text(role->name), cell_text(running ? "running" : "not running"),
                                 cell_time(running ? role->started_at : role->beat_at), cell_text(role->summary)});
    }
    putchar('\n');
    table_print(table);
}

static void print_announcements(const Status *status)
{
    if (status->announcements->len == 0)
        return;
    Table *table = table_new(
        (const char *[]){"Id", "State", "Held", "Time", "Waiting", "Sent", "Failed", "Uncertain", "Headline", NULL},
        false, status->settings->site.zone);
    for (guint i = 0; i < status->announcements->len; i++) {
        const StatusAnnouncement *a = status->announcements->pdata[i];
        bool is_held = a->state == ANNOUNCEMENT_SCHEDULED && a->held_until != 0;
        g_autofree char *held = is_held ? output_countdown(a->held_until - status->now) : NULL;
        table_row(table, (const Cell[]){
                             cell_number(a->id),
                             cell_text(announcement_state_word(a->state)),
                             cell_text(held),
                             a->send_at ? cell_time(a->send_at) : cell_text("at once"),
                             cell_number(a->counts[DELIVERY_PENDING] + a->counts[DELIVERY_LEASED] +
                                         a->counts[DELIVERY_DEFERRED]),
                             cell_number(a->counts[DELIVERY_SENT]),
                             cell_number(a->counts[DELIVERY_FAILED]),
                             cell_number(a->counts[DELIVERY_UNCERTAIN]),
                             cell_text(a->headline),
                         });
    }
    putchar('\n');
    table_print(table);
}

static void print_held_back(const Status *status)
{
    if (status->held_back->len > 0)
        printf("\nHeld back:\n");
    for (guint i = 0; i < status->held_back->len; i++) {
        const HeldBack *held = status->held_back->pdata[i];
        g_autofree char *subject = output_clean(held->subject), *text = output_clean(held->text);
        printf("- %s: %s\n", subject, text);
    }
}

static void print_text(const Status *status)
{
    const StatusNumbers *numbers = &status->numbers;
    print_wrong(status);
    print_undecided(status);
    print_roles(status);
    print_announcements(status);
    print_held_back(status);
    printf("\nUncertain whether delivered: %" G_GINT64_FORMAT "; single mails waiting: %" G_GINT64_FORMAT
           "; in the tray for staff: %" G_GINT64_FORMAT "; suppressed addresses: %" G_GINT64_FORMAT "\n",
           numbers->uncertain, numbers->open_single, numbers->tray, numbers->suppressed);
}

/* ---- for programs ------------------------------------------------------------------------------------------------ */

static json_t *roles_json(const Status *status)
{
    json_t *array = json_array();
    for (guint i = 0; i < status->roles->len; i++) {
        const RoleState *role = status->roles->pdata[i];
        json_array_append_new(array, json_pack("{s:s, s:b, s:I, s:o, s:o, s:s}", "role", role->name, "running",
                                               (int)is_running(status, role), "pid", (json_int_t)role->pid,
                                               "started_at", json_time(role->started_at), "heard_at",
                                               json_time(role->beat_at), "does", role->summary));
    }
    return array;
}

/* What no role has told, but is seen now. */
static json_t *trouble_now(const char *subject, const char *text)
{
    return json_pack("{s:s, s:n, s:n, s:s}", "subject", subject, "role", "since", "text", text);
}

static json_t *troubles_json(const Status *status)
{
    json_t *array = json_array();
    if (status->unwritable)
        json_array_append_new(array, trouble_now("database", status->unwritable->message));
    for (guint i = 0; i < status->absences->len; i++)
        json_array_append_new(array, trouble_now("role", status->absences->pdata[i]));
    for (guint i = 0; i < status->troubles->len; i++) {
        const Trouble *trouble = status->troubles->pdata[i];
        json_array_append_new(array,
                              json_pack("{s:s, s:s, s:o, s:s}", "subject", trouble->subject, "role", trouble->role,
                                        "since", json_time(trouble->since), "text", trouble->text));
    }
    return array;
}

static json_t *counts_json(const StatusAnnouncement *announcement)
{
    json_t *counts = json_object();
    for (int state = 0; state < DELIVERY_STATE_COUNT; state++)
        json_object_set_new(counts, delivery_state_word((DeliveryState)state),
                            json_integer(announcement->counts[state]));
    return counts;
}

static json_t *announcements_json(const Status *status)
{
    json_t *array = json_array();
    for (guint i = 0; i < status->announcements->len; i++) {
        const StatusAnnouncement *a = status->announcements->pdata[i];
        json_array_append_new(array,
                              json_pack("{s:I, s:s, s:s, s:o, s:o, s:s, s:o}", "id", (json_int_t)a->id, "kind",
                                        announcement_kind_word(a->kind), "state", announcement_state_word(a->state),
                                        "send_at", json_time(a->send_at), "held_until", json_time(a->held_until),
                                        "headline", a->headline, "deliveries", counts_json(a)));
    }
    return array;
}

static json_t *undecided_json(const Status *status)
{
    json_t *array = json_array();
    for (guint i = 0; i < status->undecided->len; i++) {
        const OutboxDoubt *mail = status->undecided->pdata[i];
        json_array_append_new(array, json_pack("{s:I, s:s, s:s, s:o}", "id", (json_int_t)mail->id, "mail",
                                               mail->template, "address", mail->address, "since", json_time(mail->at)));
    }
    return array;
}

static json_t *held_back_json(const Status *status)
{
    json_t *array = json_array();
    for (guint i = 0; i < status->held_back->len; i++) {
        const HeldBack *held = status->held_back->pdata[i];
        json_array_append_new(array, json_pack("{s:s, s:o, s:s}", "subject", held->subject, "until",
                                               json_time(held->until), "text", held->text));
    }
    return array;
}

static void print_json(const Status *status)
{
    const StatusNumbers *numbers = &status->numbers;
    json_t *root = json_pack("{s:b, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I}", "good", (int)is_good(status),
                             "roles", roles_json(status), "troubles", troubles_json(status), "announcements",
                             announcements_json(status), "held_back", held_back_json(status), "undecided",
                             undecided_json(status), "uncertain", (json_int_t)numbers->uncertain, "single_waiting",
                             (json_int_t)numbers->open_single, "tray", (json_int_t)numbers->tray, "suppressed",
                             (json_int_t)numbers->suppressed);
    output_json(root);
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

static int run(int argc, char **argv)
{
    g_auto(CommonOptions) common = {0};
    g_auto(Context) context = {0};
    g_auto(Status) status = {0};
    g_autoptr(GError) error = NULL;
    int code = command_parse(&command_status, &argc, &argv, NULL, &common);
    if (code >= 0)
        return code;
    if (argc > 1)
        return command_fail(&command_status, EXIT_USAGE, "takes no arguments");
    code = context_open(&context, common.config, CONTEXT_DB);
    if (code != EXIT_GOOD)
        return code;
    status.settings = context.settings;
    if (!look(&status, context.db, &error))
        return command_fail(&command_status, EXIT_FAULT, "%s", error->message);
    if (common.json)
        print_json(&status);
    else
        print_text(&status);
    return is_good(&status) ? EXIT_GOOD : EXIT_WRONG;
}

const Command command_status = {
    .name = "status",
    .summary = "what the daemon does, and what is wrong",
    .help =
        "Usage: rundbrief status [--json]\n\n"
        "Shows what is wrong and what to do about it, single mails of which nobody knows whether they arrived (see\n"
        "'rundbrief mail'), the roles, the announcements that wait or are being sent, what is held back (quiet hours,\n"
        "providers that want mail more slowly, relays that are left alone for a while), and how many deliveries are\n"
        "uncertain, mails wait for staff, addresses are suppressed.\n\n"
        "Ends with 0 when all is well and with 1 when something is wrong: a role that should run does not, a role has\n"
        "reported a trouble, or nothing can be written into the database.\n",
    .run = run,
};
