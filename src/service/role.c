/* The life of a role: open everything, turn the engine, beat, stop. Owns settings, keys, database and the descriptors
 * of its process. Never ends because the database is away; ends at once when it is damaged. Only at its start, with no
 * engine yet to turn, it gives up after a minute, and whoever started it does so again. */
#include "service/role.h"

/* system */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

/* rundbrief */
#include "base/clock.h"
#include "base/log.h"
#include "base/problems.h"
#include "config/load.h"
#include "service/ready.h"
#include "service/signals.h"
#include "service/trouble_log.h"
#include "store/lock.h"
#include "store/role_store.h"
#include "store/wake.h"

#define BEAT_US          (ROLE_BEAT_SECONDS * SECOND_US)
#define FIRST_PAUSE_MS   500
#define LONGEST_PAUSE_MS (30 * 1000)
#define LAST_WISH_US     (10 * SECOND_US) /* how long a stopping role waits for a database that is away */
#define START_WAIT_US    MINUTE_US

typedef struct Role {
    const RoleKind *kind;
    const char *config_path;
    Settings *settings;
    Keyring *keyring;
    Db *db;
    void *work;
    TroubleLog *troubles;
    char *summary;                            /* as told last */
    int signal_fd, wake_fd, news_fd, lock_fd; /* -1: not open; news: signal and wake-up together */
    int64_t started_at;                       /* wall clock */
    int64_t look_due;                         /* these three: monotonic */
    int64_t beat_due;
    int64_t stopped_at; /* 0: nobody told us to stop */
    bool cut, is_damaged;
    bool has_begun; /* with these settings: what was told under earlier ones is forgotten */
    bool told_away; /* the log knows that the database does not answer */
    int pause_ms;   /* 0: the database answers */
} Role;

/* ---- the database may be away ------------------------------------------------------------------------------------ */

/* Something was stored. That an engine turned says nothing: it may have had nothing to store. */
static void note_database_back(Role *role)
{
    if (role->told_away)
        log_event(LOG_LEVEL_INFO, "database_back", NULL, "The database answers again");
    role->told_away = false;
    role->pause_ms = 0;
}

/* Told once; a lock that somebody else holds a little longer is no news at all. */
static void note_database_away(Role *role, const GError *error)
{
    if (g_error_matches(error, DB_ERROR, DB_ERROR_CORRUPT) || g_error_matches(error, DB_ERROR, DB_ERROR_SCHEMA)) {
        log_event(LOG_LEVEL_ERROR, "database_damaged", NULL, "%s", error->message);
        role->is_damaged = true;
        return;
    }
    if (g_error_matches(error, DB_ERROR, DB_ERROR_BUSY)) {
        log_debug("%s", error->message);
    } else if (!role->told_away) {
        role->told_away = true;
        log_event(LOG_LEVEL_ERROR, "database_away", NULL, "%s; trying again until it works", error->message);
        ready_status("waiting for the database");
    }
    role->pause_ms = role->pause_ms ? MIN(role->pause_ms * 2, LONGEST_PAUSE_MS) : FIRST_PAUSE_MS;
    role->beat_due = 0; /* the next sign of life finds out whether it is back */
}

/* ---- signs of life ----------------------------------------------------------------------------------------------- */

static bool store_beat(Role *role, const char *summary, int64_t pid, GError **error)
{
    int64_t now = clock_now();
    g_autoptr(DbTransaction) tx = db_begin(role->db, error);
    return tx && role_beat(role->db, role->kind->name, pid, role->started_at, summary, now, error) &&
           db_commit(&tx, error);
}

static bool forget_troubles(Role *role, GError **error)
{
    g_autoptr(DbTransaction) tx = db_begin(role->db, error);
    return tx && trouble_forget(role->db, role->kind->name, error) && db_commit(&tx, error);
}

/* A relay or a mailbox may have got another name, or be gone, since its trouble was told: nothing would clear that row.
 * What is still wrong is told again at the first try. */
static bool begin(Role *role)
{
    g_autoptr(GError) error = NULL;
    role->has_begun = forget_troubles(role, &error);
    if (!role->has_begun)
        note_database_away(role, error);
    return role->has_begun;
}

