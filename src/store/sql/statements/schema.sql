-- Which schema files a database has seen.

-- name: schema_current
SELECT coalesce(max(version), 0) AS version FROM schema_version;

-- name: schema_add
INSERT INTO schema_version (version, name, applied_at) VALUES (:version, :name, :applied_at);
