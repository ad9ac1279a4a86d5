-- Single mails: written with the event that causes them, taken by the sender.

-- name: outbox_add
INSERT INTO outbox (template, language, subscriber_id, list_id, address, name, data, priority, state, attempts, at, created_at)
    VALUES (:template, :language, nullif(CAST(:subscriber_id AS BIGINT), 0), nullif(CAST(:list_id AS BIGINT), 0), :address,
            :name, :data, :priority, 0, 0, :now, :now)
    RETURNING id;

-- name: outbox_next
SELECT outbox.id AS id, outbox.template AS template, outbox.language AS language, outbox.list_id AS list_id,
       coalesce(outbox.subscriber_id, 0) AS subscriber_id, outbox.address AS address, outbox.name AS name,
       outbox.data AS data, outbox.attempts AS attempts, subscriber.format AS format,
       CASE WHEN outbox.subscriber_id IS NOT NULL AND subscriber.id IS NULL THEN 1
            ELSE (SELECT count(*) FROM suppression WHERE suppression.address_hash = subscriber.address_hash) END AS suppressed,
       CASE WHEN outbox.template = 'first-copy'
            THEN (SELECT count(*) FROM announcement
                      WHERE announcement.id = CAST(outbox.data AS BIGINT) AND announcement.state = 'cancelled')
            ELSE 0 END AS cancelled
    FROM outbox
        LEFT JOIN subscriber ON subscriber.id = outbox.subscriber_id
        LEFT JOIN list ON list.id = outbox.list_id
    WHERE outbox.state IN (0, 1, 2) AND (outbox.state = 0 OR (outbox.state = 2 AND outbox.at <= :now))
        AND (CAST(:relay AS TEXT) IS NULL OR coalesce(list.relay, '') = CAST(:relay AS TEXT))
    ORDER BY outbox.priority, outbox.at LIMIT CAST(:limit AS BIGINT);

-- name: outbox_standing
SELECT outbox.id AS id
    FROM outbox LEFT JOIN subscriber ON subscriber.id = outbox.subscriber_id
    WHERE outbox.id = :id AND (outbox.subscriber_id IS NULL OR subscriber.id IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM suppression WHERE suppression.address_hash = subscriber.address_hash)
        AND CASE WHEN outbox.template = 'first-copy'
                 THEN (SELECT count(*) FROM announcement
                           WHERE announcement.id = CAST(outbox.data AS BIGINT) AND announcement.state = 'cancelled')
                 ELSE 0 END = 0;

-- name: outbox_waits
SELECT outbox.id AS id FROM outbox LEFT JOIN list ON list.id = outbox.list_id
    WHERE outbox.state IN (0, 1, 2) AND (outbox.state = 0 OR (outbox.state = 2 AND outbox.at <= :now))
        AND (CAST(:relay AS TEXT) IS NULL OR coalesce(list.relay, '') = CAST(:relay AS TEXT))
    LIMIT 1;

-- name: outbox_open
SELECT id FROM outbox WHERE state IN (0, 1, 2) LIMIT 1;

-- name: outbox_record
SELECT state FROM outbox WHERE id = :id;

-- name: outbox_move
UPDATE outbox SET state = :to, at = :at, attempts = attempts + :tries, begun = 0 WHERE id = :id AND state = :from;

-- name: outbox_start_over
UPDATE outbox SET attempts = 0 WHERE id = :id;

-- name: outbox_begin
UPDATE outbox SET begun = 1 WHERE id = :id AND state = 1;

-- name: outbox_leases
SELECT id, attempts, begun FROM outbox WHERE state IN (0, 1, 2) AND state = 1 AND at <= :until ORDER BY at;

-- What is passed on waits in the tray in that case, and is not kept here.
-- name: outbox_uncertain
SELECT id, template, address, at FROM outbox
    WHERE state = 5 AND template <> 'forward' AND (CAST(:id AS BIGINT) = 0 OR id = CAST(:id AS BIGINT))
    ORDER BY id;

-- name: outbox_office
SELECT list.slug AS slug, outbox.address AS address
    FROM outbox JOIN list ON list.id = outbox.list_id AND list.office_address = outbox.address
    WHERE outbox.id = :id AND outbox.template = 'first-copy';

-- name: outbox_subscriber
SELECT coalesce(subscriber_id, 0) AS subscriber_id FROM outbox WHERE id = :id;

-- name: outbox_last_event
SELECT relay, reply, enhanced, detail FROM delivery_event
    WHERE id = (SELECT max(id) FROM delivery_event WHERE outbox_id = CAST(:id AS BIGINT));
