-- Announcements: the record, its states, and from audience to deliveries.

-- name: announcement_insert
INSERT INTO announcement (kind, state, language, publisher_office, publisher_person, publisher_address, publisher_phone,
                          publisher_fax, publisher_web, publisher_email, send_at, embargo_at, urgent, created_at)
    VALUES (:kind, 'draft', :language, :office, :person, :address, :phone, :fax, :web, :email,
            nullif(CAST(:send_at AS BIGINT), 0), nullif(CAST(:embargo_at AS BIGINT), 0), :urgent, :now)
    RETURNING id;

-- name: announcement_add_list
INSERT INTO announcement_list (announcement_id, position, list_id)
    SELECT CAST(:id AS BIGINT), CAST(:position AS INTEGER), list.id FROM list WHERE list.slug = :slug;

-- name: announcement_add_variant
INSERT INTO variant (announcement_id, language, subject, date_line, place_line, headline, sub_headline, lead, body, contact)
    VALUES (:id, :language, :subject, :date_line, :place_line, :headline, :sub_headline, :lead, :body, :contact);

-- name: announcement_add_medium
INSERT INTO medium (announcement_id, position, file_name, media_type, size, sha256, credit, licence, attached, thumbnail)
    VALUES (:id, :position, :file_name, :media_type, :size, :sha256, :credit, :licence, :attached, :thumbnail)
    RETURNING id;

-- name: announcement_add_medium_text
INSERT INTO medium_text (medium_id, language, caption, alt) VALUES (:medium_id, :language, :caption, :alt);

-- name: announcement_add_meeting
INSERT INTO meeting (announcement_id, uid, sequence, starts_at, ends_at, place, topic, registration)
    VALUES (:id, :uid, :sequence, :starts_at, :ends_at, :place, :topic, :registration);

-- name: announcement_record
SELECT id, kind, state, language, publisher_office, publisher_person, publisher_address, publisher_phone, publisher_fax,
       publisher_web, publisher_email, coalesce(send_at, 0) AS send_at, coalesce(embargo_at, 0) AS embargo_at, urgent
    FROM announcement WHERE id = :id;

-- name: announcement_kind
SELECT kind FROM announcement WHERE id = :id;

-- name: announcement_lists
SELECT list.slug AS slug
    FROM announcement_list JOIN list ON list.id = announcement_list.list_id
    WHERE announcement_list.announcement_id = :id ORDER BY announcement_list.position;

-- name: announcement_variants
SELECT variant.language AS language, subject, date_line, place_line, headline, sub_headline, lead, body, contact
    FROM variant JOIN announcement ON announcement.id = variant.announcement_id
    WHERE announcement_id = :id
    ORDER BY CASE WHEN variant.language = announcement.language THEN 0 ELSE 1 END, variant.language;

-- name: announcement_media
SELECT id, file_name, media_type, size, sha256, credit, licence, attached, thumbnail
    FROM medium WHERE announcement_id = :id ORDER BY position;

-- name: announcement_medium_texts
SELECT language, caption, alt FROM medium_text WHERE medium_id = :medium_id ORDER BY language;

-- name: announcement_meeting
SELECT uid, sequence, starts_at, ends_at, place, topic, registration FROM meeting WHERE announcement_id = :id;

-- name: announcement_progress
SELECT state, coalesce(send_at, 0) AS send_at, created_at, coalesce(started_at, 0) AS started_at,
       coalesce(finished_at, 0) AS finished_at, expanded, expanded_up_to, coalesce(held_until, 0) AS held_until, pause_reason,
       coalesce((SELECT starts_at FROM meeting WHERE meeting.announcement_id = announcement.id), 0) AS meeting_at
    FROM announcement WHERE id = :id;

-- The move itself was checked against the state that stands here. A cancelled one is finished by announcement_finish.
-- name: announcement_move
UPDATE announcement
    SET state = :to,
        started_at = CASE WHEN CAST(:to AS TEXT) = 'sending' THEN coalesce(started_at, CAST(:now AS BIGINT)) ELSE started_at END,
        finished_at = CASE WHEN CAST(:to AS TEXT) = 'sent' THEN CAST(:now AS BIGINT) END,
        expanded_up_to = CASE WHEN CAST(:to AS TEXT) = 'cancelled' THEN 0 ELSE expanded_up_to END,
        pause_reason = ''
    WHERE id = :id AND state = :from;

-- name: announcement_finish
UPDATE announcement SET finished_at = :now WHERE id = :id AND state = 'cancelled' AND finished_at IS NULL;

-- name: announcement_set_pause_reason
UPDATE announcement SET pause_reason = :reason WHERE id = :id AND state = 'paused';

-- name: announcement_set_urgent
UPDATE announcement SET urgent = :urgent WHERE id = :id;

-- name: announcement_hold_until
UPDATE announcement SET held_until = :until WHERE id = :id AND started_at IS NULL;

-- name: announcement_hold_seconds
SELECT CASE WHEN announcement.urgent <> 0 THEN 0
            ELSE coalesce((SELECT max(list.hold_seconds)
                               FROM announcement_list JOIN list ON list.id = announcement_list.list_id
                               WHERE announcement_list.announcement_id = announcement.id), 0) END AS seconds
    FROM announcement WHERE id = :id;

