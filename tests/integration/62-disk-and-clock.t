#!/bin/bash
# The machine fails while a send runs: the disk is full, the disk cannot be written, the clock jumps by an hour either way.
# Nobody is left out, nobody gets two, and the sender goes on by itself. PEOPLE says to how many (1000 unless told).
. "$(dirname "$0")/../tap.sh"
people=${PEOPLE:-1000} connections=${CONNECTIONS:-4}
disk=$work/disk
mkdir "$disk"
mount -t tmpfs -o "size=$((8 + people / 1000))m" tmpfs "$disk" 2> /dev/null || skip_all "needs root and a mount of its own"
at_exit "umount -l '$disk'"
faketime=$(echo /usr/lib/*/faketime/libfaketime.so.1)
[ -e "$faketime" ] || skip_all "faketime is not installed"
case $BUILD in # AddressSanitizer does not bear a library that was loaded before it
    *asan*) jumps=() ;;
    *) jumps=(+3600 +0 -3600) ;;
esac
plan $((${#jumps[@]} > 0 ? 17 : 13))

prepare() { # name of the case
    rm -rf "$disk"/* "$work/keys"
    start_sink "$work/$1.log" -d $((4000 * connections / people + 1)) # about four seconds
    sed -i "s|^store = .*|store = { path = \"$disk/rundbrief.db\"; };|" "$work/rundbrief.conf"
    queue_release "$people"
}
start_role() { # environment...
    env "$@" "$RUNDBRIEF" role send --config "$work/rundbrief.conf" >> "$work/role.log" 2>&1 &
    role=$!
    at_exit "kill -KILL $role 2>/dev/null"
}
stop() { # the role, and the sink
    kill -TERM "$role"
    wait "$role"
    kill "$sink"
    wait "$sink" 2> /dev/null
}
count() { wc -l < "$work/$case.log"; }
has() { [ "$(count)" -ge "$1" ]; }
check_books() {
    is "$case: everybody got it once" "$(cut -f 3 "$work/$case.log" | sort | uniq -c | awk '$1 == 1' | wc -l) of $(count)" "$people of $people"
    is "$case: the books say so" "$(rundbrief announce status 1 --json | json 'data["deliveries"]["sent"]')" "$people"
}

# ---- a full disk
case=full-disk
prepare $case
start_role
await 20 has $((people / 10))
dd if=/dev/zero of="$disk/filler" bs=4k 2> /dev/null
sleep 1
before=$(count)
sleep 1.5
is "$case: nothing is sent that cannot be written down" "$(count)" "$before"
ok "$case: the sender lives" kill -0 "$role"
ok "$case: and says why it waits" grep -q "full" "$work/role.log"
rundbrief status > "$work/status"
is "$case: the status says so at once" "$? $(grep -c "^- Nothing can be written: .*the disk is full" "$work/status")" "1 1"
rm "$disk/filler"
ok "$case: it goes on when there is room" await 60 is_sent
check_books
stop

# ---- a disk that nobody may write
case=read-only
prepare $case
start_role
await 20 has $((people / 10))
stop
had=$(count)
"$BUILD/tests/fake/sink" -p "$(tr -dc 0-9 < "$work/sink.port")" -o "$work/more.log" > /dev/null &
sink=$!
mount -o remount,ro "$disk"
start_role
sleep 1.5
ok "$case: nothing is sent" test ! -s "$work/more.log"
ok "$case: the sender says so" grep -q "the disk is not read-only" "$work/role.log"
mount -o remount,rw "$disk"
kill -0 "$role" 2> /dev/null || start_role
ok "$case: it goes on" await 60 is_sent
cat "$work/more.log" >> "$work/$case.log"
ok "$case: some had got it before" test "$had" -gt 0
check_books
stop

# ---- a clock that jumps
[ ${#jumps[@]} -gt 0 ] || exit 0
case=clock
prepare $case
rundbrief announce add "$root/tests/demo/press-release.md" > /dev/null
rundbrief announce queue 2 --at "$(TZ=Europe/Berlin date -d '+150 minutes' '+%Y-%m-%d %H:%M')" > /dev/null
echo "+0" > "$work/time"
start_role LD_PRELOAD="$faketime" FAKETIME_TIMESTAMP_FILE="$work/time" FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1
for jump in "${jumps[@]}"; do
    await 10 has $(($(count) + people / 10))
    echo "$jump" > "$work/time"
done
ok "$case: the send comes to its end" await 60 is_sent
check_books
is "$case: what is due later is not sent early" "$(rundbrief announce status 2 --json | json 'data["state"]')" scheduled
stop
