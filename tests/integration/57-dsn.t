#!/bin/bash
# A real Postfix takes our mails by BDAT, with what we ask of its reports (DSN): they come back with the envelope id that we gave
# the mail, and name the delivery by it where nothing else does.
. "$(dirname "$0")/../tap.sh"
start_mailstack
plan 9
sed -i 's/connections = 4; }/connections = 1; chunking = true; depth = 8; }/' "$work/rundbrief.conf"
mail="$MS_DIR/mail"
arrived() { find "$mail/good.test/$1/Maildir/new" "$mail/$1/Maildir/new" -type f 2> /dev/null | wc -l; }
holds() { [ "$(find "$mail/news.test/bounces/Maildir/"{cur,new} -type f 2> /dev/null | wc -l)" = "$1" ]; }

rundbrief init > /dev/null
rundbrief list add presse --title "Presse" --hold 0 --rate 0 > /dev/null
{ echo email; printf '%s@good.test\n' alice bob carol dave nobody; seq -f 'load-%g@good.test' 20; } > "$work/people.csv"
rundbrief subscriber import "$work/people.csv" --list presse --ground Test > /dev/null
rundbrief announce add "$root/tests/demo/press-release.md" > /dev/null
rundbrief announce queue 1 --now > /dev/null
"$RUNDBRIEF" role send --config "$work/rundbrief.conf" > "$work/send.log" 2>&1 &
role=$!
at_exit 'kill -KILL "$role" 2>/dev/null; wait "$role" 2>/dev/null'
ok "25 mails go to a Postfix that offers CHUNKING and DSN" await 40 is_sent
is "it takes them all" "$(rundbrief announce status 1 --json | json "data['deliveries'].get('sent', 0)")" 25
ended() { grep -q "ehlo=.*bdat=" "$MS_POSTFIX_LOG"; }
await 30 ended
bdat=$(grep -o "bdat=[0-9]*" "$MS_POSTFIX_LOG" | cut -d = -f 2 | awk '{ n += $1 } END { print n + 0 }')
is "by BDAT" "$bdat $(grep -c ' data=' "$MS_POSTFIX_LOG")" "25 0"
kill -TERM "$role"
wait "$role"

ok "the report about the one who does not exist comes back" await 20 holds 1
report=$(find "$mail/news.test/bounces/Maildir/"{cur,new} -type f)
ok "it has our envelope id" grep -qi '^Original-Envelope-Id: d[a-z2-7]*' "$report"
ok "and the recipient as we named him" grep -qi '^Original-Recipient: rfc822; *nobody@good.test' "$report"
ok "and of the mail no more than the header" grep -qi '^Content-Type: text/rfc822-headers' "$report"

# The same report without the return path (Postfix writes it into the report, too) and without the returned mail.
python3 - "$report" > "$work/bare.eml" << 'P'
import sys
text = open(sys.argv[1], newline="").read().replace("\r\n", "\n")
head, body = text.split("\n\n", 1)
skipped = ("delivered-to:", "x-original-to:", "to:", "return-path:", "received:")
lines = []
for line in head.split("\n"):
    if not line.startswith((" ", "\t")):
        skip = line.lower().startswith(skipped)
    if not skip:
        lines.append(line)
boundary = next(line for line in body.split("\n") if line.startswith("--"))
parts = body.split("\n" + boundary)
kept = [part for part in parts if "text/rfc822-headers" not in part]
kept = ["\n".join(line for line in part.split("\n") if "X-Postfix-Sender" not in line) for part in kept]
print("Return-Path: <>\nTo: postmaster@news.test\n" + "\n".join(lines) + "\n\n" + ("\n" + boundary).join(kept))
P
grep -v '^Original-Envelope-Id' "$work/bare.eml" | grep -c '[+<]d[a-z2-7]\{20,\}' > "$work/other-tokens"
cp "$work/bare.eml" "$report"
"$RUNDBRIEF" role inbox --config "$work/rundbrief.conf" > "$work/inbox.log" 2>&1 &
role=$!
row() { rundbrief inbox list --json | json "next((r['$1'] for r in data if r['class'] == 'bounce-hard'), None)"; }
found() { [ "$(row class)" = bounce-hard ]; }
await 20 found
id=$(row id)
ok "without any other token the envelope id names the delivery" \
    sh -c "'$RUNDBRIEF' inbox show '$id' --config '$work/rundbrief.conf' | grep -q 'signed token in Original-Envelope-Id'"
is "there was no other" "$(cat "$work/other-tokens")" 0
