#!/bin/bash
# A real Courier, which has no MOVE, wants folders below INBOX, and greets as logged in: mails are read, copied, marked, expunged.
# COURIER names the folder its packages were unpacked to, where they are not installed.
. "$(dirname "$0")/../tap.sh"
courier=${COURIER:-}
imapd=$courier/usr/bin/imapd maildirmake=$courier/usr/bin/maildirmake.courier
[ -x "$imapd" ] && [ -x "$maildirmake" ] || skip_all "courier-imap is not installed"
libraries=$courier/usr/lib/courier-authlib:$courier/usr/lib:$courier/usr/lib/x86_64-linux-gnu
run_courier() { LD_LIBRARY_PATH=${courier:+$libraries} "$@"; }
run_courier "$maildirmake" "$work/Maildir" || skip_all "courier-imap does not run"
count() { find "$work/Maildir/${1:+.$1/}"{cur,new} -type f 2>/dev/null | wc -l; }
holds() { [ "$(count "$1")" = "$2" ]; }

plan 7
# An installed one is started by imapd itself.
if [ -n "$courier" ]; then
    LD_LIBRARY_PATH=$libraries "$courier/usr/libexec/gam_server" --notimeout > /dev/null 2>&1 &
    watcher=$!
    at_exit "kill $watcher 2>/dev/null; wait $watcher 2>/dev/null"
fi
mail="$root/tests/mailbox"
put() { cp "$mail/$1.eml" "$work/Maildir/new/15000000$2.M$2.test"; }
put bounce-unknown-user 01
put person-writes 02
put delayed 03
python3 - "$work" "$imapd" "${courier:+$libraries}" > "$work/courier.log" 2>&1 <<'P' &
import os, socket, subprocess, sys
work, imapd, libraries = sys.argv[1:]
listener = socket.create_server(("127.0.0.1", 0))
open(work + "/courier.port", "w").write(str(listener.getsockname()[1]))
environment = dict(os.environ, AUTHENTICATED="bounces", AUTHADDR="bounces", LD_LIBRARY_PATH=libraries,
                   IMAP_CAPABILITY="IMAP4rev1 UIDPLUS CHILDREN NAMESPACE IDLE")
while True:
    line, _ = listener.accept()
    subprocess.Popen([imapd, "Maildir"], stdin=line, stdout=line, cwd=work, env=environment)
    line.close()
P
server=$!
at_exit "kill $server 2>/dev/null; wait $server 2>/dev/null"
await 10 test -s "$work/courier.port"
"$root/tests/write-config" --sink 9 "$work" > "$work/rundbrief.conf"
printf 'unused\n' > "$work/password"
chmod 600 "$work/password"
cat >> "$work/rundbrief.conf" <<C
mailboxes = ( { name = "courier"; host = "127.0.0.1"; port = $(cat "$work/courier.port"); tls = "none"; user = "bounces"; password_file = "$work/password";
    processed_folder = "Processed"; tray_folder = "INBOX.Tray"; human_folder = "INBOX.Human"; poll_seconds = 1; } );
C
rundbrief init > /dev/null
start_inbox() { "$RUNDBRIEF" role inbox --config "$work/rundbrief.conf" > "$work/inbox.log" 2>&1 & role=$!; }
at_exit 'kill -TERM "$role" 2>/dev/null; wait "$role" 2>/dev/null'

start_inbox
ok "a folder that Courier does not make is told, with what to do" await 10 sh -c "'$RUNDBRIEF' status --config '$work/rundbrief.conf' | grep -q 'such as INBOX.Tray'"
kill -TERM "$role"; wait "$role"
sed -i 's/"Processed"/"INBOX.Processed"/' "$work/rundbrief.conf"
start_inbox
ok "the mails leave the mailbox" await 20 holds "" 0
is "reports lie in Processed, a letter in Tray" "$(count Processed) $(count Tray)" "2 1"
put person-writes 04
ok "a new mail is noticed" await 20 sh -c "[ \$(find '$work/Maildir/.Tray/cur' '$work/Maildir/.Tray/new' -type f | wc -l) = 2 ]"
is "each was read once" "$(rundbrief inbox list --json | json 'sorted((r["class"], r["moved"]) for r in data)')" \
    "[('bounce-hard', True), ('bounce-other', True), ('normal', True), ('normal', True)]"
id=$(rundbrief inbox tray --json | json 'data[0]["id"]')
rundbrief inbox done "$id" > /dev/null
in_human() { [ "$(count Human)" -ge 1 ]; }
ok "what staff have done moves to a folder that is made for it" await 20 in_human
is "nothing is in trouble" "$(rundbrief status --json | json '[t["text"] for t in data["troubles"] if t["role"] == "inbox"]')" "[]"
