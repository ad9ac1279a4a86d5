-- The first reason stays.
-- name: suppression_add
INSERT INTO suppression (address_hash, reason, at, evidence)
VALUES (:hash, :reason, :now, :evidence)
ON CONFLICT (address_hash) DO NOTHING;

-- name: suppression_remove
DELETE FROM suppression
WHERE address_hash = :hash;

-- name: suppression_find
SELECT reason, at, evidence
FROM suppression
WHERE address_hash = :hash;

-- name: suppression_count
SELECT count(*) AS n
FROM suppression;

-- The latest first; the address of those who still have a record.
-- name: suppression_page
SELECT p.address_hash AS address_hash, p.reason AS reason, p.at AS at, p.evidence AS evidence,
       (SELECT min(s.address) FROM subscriber s WHERE s.address_hash = p.address_hash) AS address
FROM suppression p
ORDER BY p.at DESC, p.address_hash
LIMIT :limit OFFSET :offset;

-- The worst of a day counts, and of those the first.
-- name: soft_bounce_add
INSERT INTO soft_bounce (address_hash, day, points, inbox_id)
VALUES (:hash, :day, :points, nullif(CAST(:inbox_id AS BIGINT), 0))
ON CONFLICT (address_hash, day)
DO UPDATE SET points = excluded.points, inbox_id = excluded.inbox_id
    WHERE soft_bounce.points < excluded.points;

-- name: soft_bounce_take_back
DELETE FROM soft_bounce
WHERE address_hash = :hash AND inbox_id = :inbox_id;

-- name: soft_bounce_days
SELECT day, points
FROM soft_bounce
WHERE address_hash = :hash AND day >= :since_day
ORDER BY day;

-- Days before the window never count again.
-- name: soft_bounce_expire
DELETE FROM soft_bounce
WHERE address_hash = :hash AND day < :since_day;

-- name: soft_bounce_forget
DELETE FROM soft_bounce
WHERE address_hash = :hash;
