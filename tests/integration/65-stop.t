#!/bin/bash
# Pausing and cancelling a send at full speed take effect within a second, a held one stays where it is, and no count is mislaid.
. "$(dirname "$0")/../tap.sh"
people=20000
plan 27

CONNECTIONS=16 start_sink "$work/sink.log"
: > "$work/sink.log"
queue_release "$people"
start_daemon

now_us() { date +%s%6N; }
mails() { wc -l < "$work/sink.log"; }
has_mails() { [ "$(mails)" -ge "$1" ]; }
await_mails() { # so closely that the send is still under way then
    local limit=$((SECONDS + 60))
    until has_mails "$1"; do [ "$SECONDS" -lt "$limit" ] || return 1; sleep 0.02; done
}
query() { sqlite3 "file:$work/rundbrief.db?mode=ro" "$1"; }
count() { query "SELECT coalesce(sum(n), 0) FROM delivery_count WHERE announcement_id = ${2:-1} AND state IN ($1)"; }
# In one look, whatever is being written: each count is the number of its rows.
mislaid() {
    query "SELECT count(*) FROM (SELECT announcement_id, state, n FROM delivery_count WHERE n <> 0 EXCEPT
                                 SELECT announcement_id, state, count(*) FROM delivery GROUP BY announcement_id, state)"
}
state_of() { query "SELECT state FROM announcement WHERE id = $1"; }
has_state() { [ "$(state_of "$1")" = "$2" ]; }
# Runs a command of staff, and looks for two seconds from then on: how long after it the last mail came, in milliseconds.
last_mail_after() {
    local done_at last_at
    rundbrief announce "$@" > "$work/out" || return 1
    done_at=$(now_us)
    sleep 2
    last_at=$(tail -n 1 "$work/sink.log" | cut -f 1)
    took=$(((last_at - done_at) / 1000))
    echo "# after $1 the last mail came at $took ms, mail $(mails)"
}

ok "it is under way" await_mails 500
last_mail_after pause 1
ok "paused: nothing comes a second later" test "$took" -lt 1000
ok "it was under way" test "$(mails)" -lt "$people"
is "nothing is on its way" "$(count 1)" 0
is "what came is what was sent" "$(count 3)" "$(mails)"
is "no count is mislaid" "$(mislaid)" 0
before=$(mails)
ok "it goes on, stops, goes on, stops" sh -c "
    for step in resume pause resume pause; do '$RUNDBRIEF' announce \$step 1 --config '$work/rundbrief.conf' || exit; done"
sleep 1
again=$(mails)
sleep 1
is "and stands" "$(mails)" "$again"
ok "it had gone on" test "$again" -gt "$before" -a "$again" -lt "$people"
is "no count is mislaid" "$(mislaid)" 0
rundbrief announce resume 1 > /dev/null
ok "resumed it goes to its end" await 60 has_state 1 sent
is "all were sent" "$(count 3) $(mails)" "$people $people"
is "nobody got two" "$(cut -f 3 "$work/sink.log" | sort | uniq -d | wc -l)" 0

rundbrief announce add "$root/tests/demo/press-release.md" > /dev/null
rundbrief announce queue 2 --now > /dev/null
await_mails $((people + 500))
last_mail_after cancel 2
ok "cancelled: nothing comes a second later" test "$took" -lt 1000
ok "it was under way" test "$(mails)" -lt $((2 * people))
is_over() { [ "$(count 0,1,2 2)" = 0 ]; }
ok "the rest is withdrawn" await 30 is_over
is "sent and withdrawn are all that were made" "$(count 3,6 2)" "$(query 'SELECT count(*) FROM delivery WHERE announcement_id = 2')"
is "what came is what was sent" "$(count 3 2)" "$(($(mails) - people))"
is "no count is mislaid in the end" "$(mislaid)" 0

rundbrief list change presse --hold 6 > /dev/null
rundbrief announce add "$root/tests/demo/press-release.md" > /dev/null
rundbrief announce add "$root/tests/demo/press-release.md" > /dev/null
before=$(mails)
rundbrief announce queue 3 --now > /dev/null
rundbrief announce queue 4 --now > /dev/null
is_held() { [ -n "$(query "SELECT held_until FROM announcement WHERE id = $1")" ]; }
ok "others are held" await 5 is_held 4
ok "one is paused" rundbrief announce pause 3
ok "one is cancelled" rundbrief announce cancel 4
sleep 7
is "neither goes out when its hold would end" "$(mails)" "$before"
is "they are what they were made" "$(state_of 3) $(state_of 4)" "paused cancelled"
is "the cancelled one is finished, with nobody in it" \
    "$(query 'SELECT finished_at IS NOT NULL FROM announcement WHERE id = 4') $(count 0,1,2,3,4,5,6 4)" "1 0"
ok "the paused one is held anew" rundbrief announce resume 3
ok "and cancelled then" sh -c "'$RUNDBRIEF' announce cancel 3 --config '$work/rundbrief.conf' | grep -q ' 0 went out before.* 0 are withdrawn'"
