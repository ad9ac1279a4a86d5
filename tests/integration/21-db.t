#!/bin/bash
# rundbrief db: creates, checks and copies the database; a crash at any point of a change leaves it whole.
. "$(dirname "$0")/../tap.sh"

"$root/tests/write-config" --sink 1 "$work" > "$work/rundbrief.conf"
db=$work/rundbrief.db
sql() { # file, statement
    python3 -c 'import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db:
    print("|".join(str(value) for row in db.execute(sys.argv[2]) for value in row))' "$@"
}
exits() { # code, words that must be said, command...
    local code=$1 words=$2 output status=0
    shift 2
    output=$("$@" 2>&1) || status=$?
    echo "exit $status: $output"
    [ "$status" = "$code" ] && grep -qF -- "$words" <<< "$output"
}
killed_while_migrating() { # dies at every point; what is there afterwards is nothing or everything
    local n=0 status=137
    while [ "$status" = 137 ] && [ $((n += 1)) -lt 50 ]; do
        rm -f "$db"*
        status=0
        RUNDBRIEF_TEST_DB_FAULT=kill:$n rundbrief db migrate > /dev/null 2>&1 || status=$?
        case $(sql "$db" "SELECT count(*) FROM sqlite_schema WHERE name IN ('list', 'audit', 'schema_version')") in
            0 | 3) rundbrief db migrate > /dev/null && rundbrief db check > /dev/null || return 1 ;;
            *) echo "killed at point $n: half of the schema is there"; return 1 ;;
        esac
    done
    [ "$status" = 0 ] && [ "$n" -gt 4 ] || { echo "exit $status after $n points"; return 1; }
}
failing_while_migrating() {
    rm -f "$db"*
    exits 3 'the disk is full' env RUNDBRIEF_TEST_DB_FAULT=fail:3:full "$RUNDBRIEF" db migrate --config "$work/rundbrief.conf" &&
        [ "$(sql "$db" 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

plan 15
ok "check says that there is no database" exits 3 'run "rundbrief db migrate"' rundbrief db check
ok "migrate creates it" exits 0 "Applied 0001_initial." rundbrief db migrate
is "only we may read it" "$(stat -c %a "$db")" 640
ok "once more changes nothing" exits 0 "has schema version" rundbrief db migrate
ok "it is whole" exits 0 "$db is whole." rundbrief db check
ok "backup copies it" exits 0 "is a complete copy" rundbrief db backup "$work/copy.db"
ok "backup overwrites nothing" exits 3 "File exists" rundbrief db backup "$work/copy.db"
is "the copy has the schema" "$(sql "$work/copy.db" 'SELECT max(version) > 0 FROM schema_version')" 1
ok "a word too many" exits 2 "say migrate, check or backup FILE" rundbrief db migrate now
ok "no words" exits 2 "say migrate, check or backup FILE" rundbrief db

sql "$db" "INSERT INTO announcement (id, kind, state, language, publisher_office, publisher_person, publisher_address,
    publisher_phone, created_at) VALUES (4, 'notice', 'sent', 'de', '', '', '', '', 0)" > /dev/null
sql "$db" "INSERT INTO delivery (announcement_id, subscriber_id, state, attempts, at) VALUES (4, 1, 3, 1, 0), (4, 2, 3, 1, 0)" > /dev/null
sql "$db" "INSERT INTO delivery_count VALUES (4, 3, 2)" > /dev/null
ok "counts that agree" exits 0 "is whole" rundbrief db check
sql "$db" "UPDATE delivery_count SET n = 5" > /dev/null
ok "counts that do not agree" exits 1 "announcement 4: 2 deliveries are sent, but 5 are noted" rundbrief db check
sql "$db" "INSERT INTO subscription VALUES (99, 99, 'active', 0)" > /dev/null
ok "a row that names none" exits 1 "a row of subscription names a row of" rundbrief db check

ok "killed at any point of a migration" killed_while_migrating
ok "a full disk during a migration" failing_while_migrating
