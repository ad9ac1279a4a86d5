-- What came back: which mails have been read, what they were found to be, and where they belong on the server.

-- name: inbox_cursor_load
SELECT uidvalidity, uid FROM inbox_cursor WHERE mailbox = :mailbox;

-- name: inbox_cursor_save
INSERT INTO inbox_cursor (mailbox, uidvalidity, uid) VALUES (:mailbox, :uidvalidity, :uid)
    ON CONFLICT (mailbox) DO UPDATE SET uidvalidity = excluded.uidvalidity, uid = excluded.uid;

-- name: inbox_add
INSERT INTO inbox_message (mailbox, uidvalidity, uid, content_hash, read_at, class, recipients, status, evidence, folder)
    VALUES (:mailbox, :uidvalidity, :uid, :content_hash, :read_at, :class, :recipients, :status, :evidence, :folder)
    ON CONFLICT (mailbox, uidvalidity, uid) DO NOTHING
    RETURNING id;

-- name: inbox_conclude
UPDATE inbox_message
    SET consequence = :consequence, announcement_id = nullif(CAST(:announcement_id AS BIGINT), 0),
        subscriber_id = nullif(CAST(:subscriber_id AS BIGINT), 0)
    WHERE id = :id;

-- name: inbox_same_content
SELECT min(id) AS id FROM inbox_message WHERE content_hash = :content_hash AND id < :before_id;

-- name: inbox_unmoved
SELECT id, uid, folder FROM inbox_message
    WHERE moved_at IS NULL AND mailbox = :mailbox AND uidvalidity = :uidvalidity
    ORDER BY uid LIMIT CAST(:limit AS BIGINT);

-- name: inbox_moved
UPDATE inbox_message SET moved_at = :now WHERE id = :id;

-- name: inbox_forget_places
UPDATE inbox_message SET moved_at = :now WHERE moved_at IS NULL AND mailbox = :mailbox AND uidvalidity <> :uidvalidity;

-- name: inbox_load
SELECT id, mailbox, uidvalidity, uid, read_at, class, announcement_id, subscriber_id, recipients, status, evidence, consequence,
       folder, moved_at
    FROM inbox_message WHERE id = :id;

-- name: inbox_page
SELECT id, mailbox, uidvalidity, uid, read_at, class, announcement_id, subscriber_id, recipients, status, evidence, consequence,
       folder, moved_at
    FROM inbox_message WHERE id < :before_id ORDER BY id DESC LIMIT CAST(:limit AS BIGINT);