-- name: announcement_offices
SELECT list.id AS list_id, list.office_address AS address, list.language AS language
    FROM announcement_list JOIN list ON list.id = announcement_list.list_id
    WHERE announcement_list.announcement_id = :id AND list.office_address <> '' ORDER BY announcement_list.position;

-- Another time is another send: it will be held anew.
-- name: announcement_set_send_at
UPDATE announcement SET send_at = nullif(CAST(:send_at AS BIGINT), 0), held_until = NULL
    WHERE id = :id AND state IN ('draft', 'scheduled', 'paused') AND started_at IS NULL;

-- The index announcement_open holds what has not finished: these cost nothing, however large the archive is.
-- name: announcement_due
SELECT id FROM announcement
    WHERE state = 'scheduled' AND finished_at IS NULL AND coalesce(held_until, send_at, 0) <= :now
    ORDER BY coalesce(send_at, 0), id;

-- name: announcement_sending
SELECT id FROM announcement WHERE state = 'sending' AND finished_at IS NULL ORDER BY coalesce(send_at, 0), id;

-- Where its lists differ, the most careful rate and the largest weight hold; a row for each relay that they go by.
-- name: announcement_lanes
SELECT announcement.id AS id, announcement.kind AS kind, announcement.urgent AS urgent,
       (SELECT max(list.weight) FROM announcement_list JOIN list ON list.id = announcement_list.list_id
            WHERE announcement_list.announcement_id = announcement.id) AS weight,
       slowest.id AS list_id, slowest.rate_per_minute AS rate_per_minute, coalesce(list.relay, '') AS relay,
       (SELECT count(DISTINCT list.relay) FROM announcement_list JOIN list ON list.id = announcement_list.list_id
            WHERE announcement_list.announcement_id = announcement.id) AS relays
    FROM announcement
        LEFT JOIN announcement_list ON announcement_list.announcement_id = announcement.id
        LEFT JOIN list ON list.id = announcement_list.list_id
        LEFT JOIN list AS slowest ON slowest.id =
            (SELECT list.id FROM announcement_list JOIN list ON list.id = announcement_list.list_id
                WHERE announcement_list.announcement_id = announcement.id AND list.rate_per_minute > 0
                ORDER BY list.rate_per_minute, list.id LIMIT 1)
    WHERE announcement.state = 'sending' AND announcement.finished_at IS NULL
    GROUP BY announcement.id, slowest.id, list.relay
    ORDER BY coalesce(announcement.send_at, 0), announcement.id, list.relay;

-- name: announcement_withdrawing
SELECT id FROM announcement WHERE state = 'cancelled' AND finished_at IS NULL ORDER BY id;

-- ---- expansion -----------------------------------------------------------------------------------------------------

-- A chunk ends where the first of the lists has had its share; NULL: none of them reaches that far, so it is the last.
-- name: announcement_chunk_end
SELECT min(ends.last_id) AS up_to
    FROM (SELECT (SELECT subscription.subscriber_id FROM subscription
                      WHERE subscription.list_id = announcement_list.list_id
                          AND subscription.subscriber_id > CAST(:after AS BIGINT)
                      ORDER BY subscription.subscriber_id LIMIT 1 OFFSET CAST(:skip AS BIGINT)) AS last_id
              FROM announcement_list WHERE announcement_list.announcement_id = :id) AS ends;

-- name: announcement_list_count
SELECT count(*) AS n FROM announcement_list WHERE announcement_id = :id;

-- name: announcement_expand
INSERT INTO delivery (announcement_id, subscriber_id, state, attempts, at)
    SELECT DISTINCT CAST(:id AS BIGINT), subscriber.id, 0, 0, CAST(:now AS BIGINT)
        FROM announcement_list
            JOIN subscription ON subscription.list_id = announcement_list.list_id
            JOIN subscriber ON subscriber.id = subscription.subscriber_id
        WHERE announcement_list.announcement_id = CAST(:id AS BIGINT)
            AND subscription.subscriber_id > CAST(:after AS BIGINT)
            AND subscription.subscriber_id <= CAST(:up_to AS BIGINT)
            AND subscription.state = 'active'
            AND NOT EXISTS (SELECT 1 FROM suppression WHERE suppression.address_hash = subscriber.address_hash)
    ON CONFLICT (announcement_id, subscriber_id) DO NOTHING;

-- name: announcement_count_pending
INSERT INTO delivery_count (announcement_id, state, n) VALUES (:id, 0, :added)
    ON CONFLICT (announcement_id, state) DO UPDATE SET n = delivery_count.n + excluded.n;

-- name: announcement_expanded
UPDATE announcement SET expanded_up_to = :up_to, expanded = :done WHERE id = :id;

-- name: announcement_open_deliveries
SELECT subscriber_id FROM delivery
    WHERE announcement_id = :id AND subscriber_id > CAST(:after AS BIGINT) AND state IN (0, 2)
    ORDER BY subscriber_id LIMIT CAST(:limit AS BIGINT);
