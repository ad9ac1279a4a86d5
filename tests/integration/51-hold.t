#!/bin/bash
# A send starts held: a countdown, a first copy for the office, one command to stop it and one to let it go.
. "$(dirname "$0")/../tap.sh"
plan 18

"$BUILD/tests/fake/sink" -o "$work/sink.log" -d 5 > "$work/sink.port" &
sink=$!
at_exit "kill $sink 2>/dev/null; wait $sink 2>/dev/null"
await 10 test -s "$work/sink.port"
"$root/tests/write-config" --sink "$(tr -dc 0-9 < "$work/sink.port")" "$work" > "$work/rundbrief.conf"
rundbrief init > /dev/null
rundbrief list add presse --title "Presse" --office pressestelle@kreis.example > /dev/null
is "two minutes unless said otherwise" "$(rundbrief list show presse --json | json 'data["hold_seconds"], data["office_address"]')" \
    "(120, 'pressestelle@kreis.example')"
rundbrief subscriber add ann@example.org --list presse --ground Test > /dev/null
rundbrief subscriber add bob@example.org --list presse --ground Test > /dev/null
start_daemon
add() { rundbrief announce add "$root/tests/demo/press-release.md" > /dev/null; }
status() { rundbrief announce status "$1" --json | json "$2"; }
is_held() { [ "$(status "$1" 'data["held_until"] is not None')" = True ]; }
is_sent() { [ "$(status "$1" 'data["state"]')" = sent ]; }
copies() { cut -f 3 "$work/sink.log" | grep -cx "$1"; }
has_copies() { [ "$(copies "$1")" = "$2" ]; }

add
ok "queueing tells how to stop it" sh -c "'$RUNDBRIEF' announce queue 1 --now --config '$work/rundbrief.conf' | grep -q 'held for 2 min 0 s .*announce pause 1.*announce go 1'"
ok "it is held" await 10 is_held 1
ok "the countdown shows" sh -c "'$RUNDBRIEF' announce status 1 --config '$work/rundbrief.conf' | grep -q 'held for another [12] min'"
ok "among others, too" sh -c "'$RUNDBRIEF' announce list --config '$work/rundbrief.conf' | grep -q '[12] min'"
ok "and in the status" sh -c "'$RUNDBRIEF' status --config '$work/rundbrief.conf' | grep -q '[12] min'"
ok "the office gets its copy" await 10 has_copies pressestelle@kreis.example 1
is "and nobody else" "$(wc -l < "$work/sink.log")" 1
is "it is stopped" "$(rundbrief announce pause 1)" "Announcement 1 is paused; it had not begun to go out."
ok "whoever queues it again is told how it goes on" \
    grep -q "announce resume' lets a paused one go on" <(rundbrief announce queue 1 --now 2>&1)
ok "it cannot be let go then" sh -c "! '$RUNDBRIEF' announce go 1 --config '$work/rundbrief.conf'"
is "it waits again, and for its whole hold" "$(rundbrief announce resume 1 | cut -d ";" -f 1)" "Announcement 1 is scheduled again"
is "held anew" "$(status 1 'data["state"], data["held_until"] is not None')" "('scheduled', True)"
ok "it is let go" rundbrief announce go 1
ok "and is sent" await 20 is_sent 1
is "to everybody, the office once" "$(copies ann@example.org) $(copies bob@example.org) $(copies pressestelle@kreis.example)" "1 1 1"

add
rundbrief announce queue 2 --now --urgent > /dev/null
ok "an urgent one is not held" await 20 is_sent 2
is "the office gets a copy of it all the same" "$(await 10 has_copies pressestelle@kreis.example 2; copies pressestelle@kreis.example)" 2
