-- name: subscriber_insert
INSERT INTO subscriber (address, address_key, address_hash, name, language, format, created_at)
VALUES (:address, :key, :hash, :name, :language, :format, :now)
RETURNING id;

-- name: subscriber_by_id
SELECT id, address, address_key, address_hash, name, language, format, created_at
FROM subscriber
WHERE id = :id;

-- name: subscriber_by_key
SELECT id, address, address_key, address_hash, name, language, format, created_at
FROM subscriber
WHERE address_key = :key;

-- name: subscriber_delete
DELETE FROM subscriber
WHERE id = :id;

-- Single mails hold a copy of the address; one that is just being sent (state 1) still needs it.
-- name: subscriber_forget_mails
DELETE FROM outbox
WHERE subscriber_id = :id AND state <> 1;

-- name: subscriber_standing
SELECT s.id AS id, x.state AS state, x.since AS since
FROM subscriber s
LEFT JOIN subscription x ON x.subscriber_id = s.id AND x.list_id = :list_id
WHERE s.address_key = :key;

-- One page by address; list 0 and state '' mean any.
-- name: subscriber_page
SELECT s.id AS id, s.address AS address, s.address_key AS address_key, s.address_hash AS address_hash, s.name AS name,
       s.language AS language, s.format AS format, s.created_at AS created_at
FROM subscriber s
WHERE s.address_key > :after
  AND ((CAST(:list_id AS BIGINT) = 0 AND CAST(:state AS TEXT) = '')
       OR EXISTS (SELECT 1
                  FROM subscription x
                  WHERE x.subscriber_id = s.id
                    AND (CAST(:list_id AS BIGINT) = 0 OR x.list_id = :list_id)
                    AND (CAST(:state AS TEXT) = '' OR x.state = :state)))
ORDER BY s.address_key
LIMIT :limit;

-- name: subscriber_count
SELECT count(*) AS n
FROM subscriber s
WHERE (CAST(:list_id AS BIGINT) = 0 AND CAST(:state AS TEXT) = '')
   OR EXISTS (SELECT 1
              FROM subscription x
              WHERE x.subscriber_id = s.id
                AND (CAST(:list_id AS BIGINT) = 0 OR x.list_id = :list_id)
                AND (CAST(:state AS TEXT) = '' OR x.state = :state));
