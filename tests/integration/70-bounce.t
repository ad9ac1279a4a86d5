#!/bin/bash
# A real Postfix reports an unknown user, a real Dovecot keeps the report: it is read over IMAPS while IDLE waits, silences the
# address and is moved. A mail to a leave address ends that subscription; any other mail waits for staff.
. "$(dirname "$0")/../tap.sh"
start_mailstack
mail="$MS_DIR/mail/news.test"
count() { find "$mail/$1/Maildir/${2:+.$2/}"{cur,new} -type f 2>/dev/null | wc -l; }
holds() { [ "$(count "$1" "$2")" = "$3" ]; }
token() { "$BUILD/tests/fake/token" "$work/keys" "$@"; }
row() { rundbrief inbox list --json | json "next((r['$2'] for r in data if r['class'] == '$1'), None)"; }
found() { [ "$(row "$1" class)" = "$1" ]; }
send() { # envelope from, to, subject
    python3 - "$@" <<'P'
import os, smtplib, ssl, sys
sender, recipient, subject = sys.argv[1:]
with smtplib.SMTP("localhost", int(os.environ["MS_SMTP_PORT"])) as smtp:
    smtp.starttls(context=ssl.create_default_context(cafile=os.environ["MS_CA"]))
    smtp.login(os.environ["MS_SMTP_USER"], "s3cret")
    smtp.sendmail(sender, [recipient], f"From: {sender}\r\nTo: {recipient}\r\nSubject: {subject}\r\n\r\nhello\r\n")
P
}
start_inbox() { # configuration
    "$RUNDBRIEF" role inbox --config "$1" > "$work/inbox.log" 2>&1 &
    role=$!
}
stop_inbox() { kill -TERM "$role" 2>/dev/null; wait "$role"; }
at_exit 'kill -KILL "$role" 2>/dev/null; wait "$role" 2>/dev/null'

plan 17
rundbrief init > /dev/null
rundbrief list add presse --title Presse --hold 0 --joining open --basis consent > /dev/null 2>&1
for person in nobody bob; do
    rundbrief subscriber add "$person@good.test" --list presse --ground "test" > /dev/null 2>&1
done
start_inbox "$work/rundbrief.conf"

ok "a mail to an unknown user is accepted by the relay" send "bounces+$(token d 1 1)@news.test" nobody@good.test Radweg
ok "its report is found to be a hard bounce" await 15 found bounce-hard
is "with the address" "$(row bounce-hard recipients)" nobody@good.test
is "and the code" "$(row bounce-hard status)" 5.1.1
shown=$(rundbrief inbox show "$(row bounce-hard id)" --json | json '(data["rule"], data["line"] > 0, data["diagnostic"][:28])')
is "staff see by which words, on which line, in what was said" "$shown" "('doesn t exist', True, '550 5.1.1 <nobody@good.test>')"
ok "the address is suppressed" await 5 sh -c "'$RUNDBRIEF' suppress check nobody@good.test --config '$work/rundbrief.conf' | grep -q hard-bounce"
ok "the report lies in Processed" await 5 holds bounces Processed 1
is "and no longer in the inbox" "$(count bounces)" 0

ok "somebody writes to a leave address" send bob@good.test "inbox+$(token l 1 2)@news.test" leave
ok "it is found to be a request to leave" await 15 found unsubscribe
ok "the subscription has ended" sh -c "'$RUNDBRIEF' subscriber show bob@good.test --config '$work/rundbrief.conf' --json | grep -q left"
ok "the request lies in Processed" await 5 holds inbox Processed 1

ok "somebody writes something else" send alice@good.test inbox@news.test Frage
ok "it waits for staff in Tray" await 15 holds inbox Tray 1
is "and in the list" "$(row normal consequence)" "for staff"
stop_inbox
is "the role ends well on SIGTERM" "$?" 0

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=stranger -keyout "$work/other.key" \
    -out "$work/other.pem" > /dev/null 2>&1
sed "s,ca_file = \"[^\"]*\",ca_file = \"$work/other.pem\"," "$work/rundbrief.conf" > "$work/wrong.conf"
start_inbox "$work/wrong.conf"
ok "a certificate of another authority is refused, and said" await 10 sh -c "'$RUNDBRIEF' status --config '$work/rundbrief.conf' |
    grep -q 'certificate that localhost shows is not good'"
stop_inbox
