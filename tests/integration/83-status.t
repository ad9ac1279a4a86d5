#!/bin/bash
# The status of a daemon that does not run tells the truth about it, whatever it left behind.
. "$(dirname "$0")/../tap.sh"
plan 15
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
