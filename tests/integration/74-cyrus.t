#!/bin/bash
# A real Cyrus: mails are read and moved, folders made, new mails noticed while it idles.
# CYRUS names the folder its packages were unpacked to, where they are not installed: they and Dovecot's exclude each other.
. "$(dirname "$0")/../tap.sh"
cyrus=${CYRUS:-}
bin=$cyrus/usr/lib/cyrus/bin
[ -x "$bin/master" ] && [ -x "$bin/imapd" ] || skip_all "cyrus-imapd is not installed"
[ "$(id -u)" = 0 ] || skip_all "Cyrus wants to be started by root"

plan 6
store="$work/cyrus" port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir -p "$store/var" "$store/spool" "$store/run"
cat > "$store/imapd.conf" <<C
configdirectory: $store/var
defaultpartition: default
partition-default: $store/spool
proc_path: $store/run/proc
mboxname_lockpath: $store/run/lock
cyrus_user: nobody
cyrus_group: nogroup
altnamespace: yes
unixhierarchysep: yes
allowplaintext: yes
sasl_pwcheck_method: alwaystrue
sasl_mech_list: PLAIN
autocreate_quota: 0
imapidlepoll: 1
C
cat > "$store/cyrus.conf" <<C
START {
}
SERVICES {
  imap cmd="$bin/imapd -C $store/imapd.conf" listen="127.0.0.1:$port" prefork=0
}
EVENTS {
}
C
chmod 755 "$work"
chown -R nobody "$store"
# Ends its whole process group when it ends: it gets one of its own.
LD_LIBRARY_PATH=${cyrus:+$cyrus/usr/lib/x86_64-linux-gnu:$cyrus/usr/lib} setsid "$bin/master" -D -C "$store/imapd.conf" \
    -M "$store/cyrus.conf" -p "$store/pid" > "$work/cyrus.log" 2>&1 &
server=$!
at_exit 'kill -TERM "$server" 2>/dev/null; wait "$server" 2>/dev/null'
imap() { # Python with `box`, a session of imaplib
    python3 -c "import imaplib, sys
box = imaplib.IMAP4('127.0.0.1', $port)
box.login('bounces', 'any')
$1" "${@:2}"
}
await 10 imap pass 2> /dev/null || { echo "Bail out! Cyrus does not start"; cat "$work/cyrus.log"; exit 1; }
put() { imap 'box.append("INBOX", None, None, open(sys.argv[1], "rb").read().replace(b"\n", b"\r\n"))' "$root/tests/mailbox/$1.eml"; }
holds() { [ "$(imap 'print(int(box.select(sys.argv[1], readonly=True)[1][0]))' "$1" 2> /dev/null)" = "$2" ]; }
for mail in bounce-unknown-user person-writes delayed; do put "$mail"; done

"$root/tests/write-config" --sink 9 "$work" > "$work/rundbrief.conf"
printf 'unused\n' > "$work/password"
chmod 600 "$work/password"
cat >> "$work/rundbrief.conf" <<C
mailboxes = ( { name = "cyrus"; host = "127.0.0.1"; port = $port; tls = "none"; user = "bounces"; password_file = "$work/password";
    processed_folder = "Processed"; tray_folder = "Tray"; human_folder = "Human"; poll_seconds = 1; } );
C
rundbrief init > /dev/null
"$RUNDBRIEF" role inbox --config "$work/rundbrief.conf" > "$work/inbox.log" 2>&1 &
role=$!
at_exit 'kill -TERM "$role" 2>/dev/null; wait "$role" 2>/dev/null'

ok "the mails leave the mailbox" await 20 holds INBOX 0
filed() { holds Processed 2 && holds Tray 1; }
ok "reports lie in Processed, a letter in Tray" await 5 filed
put person-writes
ok "a new mail is noticed" await 20 holds Tray 2
is "each was read once" "$(rundbrief inbox list --json | json 'sorted((r["class"], r["moved"]) for r in data)')" \
    "[('bounce-hard', True), ('bounce-other', True), ('normal', True), ('normal', True)]"
rundbrief inbox done "$(rundbrief inbox tray --json | json 'data[0]["id"]')" > /dev/null
in_human() { holds Human 1 || holds Human 2; }
ok "what staff have done moves to a folder that is made for it" await 20 in_human
is "nothing is in trouble" "$(rundbrief status --json | json '[t["text"] for t in data["troubles"] if t["role"] == "inbox"]')" "[]"
