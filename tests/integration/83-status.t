#!/bin/bash
# The status of a daemon that does not run tells the truth about it, whatever it left behind.
. "$(dirname "$0")/../tap.sh"
plan 9
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
kill -KILL $role
wait $role 2>/dev/null

# ---- one that was killed
ok "a role that was heard just now is taken for running" says_not 'The role send does not run'
change "UPDATE role SET beat_at = beat_at + 3600 * 1000000"
ok "not so when the clock was set back since" says 'The role send does not run'
change "UPDATE role SET beat_at = 1"
ok "nor when that was long ago" says 'or cannot write its database'

# ---- a database of a newer program
change "INSERT INTO schema_version SELECT max(version) + 1, 'x', 1 FROM schema_version"
rundbrief status > "$work/out" 2>&1
is "a newer database is refused" $? 3
is "without advice that does not help" "$(grep -c "install the newer rundbrief" "$work/out") $(grep -c init "$work/out")" "1 0"
