#!/bin/bash
# kill -9 of the send role at any moment of a send: nobody is left out, and whoever got a mail twice or not at all is among
# those whom the status shows as uncertain. KILLS says how often (6 unless told), PEOPLE how many they are, CONNECTIONS
# over how many lines.
. "$(dirname "$0")/../tap.sh"
kills=${KILLS:-6} people=${PEOPLE:-2000} connections=${CONNECTIONS:-4}
command -v sqlite3 > /dev/null || skip_all "needs sqlite3 to look into the database"
plan 11

prepare() { # rule
    rm -rf "${work:?}"/*
    CONNECTIONS=$connections start_sink "$work/sink.log" -d $((2 + kills / 2))
    [ "$1" = again ] || echo "uncertain = { press_release = \"$1\"; };" >> "$work/rundbrief.conf" # again is the default
    queue_release "$people"
}
start_role() {
    "$RUNDBRIEF" role send --config "$work/rundbrief.conf" >> "$work/role.log" 2>&1 &
    role=$!
    at_exit "kill -KILL $role 2>/dev/null"
}
kill_often() {
    killed=0
    while [ "$killed" -lt "$kills" ] && ! is_sent; do
        start_role
        sleep "0.$((RANDOM % 25 + 10))"
        kill -KILL "$role"
        wait "$role" 2> /dev/null
        killed=$((killed + 1))
    done
    start_role
}
events() { # kind: how many of them there are
    sqlite3 "$work/rundbrief.db" "SELECT count(*) FROM delivery_event WHERE kind = '$1'"
}
# Whoever did not get exactly one mail and has no event "uncertain".
unexplained() {
    cut -f 3 "$work/sink.log" | sort | uniq -c | awk '$1 == 1 { print $2 }' > "$work/once"
    sqlite3 "$work/rundbrief.db" "SELECT address FROM subscriber WHERE id IN
        (SELECT subscriber_id FROM delivery_event WHERE kind = 'uncertain')" > "$work/shown"
    seq -f 'p%g@example.org' "$people" | grep -vxFf "$work/once" | grep -vxFf "$work/shown"
}
summary() {
    lines=$(wc -l < "$work/sink.log")
    distinct=$(cut -f 3 "$work/sink.log" | sort -u | wc -l)
    uncertain=$(events uncertain)
    echo "# $killed kills: $uncertain uncertain, $((people - distinct)) without a mail, $((lines - distinct)) repeated"
}
# ---- hold: staff decide
prepare hold
kill_often
ok "hold: the send comes to its end" await 60 is_sent
summary
ok "the sender was killed" test "$killed" -gt 2
is "who got none or two is shown as uncertain" "$(unexplained)" ""
ok "repeated mails are at most the uncertain ones" test $((lines - distinct)) -le "$uncertain"
ok "at most as many are uncertain as connections were cut" test "$uncertain" -le $((killed * connections))
is "the status counts them" "$(rundbrief announce status 1 --json | json 'data["deliveries"].get("uncertain", 0)')" "$uncertain"
kill -TERM "$role"
wait "$role"

# ---- again: everybody gets it
prepare again
kill_often
ok "again: the send comes to its end" await 60 is_sent
summary
is "everybody got it" "$distinct" "$people"
ok "repeated mails are at most the uncertain ones" test $((lines - distinct)) -le "$uncertain"
is "nobody got two without being shown" "$(unexplained)" ""
is "the status counts the uncertain tries" "$(rundbrief announce status 1 --json | json 'data["uncertain_tries"]')" "$uncertain"
kill -TERM "$role"
wait "$role"
exit 0
