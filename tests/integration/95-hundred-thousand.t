#!/bin/bash
# A list of 100,000 and an announcement to all of them: everybody gets it, once, and no role grows beyond 64 MiB.
. "$(dirname "$0")/../tap.sh"
people=${PEOPLE:-100000}
case $BUILD in *asan*) people=${PEOPLE:-3000} ;; esac
plan 7

"$BUILD/tests/fake/sink" -o "$work/sink.log" > "$work/sink.port" &
sink=$!
at_exit "kill $sink 2>/dev/null; wait $sink 2>/dev/null"
await 10 test -s "$work/sink.port"
"$root/tests/write-config" --sink "$(tr -dc 0-9 < "$work/sink.port")" "$work" > "$work/rundbrief.conf"

rundbrief init >/dev/null
rundbrief list add presse --title "Presseinformationen" --basis consent --rate 0 --hold 0 >/dev/null
awk -v people="$people" 'BEGIN { print "email,name"; for (i = 1; i <= people; i++) printf "person%06d@example.org,Person %d\n", i, i }' > "$work/people.csv"
started=$SECONDS
ok "$people people are imported" rundbrief subscriber import "$work/people.csv" --list presse --ground "Test"
echo "# import took $((SECONDS - started)) s"
ok "an announcement is queued for them" sh -c "'$RUNDBRIEF' announce add '$root/tests/demo/press-release.md' --config '$work/rundbrief.conf' &&
    '$RUNDBRIEF' announce queue 1 --now --config '$work/rundbrief.conf'"
start_daemon || { flunk "the daemon starts" "$(cat "$work/daemon.log")"; exit; }
started=$SECONDS
is_sent() { [ "$(rundbrief announce list --json | json 'data[0]["state"]')" = sent ]; }
if await 900 is_sent; then pass "it is sent"; else flunk "it is sent" "$(rundbrief announce status 1; tail "$work/daemon.log")"; fi
echo "# sending took $((SECONDS - started)) s"
is "everybody got it" "$(cut -f 3 "$work/sink.log" | sort -u | wc -l)" "$people"
is "nobody got it twice" "$(wc -l < "$work/sink.log")" "$people"

# VmHWM: the most memory each process of the daemon ever held, in kB.
peaks() {
    local pid
    for pid in $daemon $(cat /proc/"$daemon"/task/"$daemon"/children); do
        awk -v pid="$pid" '/^VmHWM/ { print $2 }' "/proc/$pid/status"
    done
}
largest=$(peaks | sort -n | tail -n 1)
echo "# largest process: $largest kB"
case $BUILD in
*asan*) pass "memory is not judged under AddressSanitizer" ;;
*) ok "no role ever held more than 64 MiB" test "$largest" -lt 65536 ;;
esac
ok "the database is whole" rundbrief db check
