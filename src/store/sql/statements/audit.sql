-- Who did what; rows are only ever added.

-- name: audit_add
INSERT INTO audit (at, actor, action, subject, detail) VALUES (:now, :actor, :action, :subject, :detail);

-- name: audit_latest
SELECT id, at, actor, action, subject, detail FROM audit ORDER BY id DESC LIMIT CAST(:limit AS BIGINT);
