/* service/role_send: the common form reaches the engine. */
#include "../outbound/engine_fixture.h"
#include "service/role.h"

static void set_up(World *w, gconstpointer data)
{
    (void)data;
    world_set_up(w, NULL);
    w->relay.port = 1; /* nobody listens there */
}

static void tear_down(World *w, gconstpointer data)
{
    (void)data;
    world_tear_down(w, NULL);
}

static bool began(World *w)
{
    AnnouncementProgress progress;
    MUST(announcement_progress(w->db, w->announcement_id, &progress, &error));
    return progress.state != ANNOUNCEMENT_SCHEDULED;
}

/* The announcement comes right after the engine has looked, too early for it to look again by itself. */
static void a_wake_up_makes_it_look(World *w, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) failure = NULL;
    void *work = role_send.open(&w->settings, w->db, w->keyring, &failure);
    g_assert_no_error(failure);
    MUST(role_send.turn(work, 0, &error));
    world_announce(w, (const char *const[]){"a@x.test", NULL});
    role_send.wake(work);
    MUST(role_send.turn(work, 0, &error));
    g_assert_true(began(w));
    role_send.close(work);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/role_send/a_wake_up_makes_it_look", World, NULL, set_up, a_wake_up_makes_it_look, tear_down);
    return g_test_run();
}
