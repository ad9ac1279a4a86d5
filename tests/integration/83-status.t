#!/bin/bash
# The status of a daemon that does not run tells the truth about it, whatever it left behind.
. "$(dirname "$0")/../tap.sh"
plan 22
"$root/tests/write-config" --sink 1 "$work" > "$work/rundbrief.conf"
rundbrief init > /dev/null
change() { # SQL: a database in a state that takes long to come about
    python3 -c 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()' \
        "$work/rundbrief.db" "$1"
}
says() { rundbrief status 2>&1 | grep -q "$1"; }
says_not() { ! says "$1"; }

# ---- a role that cannot start
mv "$work/keys" "$work/keys.away"
rundbrief role send > "$work/log" 2>&1
is "a role without keys does not start" $? 3
ok "the status says why" says 'start of send .*Not started: .*keys'
ok "and not that it never ran" says_not 'The role send has never run'
mv "$work/keys.away" "$work/keys"
"$RUNDBRIEF" role send --config "$work/rundbrief.conf" > "$work/log" 2>&1 &
role=$!
at_exit "kill $role 2>/dev/null; wait $role 2>/dev/null"
runs() { rundbrief status --json | json 'data["roles"][0]["running"]' | grep -q True; }
await 10 runs
ok "when it starts, that is over" says_not 'start of send'

# ---- a full disk
ok "all is well" rundbrief status
touch "$work/full"
RUNDBRIEF_TEST_DB_FAULT="while:$work/full:full" rundbrief status --json > "$work/out"
is "not when nothing can be written" "$? $(json "[t['subject'] for t in data['troubles']]" < "$work/out")" "1 ['database']"

# ---- one that was killed
kill -KILL $role
wait $role 2>/dev/null
ok "a role that was heard just now is taken for running" says_not 'The role send does not run'
change "UPDATE role SET beat_at = beat_at + 3600 * 1000000"
ok "not so when the clock was set back since" says 'The role send does not run'
change "UPDATE role SET beat_at = 1"
ok "nor when that was long ago" says 'or cannot write its database'

# ---- single mails of which nobody knows whether they arrived
change "DELETE FROM trouble"
change "UPDATE role SET beat_at = (SELECT $(date +%s)000000)"
for id in 71 72 73; do
    change "INSERT INTO outbox (id, template, language, address, name, data, priority, state, attempts, at, created_at)
            VALUES ($id, 'confirm', 'de', 'ann$id@example.org', '', '{}', 10, 5, 30, 1525251720000000, 1)"
done
ok "staff are asked about each" says '^- 71: confirm to ann71@example.org (since 2018-05-02 11:02)'
ok "which is not to say that something is broken" says '^All is well, but for what staff must decide'
is "the same for programs" "$(rundbrief status --json | json "[m['id'] for m in data['undecided']]") $(rundbrief mail list --json | json 'len(data)')" \
    "[71, 72, 73] 3"
rundbrief mail settle 71 --sent > /dev/null && rundbrief mail settle 72 --failed > /dev/null && rundbrief mail resend 73 > /dev/null
ok "what they know is noted" says 'Uncertain whether delivered: 0; single mails waiting: 1'
row() { python3 -c 'import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute(sys.argv[2]))' "$work/rundbrief.db" "$1"; }
is "and what is sent again starts over" "$(row "SELECT state, attempts FROM outbox WHERE id > 70")" "(3, 30) (4, 30) (2, 0)"
is "by whom" "$(row "SELECT action, count(*) FROM audit WHERE action LIKE 'mail.%' GROUP BY action")" "('mail.resend', 1) ('mail.settle', 2)"
rundbrief mail settle 71 --failed 2> "$work/err"
is "what is known is not decided twice" "$? $(grep -c 'no single mail 71 is uncertain' "$work/err")" "1 1"
change "UPDATE role SET beat_at = 1"

# ---- what is held back, and until when
change "INSERT INTO provider_pace (provider, per_minute, until, since, because)
        VALUES ('gmx', 5, 1, 1525251720000000, '450 4.7.1 slow down')"
ok "a provider that is slowed, since when and why" \
    says '^- provider gmx: slowed to 5 a minute since 2018-05-02 11:02 .*said "450 4.7.1 slow down"'
change "INSERT INTO trouble (subject, role, since, text, until) VALUES ('relay far', 'send', 1, 'Down', 4102444800000000)"
ok "a relay that is left alone" says '^- relay far: left alone until 2100-01-01 01:00'
echo 'quiet_hours = { start = "00:00"; end = "23:59"; weekends = true; };' >> "$work/rundbrief.conf"
[ "$(TZ=Europe/Berlin date +%H:%M)" != 23:59 ] || sleep 61
ok "quiet hours" says '^- quiet hours: announcements that are not urgent wait until '
is "the same for programs" "$(rundbrief status --json | json "[h['subject'] for h in data['held_back']]")" \
    "['quiet hours', 'provider gmx', 'relay far']"

# ---- a database of a newer program
change "INSERT INTO schema_version SELECT max(version) + 1, 'x', 1 FROM schema_version"
rundbrief status > "$work/out" 2>&1
is "a newer database is refused" $? 3
is "without advice that does not help" "$(grep -c "install the newer rundbrief" "$work/out") $(grep -c init "$work/out")" "1 0"