/* Looks once a second: tells troubles, stores a summary that is new, and a sign of life every BEAT_US. */
static void beat(Role *role)
{
    int64_t now = clock_monotonic();
    if (now < role->look_due)
        return;
    role->look_due = now + SECOND_US;
    g_autofree char *summary = role->kind->summary(role->work);
    bool is_due = now >= role->beat_due, is_new = g_strcmp0(summary, role->summary) != 0;
    g_autoptr(GError) error = NULL;
    if (!trouble_log_look(role->troubles, role->db, &error) ||
        ((is_due || is_new) && !store_beat(role, summary, getpid(), &error))) {
        note_database_away(role, error);
        return;
    }
    if (!is_due && !is_new)
        return;
    note_database_back(role);
    ready_status(summary);
    if (is_due && is_new)
        log_event(LOG_LEVEL_INFO, "role_summary", NULL, "%s", summary);
    if (is_due)
        role->beat_due = now + BEAT_US;
    g_free(role->summary);
    role->summary = g_steal_pointer(&summary);
}

/* what: "settings", "start". Each role has its own, since each reads the settings at its own time. */
static bool store_trouble(Role *role, const char *what, const char *text, GError **error)
{
    g_autofree char *subject = g_strdup_printf("%s of %s", what, role->kind->name);
    g_autoptr(DbTransaction) tx = db_begin(role->db, error);
    return tx && trouble_set(role->db, subject, role->kind->name, text, clock_now(), error) && db_commit(&tx, error);
}

/* The trouble about the settings is for the status alone: the log has it already. */
static void tell_settings_trouble(Role *role, const char *text)
{
    g_autoptr(GError) error = NULL;
    if (!store_trouble(role, "settings", text, &error))
        note_database_away(role, error);
}

/* ---- settings ---------------------------------------------------------------------------------------------------- */

static void log_problems(const Problems *problems, const char *consequence)
{
    for (guint i = 0; i < problems_count(problems); i++) {
        const Problem *problem = problems_at(problems, i);
        log_event(LOG_LEVEL_ERROR, "settings_mistake",
                  LOG_FIELDS(LOG_TEXT("file", problem->file), LOG_NUMBER("line", problem->line)), "%s:%u: %s",
                  problem->file, problem->line, problem->text);
    }
    log_event(LOG_LEVEL_ERROR, "settings_refused", LOG_FIELDS(LOG_NUMBER("mistakes", problems_count(problems))), "%s",
              consequence);
}

/* What was opened at start stays open. */
static void warn_of_restart(const Settings *old, const Settings *new)
{
    if (!g_str_equal(old->store.path, new->store.path) || !g_str_equal(old->files.keys, new->files.keys) ||
        !g_str_equal(old->files.runtime_dir, new->files.runtime_dir))
        log_event(LOG_LEVEL_WARNING, "settings_need_restart", NULL,
                  "store.path, files.keys and files.runtime_dir change only when rundbrief is started again");
}

static void keep_settings(Role *role, const char *text)
{
    log_event(LOG_LEVEL_ERROR, "settings_kept", NULL, "%s", text);
    tell_settings_trouble(role, text);
}

/* Only the sender writes so much that waiting for the disk each time would slow it down. */
static bool set_sync(Role *role, const Settings *settings, GError **error)
{
    return !role->kind->syncs_later || db_sync_within(role->db, settings->store.sync_ms * 1000, error);
}

static void take_settings(Role *role, Settings *settings)
{
    g_autoptr(GError) error = NULL;
    if (!set_sync(role, settings, &error) || !role->kind->reload(role->work, settings, &error)) {
        g_autofree char *text = g_strdup_printf("The new settings cannot be used, the old ones stay: %s",
                                                error->message);
        settings_free(settings);
        keep_settings(role, text);
        return;
    }
    warn_of_restart(role->settings, settings);
    settings_free(role->settings);
    role->settings = settings;
    log_configure(role->kind->name, settings->log.level);
    log_event(LOG_LEVEL_INFO, "settings_reloaded", NULL, "Read %s again", role->config_path);
    role->has_begun = false;
}

static void reload(Role *role)
{
    ready_reloading();
    g_autoptr(Problems) problems = problems_new();
    Settings *settings = settings_load(role->config_path, problems);
    if (settings) {
        take_settings(role, settings);
    } else {
        g_autofree char *mistakes = problems_text(problems);
        g_autofree char *text = g_strdup_printf("%s has mistakes, the old settings stay in use:\n%s", role->config_path,
                                                g_strchomp(mistakes));
        log_problems(problems, "The old settings stay in use");
        tell_settings_trouble(role, text);
    }
    ready_started();
}

/* ---- start ------------------------------------------------------------------------------------------------------- */

/* The lock ends with the process, however that ends. */
static bool lock_database(Role *role, GError **error)
{
    if (!role->kind->alone)
        return true;
    g_autofree char *worker = g_strdup_printf("%s role", role->kind->name);
    role->lock_fd = store_lock(&role->settings->store, role->kind->name, worker, error);
    return role->lock_fd >= 0;
}

