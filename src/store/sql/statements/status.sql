-- Numbers for `rundbrief status`. State 5 is uncertain; 0, 1 and 2 are open (model/delivery.h).

-- name: status_numbers
SELECT (SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM delivery_count WHERE state = 5) AS uncertain_deliveries,
       (SELECT count(*) FROM outbox WHERE state = 5 AND template <> 'forward') AS uncertain_single,
       (SELECT count(*) FROM outbox WHERE state IN (0, 1, 2)) AS open_single,
       (SELECT count(*) FROM inbox_message WHERE waits = 1) AS tray,
       (SELECT count(*) FROM suppression) AS suppressed;

-- name: status_announcements
SELECT a.id, a.kind, a.state, coalesce(a.send_at, 0) AS send_at,
       coalesce(a.held_until, 0) AS held_until, v.headline
    FROM announcement a LEFT JOIN variant v ON v.announcement_id = a.id AND v.language = a.language
    WHERE a.state IN ('scheduled', 'sending', 'paused') AND a.finished_at IS NULL
    ORDER BY coalesce(a.send_at, 0), a.id;
