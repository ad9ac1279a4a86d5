#!/bin/bash
# The daemon as a whole: it starts, says what it does, survives a killed role and a broken settings file, drains, and
# leaves no process behind.
. "$(dirname "$0")/../tap.sh"
plan 24
"$root/tests/write-config" --sink 1 "$work" > "$work/good.conf"
cp "$work/good.conf" "$work/rundbrief.conf"

start() { # rundbrief run in the background
    "$RUNDBRIEF" run --config "$work/rundbrief.conf" >> "$work/daemon.log" 2>&1 &
    daemon=$!
    at_exit "kill -TERM $daemon 2>/dev/null; wait $daemon 2>/dev/null"
}
pid_of() { # role: its process number, 0 when it does not run
    rundbrief status --json 2>/dev/null | json "next((r['pid'] for r in data['roles'] if r['role'] == '$1' and r['running']), 0)"
}
runs() { [ "$(pid_of "$1")" -gt 0 ]; }
both_run() { runs send && runs inbox; }
runs_anew() { local pid; pid=$(pid_of send) && [ "$pid" -gt 0 ] && [ "$pid" != "$send" ]; }
troubles() { rundbrief status --json | json "'\\n'.join(t['text'] for t in data['troubles'] if t['subject'] == 'settings of send')"; }
has_trouble() { [ -n "$(troubles)" ]; }
has_no_trouble() { [ -z "$(troubles)" ]; }

# ---- before anything is there
rundbrief status > "$work/out" 2>&1
is "status without a database ends with 3" $? 3
ok "init creates keys and database" rundbrief init
is "init again creates nothing" "$(rundbrief init | grep -c Created)" 0
rundbrief status > "$work/out"
is "status ends with 1 when nothing runs" $? 1
ok "and says so" grep -q 'The role send has never run' "$work/out"
is "status --json is JSON all the same" "$(rundbrief status --json | json 'data["good"]')" False

# ---- at work
start
ok "both roles run" await 20 both_run
ok "all is well" rundbrief status
ok "the roles say what they do" rundbrief status --json
send=$(pid_of send) inbox=$(pid_of inbox)
"$RUNDBRIEF" role send --config "$work/rundbrief.conf" > "$work/second.log" 2>&1
is "a second sender does not start" $? 3
ok "and says why" grep -q 'another sender works on' "$work/second.log"

# ---- a role is killed
kill -KILL "$send"
ok "a killed role is started again" await 20 runs_anew
is "the other one is left alone" "$(pid_of inbox)" "$inbox"
ok "the log tells it" grep -q 'role_process_died name=send' "$work/daemon.log"

# ---- broken settings
sed 's/port = 1;/port = 0;/; s/^site = {/&\n  colour = 5;/' "$work/good.conf" > "$work/rundbrief.conf.new"
send=$(pid_of send)
kept=$work/kept.conf
cp "$work/good.conf" "$kept"
rundbrief() { "$RUNDBRIEF" "$@" --config "$kept"; } # the status needs a good file itself
mv "$work/rundbrief.conf.new" "$work/rundbrief.conf"
kill -HUP "$daemon"
ok "broken settings are reported" await 20 has_trouble
is "every mistake of them" "$(troubles | grep -c "rundbrief.conf:[0-9]*: ")" 2
is "the roles go on with the old ones" "$(pid_of send) $(pid_of inbox)" "$send $inbox"
cp "$work/good.conf" "$work/rundbrief.conf"
kill -HUP "$daemon"
ok "good ones are taken" await 20 has_no_trouble

# ---- the end
kill -TERM "$daemon"
wait "$daemon"
is "SIGTERM drains and ends with 0" $? 0
ok "no role is left" sh -c "! kill -0 $send 2>/dev/null && ! kill -0 $inbox 2>/dev/null"
ok "the status knows that they were stopped" grep -q 'The role send was stopped' <(rundbrief status)
start
await 20 both_run
send=$(pid_of send) inbox=$(pid_of inbox)
kill -KILL "$daemon"
ok "no role outlives a killed supervisor" await 20 sh -c "! kill -0 $send 2>/dev/null && ! kill -0 $inbox 2>/dev/null"

echo 'nonsense = 5;' >> "$work/rundbrief.conf"
"$RUNDBRIEF" run --config "$work/rundbrief.conf" > "$work/out" 2>&1
is "with broken settings it does not start" $? 2
ok "and says why" grep -q 'there is no group nonsense' "$work/out"