static bool open_everything(Role *role, GError **error)
{
    if (!role->db)
        role->db = db_open(&role->settings->store, error);
    if (!role->db || !set_sync(role, role->settings, error))
        return false;
    if (!role->keyring)
        role->keyring = keyring_load(role->settings->files.keys, error);
    if (!role->keyring || (role->lock_fd < 0 && !lock_database(role, error)))
        return false;
    role->work = role->kind->open(role->settings, role->db, role->keyring, error);
    return role->work != NULL;
}

/* A lock that another process holds, or a full disk, is waited for, as later. What is not there, or not ours to write,
 * will not change by waiting. */
static bool may_pass(const Role *role, const GError *error)
{
    return g_error_matches(error, DB_ERROR, DB_ERROR_BUSY) || (g_error_matches(error, DB_ERROR, DB_ERROR_UNAVAILABLE) &&
                                                               access(role->settings->store.path, R_OK | W_OK) == 0);
}

/* Between two tries at a database that is away; a signal ends it. */
static void rest(const Role *role, int64_t longest_ms)
{
    struct pollfd signals = {.fd = role->signal_fd, .events = POLLIN};
    poll(&signals, 1, (int)MIN(role->pause_ms, longest_ms));
}

static bool is_told_to_stop(Role *role)
{
    for (int number; (number = signals_next(role->signal_fd)) != 0;)
        if (number == SIGTERM || number == SIGINT)
            role->stopped_at = clock_monotonic();
    return role->stopped_at != 0;
}

static bool open_patiently(Role *role, GError **error)
{
    int64_t until = clock_monotonic() + START_WAIT_US;
    for (;;) {
        GError *refusal = NULL;
        if (open_everything(role, &refusal))
            return true;
        if (!may_pass(role, refusal) || clock_monotonic() >= until || is_told_to_stop(role)) {
            g_propagate_error(error, refusal);
            return false;
        }
        note_database_away(role, refusal);
        g_error_free(refusal);
        rest(role, LONGEST_PAUSE_MS);
    }
}

/* For the status: unless another process does the work, or nobody wants it any more. */
static void tell_not_started(Role *role, const GError *why)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strdup_printf("Not started: %s", why->message);
    log_event(LOG_LEVEL_ERROR, "role_not_started", NULL, "%s", text);
    if (role->db && !role->stopped_at && !g_error_matches(why, STORE_LOCK_ERROR, STORE_LOCK_ERROR_HELD) &&
        !store_trouble(role, "start", text, &error))
        log_debug("%s", error->message);
}

static void add_news(const Role *role, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(role->news_fd, EPOLL_CTL_ADD, fd, &event);
}

/* Signals and wake-ups behind one descriptor, which the engine watches. Without a wake-up socket it looks more rarely,
 * no more. */
static bool open_news(Role *role, GError **error)
{
    role->news_fd = epoll_create1(EPOLL_CLOEXEC);
    if (role->news_fd < 0) {
        g_set_error(error, SERVICE_ERROR, SERVICE_ERROR_SYSTEM, "cannot wait for news: %s", g_strerror(errno));
        return false;
    }
    add_news(role, role->signal_fd);
    g_autoptr(GError) wake_error = NULL;
    role->wake_fd = wake_listen(&role->settings->files, role->kind->name, &wake_error);
    if (role->wake_fd >= 0)
        add_news(role, role->wake_fd);
    else
        log_event(LOG_LEVEL_WARNING, "wake_up_missing", NULL, "%s; changes are noticed some seconds later",
                  wake_error->message);
    role->kind->watch(role->work, role->news_fd);
    return true;
}

/* ---- the loop ---------------------------------------------------------------------------------------------------- */

static void handle_signals(Role *role)
{
    for (int number; (number = signals_next(role->signal_fd)) != 0;) {
        if (number == SIGHUP && !role->stopped_at) {
            reload(role);
        } else if (number == SIGTERM || number == SIGINT) {
            role->cut = role->stopped_at != 0;
            if (role->cut)
                return;
            role->stopped_at = clock_monotonic();
            log_event(LOG_LEVEL_INFO, "role_stopping", NULL, "Finishing what is under way");
            ready_stopping();
            role->kind->stop(role->work);
        }
    }
}

/* What was committed a while ago is on disk from here on, however long the turns of the engine are. */
static void keep_on_disk(Role *role)
{
    g_autoptr(GError) error = NULL;
    if (clock_monotonic() >= db_sync_at(role->db) && !db_sync(role->db, &error))
        note_database_away(role, error);
}

