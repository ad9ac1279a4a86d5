-- What was learned of the providers' pace.

-- name: provider_paces
SELECT provider, per_minute, until, since, because FROM provider_pace ORDER BY provider;

-- name: provider_pace_set
INSERT INTO provider_pace (provider, per_minute, until, since, because)
    VALUES (:provider, :per_minute, :until, :since, :because)
    ON CONFLICT (provider) DO UPDATE SET per_minute = excluded.per_minute, until = excluded.until,
                                         since = excluded.since, because = excluded.because;

-- name: provider_pace_forget
DELETE FROM provider_pace WHERE provider = :provider;
