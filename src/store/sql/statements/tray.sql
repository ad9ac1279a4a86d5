-- What came back, as staff see it.

-- name: tray_load
SELECT id, mailbox, uidvalidity, uid, read_at, class, coalesce(announcement_id, 0) AS announcement_id,
       coalesce(subscriber_id, 0) AS subscriber_id, recipients, status, evidence, rule, line, diagnostic, consequence, sender, subject, folder,
       coalesce(moved_at, 0) AS moved_at, waits, decided_by, coalesce(decided_at, 0) AS decided_at,
       coalesce(warned_at, 0) AS warned_at, coalesce(deleted_at, 0) AS deleted_at
    FROM inbox_message WHERE id = :id;

-- An empty class: any.
-- name: tray_page
SELECT id, mailbox, uidvalidity, uid, read_at, class, coalesce(announcement_id, 0) AS announcement_id,
       coalesce(subscriber_id, 0) AS subscriber_id, recipients, status, evidence, rule, line, diagnostic, consequence, sender, subject, folder,
       coalesce(moved_at, 0) AS moved_at, waits, decided_by, coalesce(decided_at, 0) AS decided_at,
       coalesce(warned_at, 0) AS warned_at, coalesce(deleted_at, 0) AS deleted_at
    FROM inbox_message
    WHERE id < :before_id AND (:class = '' OR class = :class)
    ORDER BY id DESC LIMIT CAST(:limit AS BIGINT);

-- Those that wait for a decision, the one that waits longest first.
-- name: tray_waiting
SELECT id, mailbox, uidvalidity, uid, read_at, class, coalesce(announcement_id, 0) AS announcement_id,
       coalesce(subscriber_id, 0) AS subscriber_id, recipients, status, evidence, rule, line, diagnostic, consequence, sender, subject, folder,
       coalesce(moved_at, 0) AS moved_at, waits, decided_by, coalesce(decided_at, 0) AS decided_at,
       coalesce(warned_at, 0) AS warned_at, coalesce(deleted_at, 0) AS deleted_at
    FROM inbox_message
    WHERE waits = 1 AND (:class = '' OR class = :class)
    ORDER BY id LIMIT CAST(:limit AS BIGINT);

-- name: tray_decide
UPDATE inbox_message
    SET class = :class, folder = :folder, consequence = :consequence, waits = :waits, decided_by = :by, decided_at = :now,
        subscriber_id = nullif(CAST(:subscriber_id AS BIGINT), 0)
    WHERE id = :id;

-- name: tray_counts
SELECT class, count(*) AS total, CAST(coalesce(sum(CASE WHEN read_at >= :month THEN 1 ELSE 0 END), 0) AS BIGINT) AS month,
       CAST(coalesce(sum(CASE WHEN read_at >= :week THEN 1 ELSE 0 END), 0) AS BIGINT) AS week,
       CAST(coalesce(sum(CASE WHEN read_at >= :day THEN 1 ELSE 0 END), 0) AS BIGINT) AS day,
       CAST(coalesce(sum(waits), 0) AS BIGINT) AS waiting
    FROM inbox_message GROUP BY class ORDER BY class;

-- How a mailbox is: how far it was read, what still has to be moved, what was moved and is not where it belongs.
-- name: tray_mailbox
SELECT coalesce((SELECT max(read_at) FROM inbox_message WHERE mailbox = :mailbox), 0) AS read_at,
       (SELECT count(*) FROM inbox_message WHERE mailbox = :mailbox) AS total,
       (SELECT count(*) FROM inbox_message WHERE mailbox = :mailbox AND waits = 1) AS waiting,
       (SELECT count(*) FROM inbox_message WHERE mailbox = :mailbox AND moved_at IS NULL) AS unmoved,
       coalesce((SELECT uid FROM inbox_cursor WHERE mailbox = :mailbox), 0) AS uid;

-- What staff are told of: complaints nobody has looked at, and the oldest mail that will be deleted undecided.
-- name: tray_notices
SELECT (SELECT count(*) FROM inbox_message WHERE waits = 1 AND class = 'complaint') AS complaints,
       (SELECT count(*) FROM inbox_message WHERE waits = 1 AND warned_at IS NOT NULL AND deleted_at IS NULL) AS expiring,
       coalesce((SELECT min(warned_at) FROM inbox_message
                     WHERE waits = 1 AND warned_at IS NOT NULL AND deleted_at IS NULL), 0) AS warned_at;
