-- The first schema. One text for SQLite and PostgreSQL; the driver replaces what stands between @ signs:
--   @ID@      a key that is never used twice (deliveries keep the number of an erased subscriber)
--   @INT64@   64-bit integer; instants are UTC microseconds
--   @BLOB@    bytes
--   @TABLE@   after an ordinary table: STRICT on SQLite
--   @KEYED@   after a table that is its primary key: STRICT, WITHOUT ROWID on SQLite. The key's columns come first:
--             SQLite 3.40's integrity_check reports NULLs in such a table otherwise
-- What stands below "-- @sqlite" or "-- @pgsql" is for that engine only, until the next such line or "-- @both".
-- Released files are never edited; the next change is 0002.

-- Which of these files the database has seen.
CREATE TABLE schema_version (
    version    INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,                     -- "0001_initial"
    applied_at @INT64@ NOT NULL
) @TABLE@;

-- ---- who gets what -----------------------------------------------------------------------------------------------

CREATE TABLE list (
    id             @ID@,
    slug           TEXT NOT NULL UNIQUE,          -- "presse": in addresses, List-Id and commands
    title          TEXT NOT NULL,
    description    TEXT NOT NULL DEFAULT '',
    language       TEXT NOT NULL,
    joining        TEXT NOT NULL CHECK (joining IN ('open', 'request', 'closed')),
    legal_basis    TEXT NOT NULL CHECK (legal_basis IN ('consent', 'public-task', 'contract')),
    from_name      TEXT NOT NULL DEFAULT '',      -- empty: the site's
    from_address   TEXT NOT NULL DEFAULT '',
    sender_address TEXT NOT NULL DEFAULT '',
    reply_to       TEXT NOT NULL DEFAULT '',
    created_at     @INT64@ NOT NULL
) @TABLE@;

CREATE TABLE subscriber (
    id           @ID@,
    address      TEXT NOT NULL,                   -- as the person wrote it, domain as A-labels
    address_key  TEXT NOT NULL UNIQUE,            -- folded, for comparison
    address_hash @BLOB@ NOT NULL,                 -- keyed hash of the key: joins the suppression list
    name         TEXT NOT NULL DEFAULT '',
    language     TEXT NOT NULL,
    format       TEXT NOT NULL CHECK (format IN ('html', 'text')),
    created_at   @INT64@ NOT NULL
) @TABLE@;
CREATE INDEX subscriber_hash ON subscriber (address_hash);

CREATE TABLE subscription (
    list_id       @INT64@ NOT NULL REFERENCES list (id),
    subscriber_id @INT64@ NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    state         TEXT NOT NULL CHECK (state IN ('pending', 'active', 'paused', 'left')),
    since         @INT64@ NOT NULL,
    PRIMARY KEY (list_id, subscriber_id)
) @KEYED@;
CREATE INDEX subscription_subscriber ON subscription (subscriber_id);

-- Evidence of who agreed to what, when and how; rows are only ever added. The subscriber may be gone (no foreign key).
CREATE TABLE consent_record (
    id            @ID@,
    subscriber_id @INT64@ NOT NULL,
    address_hash  @BLOB@ NOT NULL,
    list_id       @INT64@ NOT NULL REFERENCES list (id),
    at            @INT64@ NOT NULL,
    kind          TEXT NOT NULL CHECK (kind IN ('imported', 'invited', 'requested', 'confirmed', 'added', 'left', 'removed')),
    legal_basis   TEXT NOT NULL,
    wording       TEXT NOT NULL,                  -- what was agreed to, or the stated ground of an import
    source        TEXT NOT NULL,                  -- "import members.csv line 12", "mail <message-id>"
    actor         TEXT NOT NULL                   -- who did it: "citizen" or a name of staff
) @TABLE@;
CREATE INDEX consent_record_subscriber ON consent_record (subscriber_id);

CREATE TABLE suppression (
    address_hash @BLOB@ PRIMARY KEY,
    reason       TEXT NOT NULL CHECK (reason IN ('hard-bounce', 'soft-bounces', 'complaint', 'staff', 'erased')),
    at           @INT64@ NOT NULL,
    evidence     TEXT NOT NULL                    -- "5.1.1 in report of inbox message 17"
) @TABLE@;

