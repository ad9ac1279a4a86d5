#!/bin/bash
# Invariant 13: what goes wrong is told in a sentence that says what to do, to the administrator, while it lasts, and no
# subscriber pays for it.
. "$(dirname "$0")/../tap.sh"
plan 9

"$root/tests/write-config" --sink 9 "$work" > "$work/rundbrief.conf"    # port 9: nobody listens there
echo secret > "$work/imap-password"
chmod 600 "$work/imap-password"
cat >> "$work/rundbrief.conf" <<C
mailboxes = ( { name = "bounces"; host = "127.0.0.1"; port = 9; user = "x"; password_file = "$work/imap-password"; } );
C
rundbrief init >/dev/null
rundbrief list add presse --title "Presseinformationen" --hold 0 >/dev/null
rundbrief subscriber add ann@example.org --list presse --ground "Test" >/dev/null
rundbrief announce add "$root/tests/demo/press-release.md" >/dev/null
start_daemon || { flunk "the daemon starts" "$(cat "$work/daemon.log")"; exit; }
rundbrief announce queue 1 --now >/dev/null

told() { rundbrief status | grep -q "$1"; }
ok "invariant_13: a relay that cannot be reached is told" await 20 told 'relay sink'
ok "invariant_13: a mailbox that cannot be reached is told" await 20 told 'mailbox bounces'
rundbrief status > "$work/status"
is "the status ends with 1" $? 1
is "each trouble says since when" "$(rundbrief status --json | json 'all(row["since"] for row in data["troubles"])')" True
all_told() { [ "$(grep -c '\[trouble ' "$work/daemon.log")" = 2 ]; }
ok "the log tells each of them once" await 5 all_told
is "no subscriber pays: the delivery waits" "$(rundbrief announce list --json | json 'data[0]["failed"]')" 0
is "nothing is suppressed" "$(rundbrief status --json | json 'data["suppressed"]')" 0

"$BUILD/tests/fake/sink" -o "$work/sink.log" > "$work/sink.port" &
sink=$!
at_exit "kill $sink 2>/dev/null; wait $sink 2>/dev/null"
await 10 test -s "$work/sink.port"
sed -i "s/port = 9; tls = \"none\"/port = $(tr -dc 0-9 < "$work/sink.port"); tls = \"none\"/" "$work/rundbrief.conf"
kill -HUP "$daemon"
is_over() { ! rundbrief status | grep -q 'relay sink'; }
ok "a trouble that is over is told no more" await 60 is_over
ok "and what waited goes out" await 60 test -s "$work/sink.log"
