-- Announcements as staff look at them.

-- name: report_announcements
SELECT announcement.id AS id, announcement.kind AS kind, announcement.state AS state,
       coalesce(announcement.send_at, 0) AS send_at, announcement.created_at AS created_at,
       coalesce(announcement.started_at, 0) AS started_at, coalesce(announcement.finished_at, 0) AS finished_at,
       announcement.expanded AS expanded, coalesce(announcement.held_until, 0) AS held_until, variant.headline AS headline
    FROM announcement
        LEFT JOIN variant ON variant.announcement_id = announcement.id AND variant.language = announcement.language
    ORDER BY announcement.id DESC LIMIT CAST(:limit AS BIGINT);

-- name: report_audience
SELECT count(DISTINCT subscriber.id) AS n
    FROM announcement_list
        JOIN subscription ON subscription.list_id = announcement_list.list_id
        JOIN subscriber ON subscriber.id = subscription.subscriber_id
    WHERE announcement_list.announcement_id = :id AND subscription.state = 'active'
        AND NOT EXISTS (SELECT 1 FROM suppression WHERE suppression.address_hash = subscriber.address_hash);

-- The last event is the one with the largest id; delivery_event_delivery finds it without a sort.
-- A page behind a subscriber: a table of a million rows on a slow terminal must not hold a snapshot.
-- name: report_deliveries
SELECT delivery.subscriber_id AS subscriber_id, subscriber.address AS address, delivery.state AS state,
       delivery.attempts AS attempts, delivery.at AS at, event.kind AS kind, coalesce(event.at, 0) AS event_at,
       event.relay AS relay, coalesce(event.reply, 0) AS reply, event.enhanced AS enhanced, event.detail AS detail
    FROM delivery
        LEFT JOIN subscriber ON subscriber.id = delivery.subscriber_id
        LEFT JOIN delivery_event AS event ON event.id =
            (SELECT max(latest.id) FROM delivery_event AS latest
                 WHERE latest.announcement_id = delivery.announcement_id
                     AND latest.subscriber_id = delivery.subscriber_id)
    WHERE delivery.announcement_id = :id AND delivery.subscriber_id > CAST(:after AS BIGINT)
        AND (CAST(:state AS BIGINT) < 0 OR delivery.state = CAST(:state AS BIGINT))
    ORDER BY delivery.subscriber_id LIMIT CAST(:limit AS BIGINT);

-- Those that have an event. The page is cut inside, so that it costs the same however many stand behind it.
-- name: report_eventful_deliveries
SELECT delivery.subscriber_id AS subscriber_id, subscriber.address AS address, delivery.state AS state,
       delivery.attempts AS attempts, delivery.at AS at, event.kind AS kind, event.at AS event_at,
       event.relay AS relay, event.reply AS reply, event.enhanced AS enhanced, event.detail AS detail
    FROM (SELECT subscriber_id, max(id) AS id FROM delivery_event
              WHERE announcement_id = CAST(:id AS BIGINT) AND subscriber_id > CAST(:after AS BIGINT)
              GROUP BY subscriber_id ORDER BY subscriber_id LIMIT CAST(:limit AS BIGINT)) AS latest
        JOIN delivery_event AS event ON event.id = latest.id
        JOIN delivery ON delivery.announcement_id = CAST(:id AS BIGINT) AND delivery.subscriber_id = latest.subscriber_id
        LEFT JOIN subscriber ON subscriber.id = delivery.subscriber_id
    ORDER BY delivery.subscriber_id;

-- name: report_uncertain_tries
SELECT count(*) AS n FROM delivery_event WHERE announcement_id = CAST(:id AS BIGINT) AND kind = 'uncertain';
