/* Turns every mailbox in one process and waits for all of them together. */
#include "inbound/inbox.h"

/* system */
#include <errno.h>
#include <poll.h>

/* rundbrief */
#include "base/clock.h"
#include "inbound/mailbox.h"

struct Inbox {
    Db *db;
    const Keyring *keyring;
    GPtrArray *boxes; /* of Mailbox; NULL after the end */
    int watched_fd;   /* -1: none */
    bool stopping;
    int64_t read_before; /* by mailboxes of earlier settings */
};

static GPtrArray *make_boxes(const Settings *settings, Db *db, const Keyring *keyring)
{
    GPtrArray *boxes = g_ptr_array_new_with_free_func((GDestroyNotify)mailbox_free);
    for (guint i = 0; i < settings->mailboxes->len; i++)
        g_ptr_array_add(boxes, mailbox_new(settings, g_ptr_array_index(settings->mailboxes, i), db, keyring));
    return boxes;
}

Inbox *inbox_new(const Settings *settings, Db *db, const Keyring *keyring)
{
    Inbox *inbox = g_new0(Inbox, 1);
    *inbox = (Inbox){.db = db, .keyring = keyring, .boxes = make_boxes(settings, db, keyring), .watched_fd = -1};
    return inbox;
}

void inbox_free(Inbox *inbox)
{
    if (!inbox)
        return;
    g_clear_pointer(&inbox->boxes, g_ptr_array_unref);
    g_free(inbox);
}

void inbox_watch(Inbox *inbox, int fd)
{
    inbox->watched_fd = fd;
    for (guint i = 0; inbox->boxes && i < inbox->boxes->len; i++)
        mailbox_watch(g_ptr_array_index(inbox->boxes, i), fd);
}

static int64_t count_read(const Inbox *inbox)
{
    int64_t count = inbox->read_before;
    for (guint i = 0; inbox->boxes && i < inbox->boxes->len; i++)
        count += mailbox_count_read(g_ptr_array_index(inbox->boxes, i));
    return count;
}

void inbox_reload(Inbox *inbox, const Settings *settings)
{
    inbox->read_before = count_read(inbox);
    g_clear_pointer(&inbox->boxes, g_ptr_array_unref); /* logs out before the new ones log in */
    inbox->boxes = make_boxes(settings, inbox->db, inbox->keyring);
    inbox_watch(inbox, inbox->watched_fd);
}

/* ---- one turn ---------------------------------------------------------------------------------------------------- */

/* How long nobody has anything to do, at most max_wait_ms. */
static int wait_ms(const Inbox *inbox, int64_t max_wait_ms)
{
    int64_t now = clock_monotonic(), until = now + max_wait_ms * 1000;
    for (guint i = 0; i < inbox->boxes->len; i++)
        until = MIN(until, mailbox_waits_until(g_ptr_array_index(inbox->boxes, i)));
    return until <= now ? 0 : (int)MIN((until - now + 999) / 1000, INT_MAX);
}

/* Entry 0 is the watched descriptor, entry i + 1 mailbox i; poll() passes over negative ones. */
static void wait_for_news(Inbox *inbox, int64_t max_wait_ms)
{
    guint count = inbox->boxes->len + 1;
    g_autofree struct pollfd *entries = g_new0(struct pollfd, count);
    entries[0] = (struct pollfd){inbox->watched_fd, POLLIN, 0};
    for (guint i = 0; i < inbox->boxes->len; i++)
        entries[i + 1] = (struct pollfd){mailbox_wait_fd(g_ptr_array_index(inbox->boxes, i)), POLLIN, 0};
    if (poll(entries, count, wait_ms(inbox, max_wait_ms)) <= 0)
        return; /* time is over, or a signal: the caller looks */
    for (guint i = 0; i < inbox->boxes->len; i++)
        if (entries[i + 1].revents)
            mailbox_wake(g_ptr_array_index(inbox->boxes, i));
}

bool inbox_turn(Inbox *inbox, int64_t max_wait_ms, GError **error)
{
    if (inbox->stopping) {
        inbox->read_before = count_read(inbox);
        g_clear_pointer(&inbox->boxes, g_ptr_array_unref);
    }
    if (!inbox->boxes)
        return true;
    for (guint i = 0; i < inbox->boxes->len; i++)
        if (!mailbox_run(g_ptr_array_index(inbox->boxes, i), error))
            return false;
    wait_for_news(inbox, max_wait_ms);
    return true;
}

void inbox_stop(Inbox *inbox)
{
    inbox->stopping = true;
}

bool inbox_finished(const Inbox *inbox)
{
    return inbox->boxes == NULL;
}

char *inbox_summary(const Inbox *inbox)
{
    guint boxes = inbox->boxes ? inbox->boxes->len : 0, troubled = 0;
    int64_t waiting = 0;
    for (guint i = 0; i < boxes; i++) {
        const Mailbox *box = g_ptr_array_index(inbox->boxes, i);
        troubled += mailbox_is_troubled(box);
        waiting += mailbox_count_waiting(box);
    }
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "%u mailbox%s, %" G_GINT64_FORMAT " mails read", boxes, boxes == 1 ? "" : "es",
                           count_read(inbox));
    if (waiting > 0)
        g_string_append_printf(text, ", %" G_GINT64_FORMAT " to read", waiting);
    if (troubled > 0)
        g_string_append_printf(text, ", %u in trouble", troubled);
    return g_string_free(g_steal_pointer(&text), FALSE);
}
