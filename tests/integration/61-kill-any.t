#!/bin/bash
# kill -9 of any process of the daemon, the supervisor too, at any moment of a send: everybody gets the mail, and who may have got
# it twice is counted by the status. KILLS says how often (6 unless told), PEOPLE how many they are.
. "$(dirname "$0")/../tap.sh"
kills=${KILLS:-6} people=${PEOPLE:-2000}
plan 5

start_sink "$work/sink.log" -d $((8 + kills / 2))
queue_release "$people"

start() {
    "$RUNDBRIEF" run --config "$work/rundbrief.conf" >> "$work/daemon.log" 2>&1 &
    daemon=$!
}
at_exit 'kill -TERM "$daemon" 2>/dev/null; wait "$daemon" 2>/dev/null'
start
killed=0
while [ "$killed" -lt "$kills" ] && ! is_sent; do
    sleep "0.$((RANDOM % 30 + 15))"
    read -ra processes < "/proc/$daemon/task/$daemon/children"
    processes+=("$daemon")
    victim=${processes[RANDOM % ${#processes[@]}]}
    kill -KILL "$victim"
    killed=$((killed + 1))
    [ "$victim" != "$daemon" ] || { wait "$daemon" 2> /dev/null; start; }
done
ok "processes were killed" test "$killed" -gt 2
ok "the send comes to its end" await 120 is_sent
lines=$(wc -l < "$work/sink.log")
distinct=$(cut -f 3 "$work/sink.log" | sort -u | wc -l)
uncertain=$(rundbrief announce status 1 --json | json 'data["uncertain_tries"]')
echo "# $killed kills: $uncertain uncertain tries, $((people - distinct)) without a mail, $((lines - distinct)) repeated"
is "everybody got the mail" "$distinct" "$people"
ok "repeated mails are at most the uncertain tries that the status shows" test $((lines - distinct)) -le "$uncertain"
ok "the database is whole" rundbrief db check
