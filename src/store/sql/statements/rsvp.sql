-- Answers to invitations.

-- An answer to an earlier version, or an earlier answer, changes nothing.
-- name: rsvp_put
INSERT INTO rsvp (uid, attendee_key, subscriber_id, answer, sequence, stamped_at, inbox_id, at)
    VALUES (:uid, :attendee_key, nullif(CAST(:subscriber_id AS BIGINT), 0), :answer, :sequence, :stamped_at, :inbox_id, :at)
    ON CONFLICT (uid, attendee_key)
    DO UPDATE SET subscriber_id = excluded.subscriber_id, answer = excluded.answer, sequence = excluded.sequence,
                  stamped_at = excluded.stamped_at, inbox_id = excluded.inbox_id, at = excluded.at
        WHERE excluded.sequence > rsvp.sequence
            OR (excluded.sequence = rsvp.sequence AND excluded.stamped_at >= rsvp.stamped_at);

-- name: rsvp_all
SELECT attendee_key, coalesce(subscriber_id, 0) AS subscriber_id, answer, sequence, stamped_at, inbox_id, at
    FROM rsvp WHERE uid = :uid ORDER BY attendee_key;

-- name: rsvp_meeting
SELECT announcement_id, sequence FROM meeting WHERE uid = :uid AND announcement_id IS NOT NULL;
