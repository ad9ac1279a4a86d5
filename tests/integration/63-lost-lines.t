#!/bin/bash
# A relay that drops the line at each point of the protocol in turn: everybody gets the mail, and only where the line was lost
# after the final dot may somebody get it twice, counted as uncertain. PEOPLE says to how many (100 unless told).
. "$(dirname "$0")/../tap.sh"
people=${PEOPLE:-100}
command -v sqlite3 > /dev/null || skip_all "needs sqlite3 to look into the database"
points=(connect mail rcpt data dot taken)
plan $((${#points[@]} * 5 + 1))

rules() { # point: rules of the sink that drop the line there: once, or once for each tenth recipient or so
    case $1 in
        connect | data) echo "$1 * once drop" ;;
        mail) printf 'mail *%s@news.test once drop\n' a b c ;; # return paths end in 32 different letters
        taken) echo "dot p*0@example.org once take-drop" ;;
        *) echo "$1 p*0@example.org once drop" ;;
    esac
}
prepare() { # point
    local options=() rule
    while read -r rule; do options+=(-r "$rule"); done < <(rules "$1")
    rm -rf "${work:?}"/*
    start_sink "$work/sink.log" "${options[@]}"
    queue_release "$people"
}
status() { rundbrief announce status 1 --json | json "data$1"; }
was_lost() { # point: a connection that could not be made is told, any other loss is an event
    case $1 in
        connect) grep -q 'does not take connections' "$work/role.log" ;;
        taken) [ "$(status '["uncertain_tries"]')" -gt 0 ] ;;
        *) [ "$(sqlite3 "$work/rundbrief.db" "SELECT count(*) FROM delivery_event WHERE kind IN ('released', 'deferred')")" -gt 0 ] ;;
    esac
}
repeated_total=0
for point in "${points[@]}"; do
    prepare "$point"
    "$RUNDBRIEF" role send --config "$work/rundbrief.conf" > "$work/role.log" 2>&1 &
    role=$!
    at_exit "kill -KILL $role 2>/dev/null"
    ok "$point: the send comes to its end" await 90 is_sent
    distinct=$(cut -f 3 "$work/sink.log" | sort -u | wc -l)
    repeated=$(($(wc -l < "$work/sink.log") - distinct))
    repeated_total=$((repeated_total + repeated))
    is "$point: everybody got it" "$distinct" "$people"
    ok "$point: repeated at most what is counted as uncertain" test "$repeated" -le "$(status '["uncertain_tries"]')"
    ok "$point: lines were lost there" was_lost "$point"
    is "$point: all of them are sent" "$(status '["deliveries"]["sent"]')" "$people"
    kill -TERM "$role" "$sink"
    wait
done
ok "mails were repeated where they had to be" test "$repeated_total" -gt 0
