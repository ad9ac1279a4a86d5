-- name: list_insert
INSERT INTO list (slug, title, description, language, joining, legal_basis,
                  from_name, from_address, sender_address, reply_to,
                  rate_per_minute, weight, hold_seconds, office_address, contact_address, relay, dkim, created_at)
VALUES (:slug, :title, :description, :language, :joining, :legal_basis,
        :from_name, :from_address, :sender_address, :reply_to,
        :rate_per_minute, :weight, :hold_seconds, :office_address, :contact_address, :relay, :dkim, :now)
RETURNING id;

-- name: list_update
UPDATE list
SET title = :title, description = :description, language = :language, joining = :joining, legal_basis = :legal_basis,
    from_name = :from_name, from_address = :from_address, sender_address = :sender_address, reply_to = :reply_to,
    rate_per_minute = :rate_per_minute, weight = :weight,
    hold_seconds = :hold_seconds, office_address = :office_address, contact_address = :contact_address, relay = :relay,
    dkim = :dkim
WHERE id = :id;

-- name: list_by_id
SELECT id, slug, title, description, language, joining, legal_basis, from_name, from_address, sender_address, reply_to,
       rate_per_minute, weight, hold_seconds, office_address, contact_address, relay, dkim
FROM list
WHERE id = :id;

-- name: list_by_slug
SELECT id, slug, title, description, language, joining, legal_basis, from_name, from_address, sender_address, reply_to,
       rate_per_minute, weight, hold_seconds, office_address, contact_address, relay, dkim
FROM list
WHERE slug = :slug;

-- name: list_all
SELECT id, slug, title, description, language, joining, legal_basis, from_name, from_address, sender_address, reply_to,
       rate_per_minute, weight, hold_seconds, office_address, contact_address, relay, dkim
FROM list
ORDER BY slug;

-- name: list_counts
SELECT state, count(*) AS n
FROM subscription
WHERE list_id = :list_id
GROUP BY state;

-- name: list_relays
SELECT id, slug, relay FROM list WHERE relay <> '' ORDER BY slug;
