-- Deliveries: which are next, how they move, what is remembered of it. Every statement but delivery_latest touches a row
-- by its primary key or the head of a partial index: the cost does not grow with the list or the archive.

-- The recipient's part of a candidate is the same in both: who it is, the most specific list that still brings it
-- (NULL: none), and whether the address is suppressed. subscriber.id is NULL when the person was erased.

-- name: delivery_next_deferred
SELECT delivery.subscriber_id AS subscriber_id, delivery.attempts AS attempts,
       subscriber.id AS known_id, subscriber.address AS address, subscriber.name AS name,
       subscriber.language AS language, subscriber.format AS format,
       (SELECT announcement_list.list_id
            FROM announcement_list
                JOIN subscription ON subscription.list_id = announcement_list.list_id
                    AND subscription.subscriber_id = delivery.subscriber_id AND subscription.state = 'active'
            WHERE announcement_list.announcement_id = delivery.announcement_id
            ORDER BY announcement_list.position LIMIT 1) AS list_id,
       (SELECT count(*) FROM suppression WHERE suppression.address_hash = subscriber.address_hash) AS suppressed
    FROM delivery LEFT JOIN subscriber ON subscriber.id = delivery.subscriber_id
    WHERE delivery.announcement_id = :announcement_id AND delivery.state = 2 AND delivery.at <= :now
    ORDER BY delivery.at LIMIT CAST(:limit AS BIGINT);

-- name: delivery_next_pending
SELECT delivery.subscriber_id AS subscriber_id, delivery.attempts AS attempts,
       subscriber.id AS known_id, subscriber.address AS address, subscriber.name AS name,
       subscriber.language AS language, subscriber.format AS format,
       (SELECT announcement_list.list_id
            FROM announcement_list
                JOIN subscription ON subscription.list_id = announcement_list.list_id
                    AND subscription.subscriber_id = delivery.subscriber_id AND subscription.state = 'active'
            WHERE announcement_list.announcement_id = delivery.announcement_id
            ORDER BY announcement_list.position LIMIT 1) AS list_id,
       (SELECT count(*) FROM suppression WHERE suppression.address_hash = subscriber.address_hash) AS suppressed
    FROM delivery LEFT JOIN subscriber ON subscriber.id = delivery.subscriber_id
    WHERE delivery.announcement_id = :announcement_id AND delivery.subscriber_id > :after AND delivery.state = 0
    ORDER BY delivery.subscriber_id LIMIT CAST(:limit AS BIGINT);

-- name: delivery_last
SELECT coalesce(max(subscriber_id), 0) AS subscriber_id FROM delivery WHERE announcement_id = :announcement_id;

-- name: delivery_record
SELECT state FROM delivery WHERE announcement_id = :announcement_id AND subscriber_id = :subscriber_id;

-- name: delivery_move
UPDATE delivery SET state = :to, at = :at, attempts = attempts + :tries, begun = 0
    WHERE announcement_id = :announcement_id AND subscriber_id = :subscriber_id AND state = :from;

-- name: delivery_begin
UPDATE delivery SET begun = 1
    WHERE announcement_id = :announcement_id AND subscriber_id = :subscriber_id AND state = 1;

-- name: delivery_leases
SELECT announcement_id, subscriber_id, attempts, begun FROM delivery WHERE state = 1 AND at <= :until ORDER BY at;

-- name: delivery_tally
INSERT INTO delivery_count (announcement_id, state, n) VALUES (:announcement_id, :state, :n)
    ON CONFLICT (announcement_id, state) DO UPDATE SET n = delivery_count.n + excluded.n;

-- name: delivery_counts
SELECT state, n FROM delivery_count WHERE announcement_id = :announcement_id;

-- name: delivery_next_due
SELECT min(at) AS at FROM delivery WHERE announcement_id = :announcement_id AND state = 2;

-- name: delivery_latest
SELECT delivery.announcement_id AS announcement_id
    FROM announcement JOIN delivery ON delivery.announcement_id = announcement.id
    WHERE delivery.subscriber_id = :subscriber_id AND announcement.started_at >= :since AND delivery.state IN (3, 5)
    ORDER BY announcement.started_at DESC LIMIT 1;

-- name: delivery_event_add
INSERT INTO delivery_event (announcement_id, subscriber_id, outbox_id, at, kind, relay, phase, reply, enhanced, detail)
    VALUES (nullif(CAST(:announcement_id AS BIGINT), 0), nullif(CAST(:subscriber_id AS BIGINT), 0),
            nullif(CAST(:outbox_id AS BIGINT), 0), :at, :kind, :relay, :phase, :reply, :enhanced, :detail);

-- name: delivery_events
SELECT subscriber_id, at, kind, relay, phase, reply, enhanced, detail FROM delivery_event
    WHERE announcement_id = :announcement_id ORDER BY id;
