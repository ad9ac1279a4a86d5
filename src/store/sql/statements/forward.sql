-- Mails of people that are passed on. States of the outbox: model/delivery.h; 3 is sent, 0, 1 and 2 are open.

-- name: forward_add
INSERT INTO forward (outbox_id, inbox_id, bytes) VALUES (:outbox_id, :inbox_id, :bytes);

-- name: forward_load
SELECT bytes FROM forward WHERE outbox_id = :outbox_id;

-- name: forward_count
SELECT count(*) AS n FROM outbox WHERE template = 'forward' AND list_id = :list_id AND created_at >= :since;

-- name: forward_list_of
SELECT list.id AS id FROM announcement_list JOIN list ON list.id = announcement_list.list_id
    WHERE announcement_list.announcement_id = :announcement_id AND list.contact_address <> ''
    ORDER BY announcement_list.position LIMIT 1;

-- name: forward_count_finished
SELECT count(*) AS n
    FROM forward JOIN outbox ON outbox.id = forward.outbox_id JOIN inbox_message ON inbox_message.id = forward.inbox_id
    WHERE outbox.state NOT IN (0, 1, 2) AND inbox_message.mailbox = :mailbox;

-- name: forward_fail
UPDATE inbox_message
    SET waits = 1, folder = :tray_folder, consequence = consequence || '; for staff: it could not be passed on'
    WHERE mailbox = :mailbox AND waits = 0 AND decided_at IS NULL
        AND id IN (SELECT forward.inbox_id FROM forward JOIN outbox ON outbox.id = forward.outbox_id
                       WHERE outbox.state NOT IN (0, 1, 2, 3));

-- name: forward_forget
DELETE FROM forward
    WHERE outbox_id IN (SELECT outbox.id FROM outbox WHERE outbox.template = 'forward' AND outbox.state NOT IN (0, 1, 2))
        AND inbox_id IN (SELECT id FROM inbox_message WHERE mailbox = :mailbox);
