/* Decides whether an answer counts, and for whom. A person's word is not proven: a calendar answer carries no token,
 * and whoever knows an address can answer in its name, as on paper. It moves nothing but the count of answers. */
#include "announcements/rsvp.h"

/* rundbrief */
#include "base/clock.h"
#include "mail/address.h"
#include "store/delivery_store.h"
#include "store/rsvp_store.h"
#include "store/subscriber_store.h"

#define UID_BYTES        255
#define SEQUENCE_LARGEST INT32_MAX

int64_t rsvp_stamp(const char *text)
{
    int year, month, day, hour, minute, second, end = 0;
    if (sscanf(text, "%4d%2d%2dT%2d%2d%2d%n", &year, &month, &day, &hour, &minute, &second, &end) != 6 || end != 15)
        return 0;
    g_autoptr(GDateTime) when = g_date_time_new_utc(year, month, day, hour, minute, second);
    return when ? g_date_time_to_unix(when) * SECOND_US : 0;
}

/* False, and a word to staff, when it is no answer that we understand. */
static bool read_answer(const Itip *itip, int64_t now, Rsvp *rsvp, Consequence *ret)
{
    g_autofree char *word = g_ascii_strdown(itip->answer, -1);
    guint64 sequence = 0;
    if (!*itip->uid || strlen(itip->uid) > UID_BYTES)
        consequence_ask(ret, "names no meeting");
    else if (!rsvp_answer_from_word(word, &rsvp->answer))
        consequence_ask(ret, "neither accepts nor declines");
    else if (*itip->sequence && !g_ascii_string_to_unsigned(itip->sequence, 10, 0, SEQUENCE_LARGEST, &sequence, NULL))
        consequence_ask(ret, "SEQUENCE is no number");
    else {
        rsvp->uid = itip->uid;
        rsvp->sequence = (int64_t)sequence;
        rsvp->stamped_at = MIN(rsvp_stamp(itip->stamp), now); /* a wrong clock must not outlast what is said later */
        return true;
    }
    return false;
}

static bool find_invited(Db *db, const char *key, const RsvpMeeting *meeting, int64_t *ret_id, GError **error)
{
    bool has_delivery = false;
    g_autoptr(Subscriber) person = NULL;
    *ret_id = 0;
    if (!subscriber_by_key(db, key, &person, error))
        return false;
    DeliveryKey delivery = {meeting->announcement_id, person ? person->id : 0};
    if (person && !delivery_state(db, delivery, &(DeliveryState){0}, &has_delivery, error))
        return false;
    if (has_delivery)
        *ret_id = person->id;
    return true;
}

static bool store(Db *db, Rsvp *rsvp, const RsvpMeeting *meeting, Consequence *ret, GError **error)
{
    bool taken = false;
    if (!rsvp_put(db, rsvp, &taken, error))
        return false;
    consequence_say(ret, taken ? "answer stored: %s" : "%s, but a later answer is stored already",
                    rsvp_answer_word(rsvp->answer));
    if (rsvp->sequence < meeting->sequence)
        consequence_say(ret, "to an earlier version of the invitation");
    return true;
}

bool rsvp_apply(Db *db, const Itip *itip, int64_t inbox_id, int64_t now, Consequence *ret, GError **error)
{
    Rsvp rsvp = {.inbox_id = inbox_id, .at = now};
    RsvpMeeting meeting = {0};
    g_auto(Address) attendee = {0};
    if (!read_answer(itip, now, &rsvp, ret))
        return true;
    if (!rsvp_meeting(db, rsvp.uid, &meeting, error))
        return false;
    bool is_address = address_parse(itip->attendee, &attendee, NULL);
    if (meeting.announcement_id == 0 || !is_address) {
        consequence_ask(ret,
                        is_address ? "an answer to a meeting that we do not know" : "answers for nobody in particular");
        return true;
    }
    if (!find_invited(db, attendee.key, &meeting, &rsvp.subscriber_id, error))
        return false;
    rsvp.attendee_key = attendee.key;
    ret->announcement_id = meeting.announcement_id;
    ret->subscriber_id = rsvp.subscriber_id;
    if (rsvp.subscriber_id != 0)
        return store(db, &rsvp, &meeting, ret, error);
    consequence_ask(ret, "an answer of somebody who was not invited");
    return true;
}