-- Days on which an address bounced softly; enough of them within the window suppress it.
CREATE TABLE soft_bounce (
    address_hash @BLOB@ NOT NULL,
    day          @INT64@ NOT NULL,                -- days since 1970, UTC
    PRIMARY KEY (address_hash, day)
) @KEYED@;

-- ---- what is sent --------------------------------------------------------------------------------------------------

CREATE TABLE announcement (
    id                @ID@,
    kind              TEXT NOT NULL CHECK (kind IN ('press-release', 'invitation', 'notice')),
    state             TEXT NOT NULL CHECK (state IN ('draft', 'scheduled', 'sending', 'paused', 'sent', 'cancelled')),
    language          TEXT NOT NULL,              -- of the variant that serves people whose language has none
    publisher_office  TEXT NOT NULL,
    publisher_person  TEXT NOT NULL,
    publisher_address TEXT NOT NULL,
    publisher_phone   TEXT NOT NULL,
    publisher_fax     TEXT NOT NULL DEFAULT '',
    publisher_web     TEXT NOT NULL DEFAULT '',
    publisher_email   TEXT NOT NULL DEFAULT '',
    send_at           @INT64@,                    -- as written in the manuscript; NULL: as soon as it is queued
    embargo_at        @INT64@,
    created_at        @INT64@ NOT NULL,
    started_at        @INT64@,
    finished_at       @INT64@,                    -- when its last delivery came to its end
    expanded_up_to    @INT64@ NOT NULL DEFAULT 0, -- subscriber id; expansion, or after a cancellation withdrawal, goes on behind it
    expanded          INTEGER NOT NULL DEFAULT 0  -- 1: every subscriber was looked at
) @TABLE@;
CREATE INDEX announcement_open ON announcement (state, send_at) WHERE finished_at IS NULL;

CREATE TABLE announcement_list (
    announcement_id @INT64@ NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
    list_id         @INT64@ NOT NULL REFERENCES list (id),
    position        INTEGER NOT NULL,             -- most specific list first: it names the leave link
    PRIMARY KEY (announcement_id, list_id)
) @KEYED@;

CREATE TABLE variant (
    announcement_id @INT64@ NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
    language        TEXT NOT NULL,
    subject         TEXT NOT NULL,
    date_line       TEXT NOT NULL DEFAULT '',
    place_line      TEXT NOT NULL DEFAULT '',     -- "Kreis Steinfurt."
    headline        TEXT NOT NULL,
    sub_headline    TEXT NOT NULL DEFAULT '',
    lead            TEXT NOT NULL DEFAULT '',     -- Markdown, as is the body
    body            TEXT NOT NULL,
    contact         TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (announcement_id, language)
) @KEYED@;

CREATE TABLE medium (
    id              @ID@,
    announcement_id @INT64@ NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
    position        INTEGER NOT NULL,
    file_name       TEXT NOT NULL,                -- as people see it
    media_type      TEXT NOT NULL,
    size            @INT64@ NOT NULL,
    sha256          TEXT NOT NULL,                -- hexadecimal; the file is MEDIA_DIR/SHA256
    credit          TEXT NOT NULL DEFAULT '',
    licence         TEXT NOT NULL DEFAULT '',
    attached        INTEGER NOT NULL DEFAULT 0,   -- 1: travels in the mail itself
    thumbnail       @BLOB@                        -- JPEG of at most 40 kB; NULL for documents
) @TABLE@;
CREATE INDEX medium_announcement ON medium (announcement_id);

CREATE TABLE medium_text (
    medium_id @INT64@ NOT NULL REFERENCES medium (id) ON DELETE CASCADE,
    language  TEXT NOT NULL,
    caption   TEXT NOT NULL DEFAULT '',
    alt       TEXT NOT NULL,
    PRIMARY KEY (medium_id, language)
) @KEYED@;

CREATE TABLE series (
    id         @ID@,
    slug       TEXT NOT NULL UNIQUE,
    title      TEXT NOT NULL,
    list_id    @INT64@ NOT NULL REFERENCES list (id),
    created_at @INT64@ NOT NULL
) @TABLE@;

