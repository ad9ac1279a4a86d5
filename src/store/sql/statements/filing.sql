-- Mails that were moved to our folders, and what becomes of them there.

-- name: filing_work
SELECT (SELECT count(*) FROM inbox_message
            WHERE mailbox = :mailbox AND lies_in = :name AND lies_in <> '' AND folder <> lies_in) AS misplaced,
       (SELECT count(*) FROM inbox_message
            WHERE mailbox = :mailbox AND lies_in = :name AND lies_in <> '' AND read_at < :old_before
                AND (waits = 0 OR coalesce(warned_at, :warned_before) < :warned_before)) AS old;

-- Of several with the same content the first says where it belongs; it may go when all of them may.
-- name: filing_find
SELECT count(*) AS n,
       (SELECT first.folder FROM inbox_message first
            WHERE first.content_hash = :content_hash AND first.mailbox = :mailbox ORDER BY first.id LIMIT 1) AS folder,
       coalesce(min(CASE WHEN read_at < :old_before AND (waits = 0 OR coalesce(warned_at, :warned_before) < :warned_before)
                         THEN 1 ELSE 0 END), 0) AS may_go
    FROM inbox_message WHERE content_hash = :content_hash AND mailbox = :mailbox;

-- name: filing_moved
UPDATE inbox_message SET lies_in = :name WHERE content_hash = :content_hash AND mailbox = :mailbox AND lies_in <> '';

-- name: filing_deleted
UPDATE inbox_message
    SET lies_in = '', deleted_at = :now, sender = '', subject = '', recipients = '', diagnostic = '', waits = 0
    WHERE content_hash = :content_hash AND mailbox = :mailbox;

-- name: filing_give_up
UPDATE inbox_message SET lies_in = ''
    WHERE mailbox = :mailbox AND lies_in = :name AND lies_in <> ''
        AND (folder <> lies_in
             OR (read_at < :old_before AND (waits = 0 OR coalesce(warned_at, :warned_before) < :warned_before)));

-- name: filing_warn
UPDATE inbox_message SET warned_at = :now
    WHERE waits = 1 AND warned_at IS NULL AND mailbox = :mailbox AND read_at < :read_before;
