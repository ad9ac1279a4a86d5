-- Deliveries: which are next, how they move, what is remembered of it. Every statement touches a row by its primary key
-- or the head of a partial index, so that the cost does not grow with the list or the archive; but for delivery_latest,
-- and delivery_leases and delivery_count_begun, which read an announcement that was cut off in the middle.

-- name: delivery_next_deferred
SELECT subscriber_id, attempts, known_id, address, name, language, format, list_id, suppressed
    FROM candidate WHERE announcement_id = :announcement_id AND state = 2 AND at <= :now
    ORDER BY at LIMIT CAST(:limit AS BIGINT);

-- name: delivery_next_pending
SELECT subscriber_id, attempts, known_id, address, name, language, format, list_id, suppressed
    FROM candidate WHERE announcement_id = :announcement_id AND subscriber_id > :after AND state = 0
    ORDER BY subscriber_id LIMIT CAST(:limit AS BIGINT);

-- name: delivery_standing
SELECT candidate.known_id AS known_id, candidate.list_id AS list_id, candidate.suppressed AS suppressed
    FROM candidate JOIN announcement ON announcement.id = candidate.announcement_id
    WHERE candidate.announcement_id = :announcement_id AND candidate.subscriber_id = :subscriber_id
        AND announcement.state = 'sending';

-- name: delivery_last
SELECT coalesce(max(subscriber_id), 0) AS subscriber_id FROM delivery WHERE announcement_id = :announcement_id;

-- name: delivery_record
SELECT state FROM delivery WHERE announcement_id = :announcement_id AND subscriber_id = :subscriber_id;

-- name: delivery_move
UPDATE delivery SET state = :to, at = :at, attempts = attempts + :tries, begun = 0
    WHERE announcement_id = :announcement_id AND subscriber_id = :subscriber_id AND state = :from;

-- name: delivery_start_over
UPDATE delivery SET attempts = 0 WHERE announcement_id = :announcement_id AND subscriber_id = :subscriber_id;

-- name: delivery_lease
UPDATE delivery SET state = 1, at = :until, attempts = attempts + 1
    WHERE announcement_id = :announcement_id AND subscriber_id > :after AND subscriber_id <= :last AND state = 0;

-- name: delivery_begin
UPDATE delivery SET begun = 1
    WHERE announcement_id = :announcement_id AND subscriber_id = :subscriber_id AND state = 1;

-- name: delivery_count_begun
SELECT count(*) AS n FROM delivery WHERE announcement_id = :announcement_id AND state = 1 AND begun = 1;

-- name: delivery_leases
SELECT delivery.announcement_id AS announcement_id, subscriber_id, attempts, begun
    FROM delivery_count CROSS JOIN delivery -- in this order: few announcements have any
    WHERE delivery_count.state = 1 AND delivery_count.n > 0 AND delivery.announcement_id = delivery_count.announcement_id
        AND delivery.state = 1 AND delivery.at <= :until
    ORDER BY delivery.announcement_id, subscriber_id;

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

-- name: delivery_event_known
SELECT kind FROM delivery_event
    WHERE announcement_id = :announcement_id AND subscriber_id = :subscriber_id
        AND kind IN ('uncertain', 'settled', 'bounced')
    ORDER BY id DESC LIMIT 1;

-- name: delivery_events
SELECT subscriber_id, at, kind, relay, phase, reply, enhanced, detail FROM delivery_event
    WHERE announcement_id = :announcement_id ORDER BY id;