/* Until the next beat, and often enough for the disk and for the watchdog. */
static int64_t longest_wait_ms(const Role *role)
{
    int64_t next = MIN(role->look_due, db_sync_at(role->db));
    int64_t wait_us = MAX(next - clock_monotonic(), 0), watchdog_us = ready_watchdog_us();
    return MIN(watchdog_us ? MIN(wait_us, watchdog_us / 3) : wait_us, BEAT_US) / 1000 + 1;
}

/* True when there may be signals or wake-ups: a turn that is one of thousands a second does not look in vain. */
static bool turn(Role *role)
{
    g_autoptr(GError) error = NULL;
    if (role->kind->turn(role->work, longest_wait_ms(role), &error))
        return !role->kind->heard || role->kind->heard(role->work);
    note_database_away(role, error);
    rest(role, longest_wait_ms(role));
    return true;
}

static void take_wake_up(Role *role)
{
    struct pollfd entry = {.fd = role->wake_fd, .events = POLLIN}; /* poll() passes over a negative one */
    if (poll(&entry, 1, 0) != 1)
        return;
    wake_drain(role->wake_fd);
    if (role->kind->wake)
        role->kind->wake(role->work);
}

static bool is_at_end(const Role *role)
{
    bool gave_up = role->stopped_at && role->pause_ms && clock_monotonic() - role->stopped_at > LAST_WISH_US;
    return role->cut || role->is_damaged || gave_up || role->kind->is_finished(role->work);
}

static RoleEnd turn_until_end(Role *role)
{
    ready_started();
    log_event(LOG_LEVEL_INFO, "role_started", NULL, "At work on %s", role->settings->store.path);
    do {
        bool has_begun = role->has_begun || role->stopped_at || begin(role);
        if (has_begun)
            beat(role);
        ready_alive();
        if (!has_begun)
            rest(role, BEAT_US / 1000); /* far below the watchdog */
        bool may_be_news = !has_begun || turn(role);
        keep_on_disk(role);
        if (!may_be_news)
            continue;
        take_wake_up(role);
        handle_signals(role);
    } while (!is_at_end(role));
    if (role->cut)
        return ROLE_CUT;
    return role->kind->is_finished(role->work) ? ROLE_DRAINED : ROLE_FAULT;
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static void close_fd(int fd)
{
    if (fd >= 0)
        close(fd);
}

static void role_clear(Role *role)
{
    role->kind->close(role->work);
    db_close(role->db);
    keyring_free(role->keyring);
    settings_free(role->settings);
    trouble_log_free(role->troubles);
    g_free(role->summary);
    close_fd(role->news_fd);
    close_fd(role->wake_fd);
    close_fd(role->signal_fd);
    close_fd(role->lock_fd);
}

static void say_goodbye(Role *role, RoleEnd end)
{
    g_autoptr(GError) error = NULL;
    const char *words = end == ROLE_DRAINED ? "stopped" : "stopped in the middle";
    if (!store_beat(role, words, 0, &error) || !trouble_log_look(role->troubles, role->db, &error))
        log_debug("%s", error->message);
    log_event(LOG_LEVEL_INFO, "role_stopped", NULL, end == ROLE_DRAINED ? "Stopped" : "Stopped in the middle");
}

static RoleEnd role_live(Role *role)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Problems) problems = problems_new();
    role->signal_fd = signals_open(&error);
    role->settings = role->signal_fd < 0 ? NULL : settings_load(role->config_path, problems);
    if (problems_count(problems) > 0) {
        log_problems(problems, "Not started");
        return ROLE_SETTINGS;
    }
    if (role->settings)
        log_configure(role->kind->name, role->settings->log.level);
    if (!role->settings || !open_patiently(role, &error) || !open_news(role, &error)) {
        tell_not_started(role, error);
        return role->stopped_at ? ROLE_DRAINED : ROLE_FAULT;
    }
    RoleEnd end = turn_until_end(role);
    say_goodbye(role, end);
    return end;
}

RoleEnd role_run(const RoleKind *kind, const char *config_path)
{
    log_configure(kind->name, LOG_LEVEL_INFO);
    Role role = {.kind = kind, .config_path = config_path, .started_at = clock_now()};
    role.signal_fd = role.wake_fd = role.news_fd = role.lock_fd = -1;
    role.troubles = trouble_log_new(kind->name);
    RoleEnd end = role_live(&role);
    role_clear(&role);
    return end;
}
