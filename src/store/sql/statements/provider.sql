-- What was learned of the providers' pace, and which provider a domain belongs to.

-- name: provider_paces
SELECT provider, per_minute, until, since, because FROM provider_pace ORDER BY provider;

-- name: provider_pace_set
INSERT INTO provider_pace (provider, per_minute, until, since, because)
    VALUES (:provider, :per_minute, :until, :since, :because)
    ON CONFLICT (provider) DO UPDATE SET per_minute = excluded.per_minute, until = excluded.until,
                                         since = excluded.since, because = excluded.because;

-- name: provider_pace_forget
DELETE FROM provider_pace WHERE provider = :provider;

-- name: domain_provider_find
SELECT provider, looked_at FROM domain_provider WHERE domain = :domain;

-- name: domain_provider_set
INSERT INTO domain_provider (domain, provider, looked_at) VALUES (:domain, :provider, :looked_at)
    ON CONFLICT (domain) DO UPDATE SET provider = excluded.provider, looked_at = excluded.looked_at;
