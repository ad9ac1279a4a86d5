-- name: consent_add
INSERT INTO consent_record (subscriber_id, address_hash, list_id, at, kind, legal_basis, wording, source, actor)
VALUES (:subscriber_id, :hash, :list_id, :at, :kind, :legal_basis, :wording, :source, :actor);

-- name: consent_history
SELECT c.subscriber_id AS subscriber_id, c.list_id AS list_id, c.at AS at, c.kind AS kind, c.legal_basis AS legal_basis,
       c.wording AS wording, c.source AS source, c.actor AS actor, l.slug AS slug, l.title AS title
FROM consent_record c
JOIN list l ON l.id = c.list_id
WHERE c.address_hash = :hash
ORDER BY c.id;

-- What the person was last asked to agree to.
-- name: consent_asked
SELECT wording, at
FROM consent_record
WHERE subscriber_id = :subscriber_id AND list_id = :list_id AND kind IN ('invited', 'requested')
ORDER BY id DESC
LIMIT 1;
