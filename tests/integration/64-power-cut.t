#!/bin/bash
# The power is cut at any moment of a send, and the disk has only what was synced, and some of the rest: the database is
# whole, what was written down a second before is there, nobody is left out, and whoever got two got the first one within
# that second. KILLS says how often (3 unless told), PEOPLE how many they are, CONNECTIONS over how many lines.
. "$(dirname "$0")/../tap.sh"
cuts=${KILLS:-3} people=${PEOPLE:-1500} connections=${CONNECTIONS:-4}
command -v sqlite3 > /dev/null || skip_all "needs sqlite3 to look into the database"

# So slow that the send outlasts the cuts: each leaves about three quarters of a second of work.
CONNECTIONS=$connections start_sink "$work/sink.log" -d $((connections * 1000 * (cuts * 3 / 4 + 2) / people))
queue_release "$people"
use_careless_disk
plan 7
start_role() {
    "$RUNDBRIEF" role send --config "$work/rundbrief.conf" >> "$work/role.log" 2>&1 &
    role=$!
    at_exit "kill -KILL $role 2>/dev/null"
}
look() { LD_PRELOAD='' sqlite3 "$work/left/rundbrief.db" "$1"; }
damages() { look "PRAGMA integrity_check; PRAGMA foreign_key_check" | grep -v '^ok$'; }
# Mails that were written down as sent a second before the cut or earlier, and are not any more.
forgotten() {
    look "ATTACH '$work/written/rundbrief.db' AS written;
        SELECT address FROM written.delivery AS had JOIN subscriber ON subscriber.id = had.subscriber_id
            WHERE had.state = 3 AND had.at <= $cut_at - 1000000 AND NOT EXISTS (SELECT 1 FROM delivery
                WHERE delivery.announcement_id = had.announcement_id AND delivery.subscriber_id = had.subscriber_id
                    AND delivery.state = 3)"
}
undone() {
    echo "$(LD_PRELOAD='' sqlite3 "$work/written/rundbrief.db" "SELECT count(*) FROM delivery WHERE state = 3")" \
        "$(look "SELECT count(*) FROM delivery WHERE state = 3")" | awk '{ print $1 - $2 }'
}
has_sent_more() { [ "$(wc -l < "$work/sink.log")" -gt "$had" ]; }
times=0
while [ "$times" -lt "$cuts" ] && ! is_sent; do
    had=$(wc -l < "$work/sink.log")
    start_role
    await 20 has_sent_more
    sleep "$((RANDOM % 2)).$((RANDOM % 40 + 50))"
    cut_power "$role"
    echo "$cut_at" >> "$work/cuts"
    damages >> "$work/damages"
    forgotten >> "$work/forgotten"
    echo "# cut $((times += 1)): $(undone) mails undone"
done
start_role
ok "the send comes to its end" await 60 is_sent
is "the power was cut" "$times" "$cuts"
is "the database is whole after each cut" "$(cat "$work/damages")" ""
is "what was written down a second before is there" "$(cat "$work/forgotten")" ""
is "everybody got it" "$(cut -f 3 "$work/sink.log" | sort -u | wc -l)" "$people"
sqlite3 "$work/rundbrief.db" "SELECT address FROM subscriber WHERE id IN
    (SELECT subscriber_id FROM delivery_event WHERE kind = 'uncertain')" > "$work/shown"
# A quarter of a second either way is for what is still on the line, and for the turn that writes the reply down.
python3 - "$work" > "$work/unexplained" <<'P'
import collections, pathlib, sys
work = pathlib.Path(sys.argv[1])
cuts = [int(line) for line in (work / "cuts").read_text().split()]
shown, got = set((work / "shown").read_text().split()), collections.defaultdict(list)
for line in open(work / "sink.log"):
    at, _, person, message, _ = line.split("\t")
    got[person].append((int(at), message))
repeated = {person: mails for person, mails in got.items() if len(mails) > 1}
print(f"# {len(cuts)} cuts, {len(repeated)} of {len(got)} got it more than once, {len(shown)} are uncertain", file=sys.stderr)
for person, mails in repeated.items():
    if len({message for _, message in mails}) > 1:
        print(person, "got different Message-IDs")
    for at, _ in mails[:-1]:
        if person not in shown and not any(-250000 <= cut - at <= 1250000 for cut in cuts):
            print(person, "got a mail", min(abs(cut - at) for cut in cuts) / 1e6, "s from a cut")
P
is "whoever got two got the first one in the second before a cut, or is shown as uncertain" "$(cat "$work/unexplained")" ""
ok "what was repeated has one Message-ID" test "$(cut -f 3,4 "$work/sink.log" | sort -u | wc -l)" = "$people"
kill -TERM "$role"
wait "$role"
exit 0
