#!/bin/bash
# A relay that drops the line at each point of the protocol in turn: everybody gets the mail, and only where the line was lost
# after the final dot may somebody get it twice, counted as uncertain. PEOPLE says to how many (100 unless told).
. "$(dirname "$0")/../tap.sh"
people=${PEOPLE:-100}
points=(connect mail rcpt data dot taken)
plan $((${#points[@]} * 4 + 1))

rules() { # point: rules of the sink that drop the line there, once for each tenth recipient or so
    case $1 in
        connect) echo "connect * once drop" ;;
        mail) printf 'mail *%s@news.test once drop\n' a b c ;; # return paths end in 32 different letters
        taken) echo "dot p*0@example.org once take-drop" ;;
        *) echo "$1 p*0@example.org once drop" ;;
    esac
}
prepare() { # point
    local options=() rule
    while read -r rule; do options+=(-r "$rule"); done < <(rules "$1")
    rm -rf "${work:?}"/*
    "$BUILD/tests/fake/sink" -o "$work/sink.log" "${options[@]}" > "$work/sink.port" &
    sink=$!
    at_exit "kill $sink 2>/dev/null"
    await 10 test -s "$work/sink.port"
    CONNECTIONS=4 "$root/tests/write-config" --sink "$(tr -dc 0-9 < "$work/sink.port")" "$work" > "$work/rundbrief.conf"
    rundbrief init > /dev/null
    rundbrief list add presse --title "Presse" --hold 0 > /dev/null
    sqlite3 "$work/rundbrief.db" "UPDATE list SET hold_seconds = 0"
    { echo email; seq -f 'p%g@example.org' "$people"; } > "$work/people.csv"
    rundbrief subscriber import "$work/people.csv" --list presse --ground "Test" > /dev/null
    rundbrief announce add "$root/tests/demo/press-release.md" > /dev/null
    rundbrief announce queue 1 --now > /dev/null
}
is_sent() { [ "$(rundbrief announce list --json | json 'data[0]["state"]')" = sent ]; }
status() { rundbrief announce status 1 --json | json "data$1"; }
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
    is "$point: all of them are sent" "$(status '["deliveries"]["sent"]')" "$people"
    kill -TERM "$role" "$sink"
    wait
done
ok "mails were repeated where they had to be" test "$repeated_total" -gt 0
