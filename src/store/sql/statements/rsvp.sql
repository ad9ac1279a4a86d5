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

-- Of one announcement (0: of all), the latest announcement first.
-- name: rsvp_page
SELECT m.announcement_id AS announcement_id, r.uid AS uid, r.attendee_key AS attendee_key,
       coalesce(r.subscriber_id, 0) AS subscriber_id, r.answer AS answer, r.sequence AS sequence,
       r.stamped_at AS stamped_at, r.inbox_id AS inbox_id, r.at AS at
    FROM rsvp r JOIN meeting m ON m.uid = r.uid
    WHERE m.announcement_id IS NOT NULL
        AND (CAST(:announcement_id AS BIGINT) = 0 OR m.announcement_id = CAST(:announcement_id AS BIGINT))
    ORDER BY m.announcement_id DESC, r.attendee_key LIMIT CAST(:limit AS BIGINT);

-- name: rsvp_meeting
SELECT announcement_id, sequence FROM meeting WHERE uid = :uid AND announcement_id IS NOT NULL;
