-- What the sender needs to be fair, patient and stoppable. Words as in 0001.

-- How a list sends: how long a send is held after its time, whose copy goes first, how fast, through which relay.
ALTER TABLE list ADD COLUMN hold_seconds INTEGER NOT NULL DEFAULT 120;
ALTER TABLE list ADD COLUMN office_address TEXT NOT NULL DEFAULT '';     -- gets the first copy; empty: nobody does
ALTER TABLE list ADD COLUMN rate_per_minute INTEGER NOT NULL DEFAULT 2000; -- 0: no limit
ALTER TABLE list ADD COLUMN weight INTEGER NOT NULL DEFAULT 1;           -- share beside other announcements
ALTER TABLE list ADD COLUMN relay TEXT NOT NULL DEFAULT '';              -- name of the relay to use; empty: any
ALTER TABLE list ADD COLUMN dkim INTEGER NOT NULL DEFAULT 1;             -- 0: the relay signs

ALTER TABLE announcement ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;   -- 1: not held, overtakes others, no quiet hours
ALTER TABLE announcement ADD COLUMN held_until @INT64@;                  -- the countdown's end; NULL: it is not held
ALTER TABLE announcement ADD COLUMN pause_reason TEXT NOT NULL DEFAULT ''; -- why the daemon itself paused it

-- What a soft bounce of a day says against the address (subscribers/bounce_policy.h). Rows of before are full days.
ALTER TABLE soft_bounce ADD COLUMN points INTEGER NOT NULL DEFAULT 10;
ALTER TABLE soft_bounce ADD COLUMN inbox_id @INT64@;                     -- the mail that said so; NULL: the relay did

ALTER TABLE trouble ADD COLUMN until @INT64@; -- what is in trouble is left alone so long; NULL: it is not left alone

-- What was learned about how fast a provider takes mail; it survives a restart.
CREATE TABLE provider_pace (
    provider   TEXT PRIMARY KEY,                  -- model/provider.h
    per_minute INTEGER NOT NULL,
    until      @INT64@ NOT NULL,                  -- from then on faster again
    since      @INT64@ NOT NULL,
    because    TEXT NOT NULL                      -- what it said
) @TABLE@;

-- What staff see of a mail that came back, and what they have decided about it.
ALTER TABLE inbox_message ADD COLUMN sender TEXT NOT NULL DEFAULT '';
ALTER TABLE inbox_message ADD COLUMN subject TEXT NOT NULL DEFAULT '';
ALTER TABLE inbox_message ADD COLUMN rule TEXT NOT NULL DEFAULT '';         -- the words or the code that decided
ALTER TABLE inbox_message ADD COLUMN line INTEGER NOT NULL DEFAULT 0;       -- of the mail, where they stand; 0: no one line
ALTER TABLE inbox_message ADD COLUMN diagnostic TEXT NOT NULL DEFAULT '';   -- what the other server said
ALTER TABLE inbox_message ADD COLUMN waits INTEGER NOT NULL DEFAULT 0;      -- 1: a person must decide
ALTER TABLE inbox_message ADD COLUMN decided_by TEXT NOT NULL DEFAULT '';
ALTER TABLE inbox_message ADD COLUMN decided_at @INT64@;
ALTER TABLE inbox_message ADD COLUMN lies_in TEXT NOT NULL DEFAULT '';      -- the folder it was moved to
ALTER TABLE inbox_message ADD COLUMN warned_at @INT64@;                     -- staff were told that it will be deleted
ALTER TABLE inbox_message ADD COLUMN deleted_at @INT64@;                    -- gone from the server, by age
UPDATE inbox_message SET waits = 1 WHERE class = 'unknown' OR consequence LIKE 'for staff%';
UPDATE inbox_message SET lies_in = folder WHERE moved_at IS NOT NULL;
CREATE INDEX inbox_message_waiting ON inbox_message (id) WHERE waits = 1;
CREATE INDEX inbox_message_filed ON inbox_message (mailbox, lies_in, read_at) WHERE lies_in <> '';
CREATE INDEX inbox_message_misplaced ON inbox_message (mailbox) WHERE lies_in <> '' AND folder <> lies_in;

-- Mails of people on their way to the contact of a list; a row goes when the sender has done with it.
ALTER TABLE list ADD COLUMN contact_address TEXT NOT NULL DEFAULT '';    -- gets what people write; empty: staff do
CREATE TABLE forward (
    outbox_id @INT64@ PRIMARY KEY,
    inbox_id  @INT64@ NOT NULL,
    bytes     @BLOB@ NOT NULL
) @TABLE@;

-- What people answered to invitations; the latest of each.
CREATE TABLE rsvp (
    uid           TEXT NOT NULL,                  -- of the meeting
    attendee_key  TEXT NOT NULL,                  -- folded address
    subscriber_id @INT64@ REFERENCES subscriber (id) ON DELETE CASCADE,
    answer        TEXT NOT NULL,                  -- model/rsvp.h
    sequence      @INT64@ NOT NULL,               -- of the version that was answered
    stamped_at    @INT64@ NOT NULL,               -- when, as their calendar says
    inbox_id      @INT64@ NOT NULL,
    at            @INT64@ NOT NULL,
    PRIMARY KEY (uid, attendee_key)
) @KEYED@;
CREATE INDEX rsvp_subscriber ON rsvp (subscriber_id);

-- Which provider takes the mail of a domain, as DNS said.
CREATE TABLE domain_provider (
    domain    TEXT PRIMARY KEY,
    provider  TEXT NOT NULL,                      -- model/provider.h, or the host that takes it; empty: nobody else does
    looked_at @INT64@ NOT NULL
) @TABLE@;

-- Leases are looked for once, when a sender starts: by the counters and the primary key. An index on them cost two
-- changes of a page for each mail.
DROP INDEX delivery_leased;

-- Which list brings a recipient is asked once per mail: in order of position, and nothing to sort.
CREATE INDEX announcement_list_position ON announcement_list (announcement_id, position);