CREATE TABLE meeting (
    id              @ID@,
    series_id       @INT64@ REFERENCES series (id),
    announcement_id @INT64@ UNIQUE REFERENCES announcement (id) ON DELETE CASCADE,
    uid             TEXT NOT NULL UNIQUE,         -- iCalendar UID, never changes
    sequence        INTEGER NOT NULL DEFAULT 0,
    starts_at       @INT64@ NOT NULL,
    ends_at         @INT64@ NOT NULL,
    place           TEXT NOT NULL,
    topic           TEXT NOT NULL,
    registration    TEXT NOT NULL DEFAULT ''
) @TABLE@;

-- ---- deliveries ------------------------------------------------------------------------------------------------------

-- One row per announcement and subscriber; numbers of `state` in model/delivery.h. `at` means: pending: when the row was
-- made; leased: when the lease ends; deferred: when to try again; otherwise: when it came to its end.
CREATE TABLE delivery (
    announcement_id @INT64@ NOT NULL REFERENCES announcement (id),
    subscriber_id   @INT64@ NOT NULL,
    state           INTEGER NOT NULL,
    attempts        INTEGER NOT NULL,
    at              @INT64@ NOT NULL,
    begun           INTEGER NOT NULL DEFAULT 0, -- 1: leased, and its body may have left us; a crash now makes it uncertain
    PRIMARY KEY (announcement_id, subscriber_id)
) @KEYED@;
CREATE INDEX delivery_leased ON delivery (at) WHERE state = 1;
CREATE INDEX delivery_deferred ON delivery (announcement_id, at) WHERE state = 2;

-- What is asked before a delivery is leased: who the person is (known_id is NULL when they were erased), the most specific
-- list that still brings them (NULL: they have left all), and whether the address is suppressed.
CREATE VIEW candidate AS
SELECT delivery.announcement_id AS announcement_id, delivery.subscriber_id AS subscriber_id,
       delivery.state AS state, delivery.attempts AS attempts, delivery.at AS at,
       subscriber.id AS known_id, subscriber.address AS address, subscriber.name AS name,
       subscriber.language AS language, subscriber.format AS format,
       (SELECT announcement_list.list_id
            FROM announcement_list
                JOIN subscription ON subscription.list_id = announcement_list.list_id
                    AND subscription.subscriber_id = delivery.subscriber_id AND subscription.state = 'active'
            WHERE announcement_list.announcement_id = delivery.announcement_id
            ORDER BY announcement_list.position LIMIT 1) AS list_id,
       (SELECT count(*) FROM suppression WHERE suppression.address_hash = subscriber.address_hash) AS suppressed
    FROM delivery LEFT JOIN subscriber ON subscriber.id = delivery.subscriber_id;

-- How many deliveries of an announcement are in which state; kept in step with `delivery` in the same transaction.
CREATE TABLE delivery_count (
    announcement_id @INT64@ NOT NULL REFERENCES announcement (id),
    state           INTEGER NOT NULL,
    n               @INT64@ NOT NULL,
    PRIMARY KEY (announcement_id, state)
) @KEYED@;

-- Single mails: confirmations, receipts, alerts. Same states, leases and verdicts as deliveries.
CREATE TABLE outbox (
    id            @ID@,
    template      TEXT NOT NULL,                  -- templates/mail/NAME
    language      TEXT NOT NULL,
    subscriber_id @INT64@,
    list_id       @INT64@ REFERENCES list (id),
    address       TEXT NOT NULL,
    name          TEXT NOT NULL DEFAULT '',
    data          TEXT NOT NULL,                  -- JSON for the template
    priority      INTEGER NOT NULL,               -- smaller goes first
    state         INTEGER NOT NULL,
    attempts      INTEGER NOT NULL,
    at            @INT64@ NOT NULL,
    begun         INTEGER NOT NULL DEFAULT 0,
    created_at    @INT64@ NOT NULL
) @TABLE@;
CREATE INDEX outbox_open ON outbox (priority, at) WHERE state IN (0, 1, 2);

