#!/bin/bash
# While 100,000 bulletins are being sent, a confirmation and an urgent notice overtake them: each arrives in under a second.
. "$(dirname "$0")/../tap.sh"
people=${PEOPLE:-100000}
case $BUILD in *asan*) people=${PEOPLE:-20000} ;; esac
plan 6

"$BUILD/tests/fake/sink" -o "$work/sink.log" > "$work/sink.port" &
sink=$!
at_exit "kill $sink 2>/dev/null; wait $sink 2>/dev/null"
await 10 test -s "$work/sink.port"
"$root/tests/write-config" --sink "$(tr -dc 0-9 < "$work/sink.port")" "$work" > "$work/rundbrief.conf"
cd "$work" || exit 1

rundbrief init > /dev/null
rundbrief list add presse --title "Presseinformationen" --rate 0 --hold 0 > /dev/null
rundbrief list add alarm --title "Warnungen" > /dev/null
awk -v people="$people" 'BEGIN { print "email"; for (i = 1; i <= people; i++) printf "person%06d@example.org\n", i }' > people.csv
awk 'BEGIN { print "email"; for (i = 1; i <= 10; i++) printf "alarm%02d@example.org\n", i }' > alarm.csv
rundbrief subscriber import people.csv --list presse --ground Test > /dev/null
rundbrief subscriber import alarm.csv --list alarm --ground Test > /dev/null
rundbrief announce add "$root/tests/demo/press-release.md" > /dev/null
sed '/^lists:/s/presse/alarm/' "$root/tests/demo/press-release.md" > alarm.md
cp "$root/tests/demo/photo.png" .
rundbrief announce add alarm.md > /dev/null
rundbrief announce queue 1 --now > /dev/null
start_daemon || { flunk "the daemon starts" "$(cat daemon.log)"; exit; }
has_sent() { [ "$(wc -l < sink.log)" -ge "$1" ]; }
ok "100,000 bulletins are under way" await 60 has_sent 2000

now_us() { date +%s%6N; }
started=$(now_us)
rundbrief subscriber add neu@example.org --list presse --invite --ground Test > invite.out 2>&1
asked=$(now_us)
has_come() { grep -q "neu@example.org" sink.log; }
ok "a confirmation arrives" await 20 has_come
took_us() { # of the last one to such an address, since
    local at
    at=$(grep -F "$1" sink.log | tail -n 1 | cut -f 1)
    echo $((${at:-9999999999999999} - $2))
}
took=$(took_us neu@example.org "$started")
echo "# the confirmation came $((took / 1000)) ms after the command began, which took $(((asked - started) / 1000)) ms"
ok "in under a second" test "$took" -lt 1000000

started=$(now_us)
rundbrief announce queue 2 --now --urgent > queue.out 2>&1
have_come() { [ "$(grep -c "alarm..@example.org" sink.log)" = 10 ]; }
ok "an urgent notice arrives" await 20 have_come
took=$(took_us "alarm" "$started")
echo "# the last urgent notice came $((took / 1000)) ms after the command began"
ok "in under a second" test "$took" -lt 1000000
ok "and the bulletins are still under way" test "$(grep -c person sink.log)" -lt "$people"
rundbrief announce cancel 1 > /dev/null
