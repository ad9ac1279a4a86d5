/* The one place where deliveries and single mails are told apart while they are sent. */
#include "outbound/parcel.h"

/* rundbrief */
#include "announcements/first_copy.h"

Parcel *parcel_of_delivery(LeasedDelivery *delivery, AnnouncementKind kind, bool urgent)
{
    Parcel *parcel = g_new0(Parcel, 1);
    parcel->delivery = delivery;
    parcel->kind = kind;
    parcel->urgent = urgent;
    return parcel;
}

Parcel *parcel_of_single(OutboxMail *mail)
{
    Parcel *parcel = g_new0(Parcel, 1);
    parcel->single = mail;
    return parcel;
}

void parcel_free(Parcel *parcel)
{
    if (!parcel)
        return;
    leased_delivery_free(parcel->delivery);
    outbox_mail_free(parcel->single);
    letter_clear(&parcel->letter);
    g_free(parcel);
}

int64_t parcel_id(const Parcel *parcel)
{
    return parcel->single ? -parcel->single->id : parcel->delivery->key.subscriber_id;
}

const char *parcel_address(const Parcel *parcel)
{
    return parcel->single ? parcel->single->recipient.address : parcel->delivery->recipient.address;
}

bool parcel_is_bound(const Parcel *parcel)
{
    return parcel->relay && parcel->relay[0];
}

int parcel_attempts(const Parcel *parcel)
{
    return parcel->single ? parcel->single->attempts : parcel->delivery->attempts;
}

int64_t parcel_subscriber(const Parcel *parcel)
{
    return parcel->single ? parcel->single->recipient.subscriber_id : parcel->delivery->key.subscriber_id;
}

bool parcel_is_first_copy(const Parcel *parcel)
{
    return parcel->single && g_str_equal(parcel->single->template, LETTER_FIRST_COPY);
}

int64_t parcel_announcement(const Parcel *parcel)
{
    return parcel->single ? 0 : parcel->delivery->key.announcement_id;
}

static UncertainRule uncertain_rule(const Parcel *parcel, const UncertainSettings *settings)
{
    if (parcel->single)
        return settings->single;
    switch (parcel->kind) {
    case ANNOUNCEMENT_PRESS_RELEASE:
        return settings->press_release;
    case ANNOUNCEMENT_INVITATION:
        return settings->invitation;
    case ANNOUNCEMENT_NOTICE:
        break;
    }
    return settings->notice;
}

static bool may_repeat(const Parcel *parcel, const UncertainSettings *settings)
{
    return uncertain_rule(parcel, settings) == UNCERTAIN_AGAIN && parcel_attempts(parcel) < UNCERTAIN_TRIES;
}

int64_t parcel_patience_hours(const Parcel *parcel, const PatienceSettings *settings)
{
    if (parcel->single)
        return settings->single_hours;
    if (parcel->urgent)
        return settings->urgent_hours;
    switch (parcel->kind) {
    case ANNOUNCEMENT_PRESS_RELEASE:
        return settings->press_release_hours;
    case ANNOUNCEMENT_INVITATION:
        return settings->invitation_hours;
    case ANNOUNCEMENT_NOTICE:
        break;
    }
    return settings->notice_hours;
}

bool parcel_write(Parcel *parcel, LetterBox *box, Db *db, int64_t now, GError **error)
{
    if (parcel->single)
        return letter_write_outbox(box, db, parcel->single, now, &parcel->letter, error);
    return letter_write(box, db, parcel->delivery->key.announcement_id, &parcel->delivery->recipient, now,
                        &parcel->letter, error);
}

bool parcel_may_begin(const Parcel *parcel, Db *db, bool *ret_may, GError **error)
{
    return parcel->single ? outbox_may_begin(db, parcel->single->id, ret_may, error)
                          : delivery_may_begin(db, parcel->delivery->key, ret_may, error);
}

bool parcel_begin(const Parcel *parcel, Db *db, GError **error)
{
    return parcel->single ? outbox_begin(db, parcel->single->id, error)
                          : delivery_begin(db, parcel->delivery->key, error);
}

bool parcel_become(const Parcel *parcel, Db *db, DeliveryTally *tally, DeliveryState to, int64_t at,
                   const DeliveryNote *note, int64_t now, GError **error)
{
    return parcel->single ? outbox_become(db, parcel->single->id, to, at, note, now, error)
                          : delivery_move(db, tally, parcel->delivery->key, to, at, note, now, error);
}

bool parcel_doubt(const Parcel *parcel, const UncertainSettings *settings, Db *db, DeliveryTally *tally, int64_t at,
                  int64_t now, GError **error)
{
    static const DeliveryNote resent = {.kind = DELIVERY_EVENT_RESENT,
                                        .detail = "sent again with the same Message-ID, as the settings say"};
    if (may_repeat(parcel, settings))
        return parcel_become(parcel, db, tally, DELIVERY_DEFERRED, at, &resent, now, error);
    return !parcel->single || first_copy_uncertain(db, parcel->single->id, now, error);
}

bool parcel_release(const Parcel *parcel, Db *db, DeliveryTally *tally, int64_t at, const DeliveryNote *note,
                    int64_t now, GError **error)
{
    return parcel->single ? outbox_release(db, parcel->single->id, at, note, now, error)
                          : delivery_release(db, tally, parcel->delivery->key, at, note, now, error);
}