-- What did not go smoothly, and what came back: refusals, lost lines, bounces, withdrawals. A mail that is accepted at
-- the first try leaves no row here; its delivery row says all there is to say.
CREATE TABLE delivery_event (
    id              @ID@,
    announcement_id @INT64@,
    subscriber_id   @INT64@,
    outbox_id       @INT64@,
    at              @INT64@ NOT NULL,
    kind            TEXT NOT NULL,                -- model/delivery.h
    relay           TEXT NOT NULL DEFAULT '',
    phase           TEXT NOT NULL DEFAULT '',
    reply           INTEGER NOT NULL DEFAULT 0,
    enhanced        TEXT NOT NULL DEFAULT '',
    detail          TEXT NOT NULL DEFAULT ''
) @TABLE@;
CREATE INDEX delivery_event_delivery ON delivery_event (announcement_id, subscriber_id);

-- ---- what comes back ---------------------------------------------------------------------------------------------------

CREATE TABLE inbox_cursor (
    mailbox     TEXT PRIMARY KEY,
    uidvalidity @INT64@ NOT NULL,
    uid         @INT64@ NOT NULL                  -- everything up to here has been read
) @TABLE@;

CREATE TABLE inbox_message (
    id              @ID@,
    mailbox         TEXT NOT NULL,
    uidvalidity     @INT64@ NOT NULL,
    uid             @INT64@ NOT NULL,
    content_hash    @BLOB@ NOT NULL,
    read_at         @INT64@ NOT NULL,
    class           TEXT NOT NULL,                -- model/finding.h
    announcement_id @INT64@,
    subscriber_id   @INT64@,
    recipients      TEXT NOT NULL DEFAULT '',
    status          TEXT NOT NULL DEFAULT '',     -- "5.1.1"
    evidence        TEXT NOT NULL DEFAULT '',
    consequence     TEXT NOT NULL DEFAULT '',     -- what was done about it
    folder          TEXT NOT NULL,                -- where it belongs on the server
    moved_at        @INT64@,                      -- NULL: not moved yet
    UNIQUE (mailbox, uidvalidity, uid)
) @TABLE@;
CREATE INDEX inbox_message_content ON inbox_message (content_hash);
CREATE INDEX inbox_message_unmoved ON inbox_message (mailbox, uid) WHERE moved_at IS NULL;

-- ---- who works here ----------------------------------------------------------------------------------------------------

CREATE TABLE staff (
    id          @ID@,
    address_key TEXT NOT NULL UNIQUE,
    address     TEXT NOT NULL,
    name        TEXT NOT NULL,
    created_at  @INT64@ NOT NULL,
    disabled_at @INT64@
) @TABLE@;

-- What people and roles did; rows are only ever added.
CREATE TABLE audit (
    id      @ID@,
    at      @INT64@ NOT NULL,
    actor   TEXT NOT NULL,
    action  TEXT NOT NULL,                        -- "announcement.queue"
    subject TEXT NOT NULL,                        -- "announcement 4"
    detail  TEXT NOT NULL DEFAULT ''
) @TABLE@;

-- ---- how the daemon is ---------------------------------------------------------------------------------------------------

CREATE TABLE role (
    name       TEXT PRIMARY KEY,
    pid        @INT64@ NOT NULL,
    started_at @INT64@ NOT NULL,
    beat_at    @INT64@ NOT NULL,
    summary    TEXT NOT NULL                      -- what it is doing, in words
) @TABLE@;

-- What is wrong right now, each in a sentence that says what to do. A row goes when the trouble is over.
CREATE TABLE trouble (
    subject TEXT PRIMARY KEY,                     -- "relay main", "mailbox bounces"
    role    TEXT NOT NULL,
    since   @INT64@ NOT NULL,
    text    TEXT NOT NULL
) @TABLE@;

-- ---- rows that are only ever added ---------------------------------------------------------------------------------------

-- @sqlite
CREATE TRIGGER consent_record_kept BEFORE UPDATE ON consent_record BEGIN SELECT RAISE(ABORT, 'consent records are never changed'); END;
CREATE TRIGGER consent_record_stays BEFORE DELETE ON consent_record BEGIN SELECT RAISE(ABORT, 'consent records are never deleted'); END;
CREATE TRIGGER audit_kept BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;
-- @pgsql
CREATE FUNCTION rows_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME; END $$;
CREATE TRIGGER consent_record_kept BEFORE UPDATE OR DELETE ON consent_record FOR EACH ROW EXECUTE FUNCTION rows_are_kept();
CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION rows_are_kept();
