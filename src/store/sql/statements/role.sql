-- What each role does, and what is wrong.

-- name: role_beat
INSERT INTO role (name, pid, started_at, beat_at, summary) VALUES (:name, :pid, :started_at, :now, :summary)
    ON CONFLICT (name) DO UPDATE SET pid = excluded.pid, started_at = excluded.started_at,
                                     beat_at = excluded.beat_at, summary = excluded.summary;

-- name: role_heard
SELECT coalesce(max(beat_at), 0) AS at FROM role WHERE name = :name;

-- name: role_all
SELECT name, pid, started_at, beat_at, summary FROM role ORDER BY name;

-- name: trouble_set
INSERT INTO trouble (subject, role, since, text) VALUES (:subject, :role, :now, :text)
    ON CONFLICT (subject) DO UPDATE SET role = excluded.role, text = excluded.text;

-- name: trouble_left_alone
UPDATE trouble SET until = :until WHERE subject = :subject;

-- name: trouble_clear
DELETE FROM trouble WHERE subject = :subject;

-- name: trouble_forget
DELETE FROM trouble WHERE role = :role;

-- name: trouble_all
SELECT subject, role, since, text, coalesce(until, 0) AS until FROM trouble ORDER BY since, subject;
