-- What came back: which mails have been read, what they were found to be, and where they belong on the server.

-- name: inbox_cursor_load
SELECT uidvalidity, uid FROM inbox_cursor WHERE mailbox = :mailbox;

-- name: inbox_cursor_save
INSERT INTO inbox_cursor (mailbox, uidvalidity, uid) VALUES (:mailbox, :uidvalidity, :uid)
    ON CONFLICT (mailbox) DO UPDATE SET uidvalidity = excluded.uidvalidity, uid = excluded.uid;

-- name: inbox_add
INSERT INTO inbox_message (mailbox, uidvalidity, uid, content_hash, read_at, class, recipients, status, evidence,
                           rule, line, diagnostic, sender, subject, folder)
    VALUES (:mailbox, :uidvalidity, :uid, :content_hash, :read_at, :class, :recipients, :status, :evidence,
            :rule, :line, :diagnostic, :sender, :subject, '')
    ON CONFLICT (mailbox, uidvalidity, uid) DO NOTHING
    RETURNING id;

-- name: inbox_conclude
UPDATE inbox_message
    SET consequence = :consequence, waits = :waits, folder = :folder, announcement_id = nullif(CAST(:announcement_id AS BIGINT), 0),
        subscriber_id = nullif(CAST(:subscriber_id AS BIGINT), 0)
    WHERE id = :id;

-- name: inbox_same_content
SELECT id, folder FROM inbox_message WHERE content_hash = :content_hash AND id < :before_id ORDER BY id LIMIT 1;

-- name: inbox_unmoved
SELECT id, uid, folder FROM inbox_message
    WHERE moved_at IS NULL AND mailbox = :mailbox AND uidvalidity = :uidvalidity
    ORDER BY uid LIMIT CAST(:limit AS BIGINT);

-- name: inbox_moved
UPDATE inbox_message SET moved_at = :now, lies_in = :folder WHERE id = :id;

-- name: inbox_forget_places
UPDATE inbox_message SET moved_at = :now WHERE moved_at IS NULL AND mailbox = :mailbox AND uidvalidity <> :uidvalidity;
