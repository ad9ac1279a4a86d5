-- name: subscription_state
SELECT state
FROM subscription
WHERE list_id = :list_id AND subscriber_id = :subscriber_id;

-- name: subscription_insert
INSERT INTO subscription (list_id, subscriber_id, state, since)
VALUES (:list_id, :subscriber_id, :state, :now);

-- name: subscription_update
UPDATE subscription
SET state = :state, since = :now
WHERE list_id = :list_id AND subscriber_id = :subscriber_id;

-- name: subscription_all
SELECT x.list_id AS list_id, l.slug AS slug, l.title AS title, l.legal_basis AS legal_basis, x.state AS state,
       x.since AS since
FROM subscription x
JOIN list l ON l.id = x.list_id
WHERE x.subscriber_id = :subscriber_id
ORDER BY l.slug;
