/* rundbrief announce resend and settle: what staff decide about deliveries that came to a bad end. */
/* rundbrief */
#include "announcements/resolve.h"
#include "cli/actor.h"
#include "cli/cmd_announce.h"

static int resolve(const AnnounceCall *call, DeliveryState from, DeliveryState to, const char *sentence)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *actor = actor_name();
    const Resolution resolution = {call->id, from, to, call->addresses, actor};
    int64_t count;
    if (!resolve_deliveries(call->context.db, &resolution, call->now, &count, &error))
        return announce_fail(error);
    announce_wake_sender(call);
    printf("Announcement %" G_GINT64_FORMAT ": %" G_GINT64_FORMAT " %s %s %s.\n", call->id, count,
           delivery_state_word(from), count == 1 ? "delivery" : "deliveries", sentence);
    return EXIT_GOOD;
}

int announce_resend(const AnnounceCall *call)
{
    const AnnounceOptions *options = &call->options;
    if (options->failed == options->uncertain)
        return command_fail(&command_announce, EXIT_USAGE, "resend: say --failed or --uncertain");
    return resolve(call, options->failed ? DELIVERY_FAILED : DELIVERY_UNCERTAIN, DELIVERY_DEFERRED,
                   "will be tried again");
}

int announce_settle(const AnnounceCall *call)
{
    const AnnounceOptions *options = &call->options;
    if (options->sent == options->failed)
        return command_fail(&command_announce, EXIT_USAGE,
                            "settle: say --sent (they arrived) or --failed (they did not); 'announce resend ID "
                            "--uncertain' tries again");
    return resolve(call, DELIVERY_UNCERTAIN, options->sent ? DELIVERY_SENT : DELIVERY_FAILED,
                   options->sent ? "noted as sent" : "noted as failed");
}
