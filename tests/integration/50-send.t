#!/bin/bash
# The sender as a process: states, a second try, a refusal, staff's view of it, and an orderly end.
. "$(dirname "$0")/../tap.sh"
plan 16

"$BUILD/tests/fake/sink" -o "$work/sink.log" -d 5 \
    -r 'rcpt nobody@* 550 5.1.1 no such user' -r 'rcpt grey@* once 451 4.7.1 greylisted' \
    -r 'dot lost@* take-drop' > "$work/sink.port" &
sink=$!
at_exit "kill $sink 2>/dev/null; wait $sink 2>/dev/null"
await 10 test -s "$work/sink.port"
CONNECTIONS=2 "$root/tests/write-config" --sink "$(tr -dc 0-9 < "$work/sink.port")" "$work" > "$work/rundbrief.conf"
echo 'uncertain = { press_release = "hold"; };' >> "$work/rundbrief.conf"
echo 'retry = { first_seconds = 1; longest_seconds = 2; };' >> "$work/rundbrief.conf"

rundbrief init > /dev/null
rundbrief list add presse --title "Presseinformationen" --hold 0 --basis consent > /dev/null
{ echo "email"; printf '%s@example.org\n' ann bob grey nobody lost; seq -f 'p%g@example.org' 50; } > "$work/people.csv"
rundbrief subscriber import "$work/people.csv" --list presse --ground "Test" > /dev/null
ok "an announcement is queued" sh -c "'$RUNDBRIEF' announce add '$root/tests/demo/press-release.md' --config '$work/rundbrief.conf' &&
    '$RUNDBRIEF' announce queue 1 --now --config '$work/rundbrief.conf'"

start_role() {
    "$RUNDBRIEF" role send --config "$work/rundbrief.conf" >> "$work/role.log" 2>&1 &
    role=$!
    at_exit "kill -KILL $role 2>/dev/null; wait $role 2>/dev/null"
}
count() { rundbrief announce status 1 --json | json "data['deliveries'].get('$1', 0)"; }
is_sent() { [ "$(rundbrief announce list --json | json 'data[0]["state"]')" = sent ]; }
copies() { cut -f 3 "$work/sink.log" | grep -cx "$1@example.org"; }

start_role
ok "it is sent" await 30 is_sent
is "everybody else's is sent" "$(count sent)" 53
is "who does not exist has failed" "$(count failed)" 1
is "whose line was lost is uncertain" "$(count uncertain)" 1
is "nothing is left open" "$(count pending) $(count leased) $(count deferred)" "0 0 0"
is "who was greylisted got it in the end" "$(copies grey)" 1
is "who is uncertain was not sent another" "$(copies lost)" 1
is "who was refused got none" "$(copies nobody)" 0
is "each mail has its own Message-ID" "$(cut -f 4 "$work/sink.log" | sort -u | wc -l)" "$(wc -l < "$work/sink.log")"
is "and its own return path" "$(cut -f 2 "$work/sink.log" | grep -c '^bounces+d[a-z2-7]*@news.test$')" "$(wc -l < "$work/sink.log")"
ok "staff see why one failed" sh -c "'$RUNDBRIEF' announce status 1 --config '$work/rundbrief.conf' | grep -q 'no such user'"
ok "staff have the uncertain one tried again" rundbrief announce resend 1 --uncertain
got_another() { [ "$(copies lost)" = 2 ]; }
ok "it is" await 20 got_another
ok "nothing can be sent again without saying what" sh -c "! '$RUNDBRIEF' announce resend 1 --config '$work/rundbrief.conf'"
kill -TERM "$role"
wait "$role"
is "it ends in order" $? 0
