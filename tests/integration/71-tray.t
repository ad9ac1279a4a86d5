#!/bin/bash
# What people write and what nobody understands, with a real Postfix and a real Dovecot: a letter is passed on to the contact of its
# list, the rest waits in the tray; staff decide, and the mails move. Old mails are deleted, and nothing else.
. "$(dirname "$0")/../tap.sh"
start_mailstack
mail="$MS_DIR/mail/news.test"
count() { find "$mail/$1/Maildir/${2:+.$2/}"{cur,new} -type f 2>/dev/null | wc -l; }
holds() { [ "$(count "$1" "$2")" = "$3" ]; }
row() { rundbrief inbox list --json | json "next((r['$2'] for r in data if r['class'] == '$1'), None)"; }
has() { [ "$(row "$1" "$2")" = "$3" ]; }
send() { # envelope from, to, message
    python3 - "$@" <<'P'
import os, smtplib, ssl, sys
sender, recipient, text = sys.argv[1:]
with smtplib.SMTP("localhost", int(os.environ["MS_SMTP_PORT"]), timeout=60) as smtp:
    smtp.starttls(context=ssl.create_default_context(cafile=os.environ["MS_CA"]))
    smtp.login(os.environ["MS_SMTP_USER"], "s3cret")
    smtp.sendmail(sender, [recipient], text.encode().decode("unicode_escape").encode("latin-1"))
P
}
sql() { python3 -c 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=10); c.execute("PRAGMA foreign_keys=ON"); r = c.execute(sys.argv[2]).fetchone(); c.commit(); print(*(r or ()))' "$work/rundbrief.db" "$1"; }

plan 25
sed -i 's/poll_seconds = 30/human_folder = "Human"; poll_seconds = 1/' "$work/rundbrief.conf"
rundbrief init > /dev/null
rundbrief list add presse --title Presse --hold 0 --reply-to inbox@news.test --contact alice@good.test > /dev/null
rundbrief subscriber add bob@good.test --list presse --ground test > /dev/null 2>&1
start_daemon

send bob@good.test inbox@news.test 'From: Bob <bob@good.test>\r\nTo: inbox@news.test\r\nSubject: Frage\r\nMessage-ID: <q@good.test>\r\nDate: Tue, 24 Nov 2026 10:00:00 +0100\r\n\r\nWann?\r\n'
ok "a letter is found to be one" await 20 has normal class normal
is "and passed on to the contact" "$(row normal consequence)" "passed on to the contact of the list presse"
contact="$MS_DIR/mail/good.test/alice/Maildir/new"
arrived() { [ "$(find "$contact" -type f 2>/dev/null | wc -l)" = 1 ]; }
ok "who gets it" await 20 arrived
copy=$(cat "$contact"/* 2>/dev/null | tr -d '\r')
ok "unchanged, with a note of who sent it on" grep -qx 'Resent-To: <alice@good.test>' <(printf '%s\n' "$copy")
is "in the words of the writer" "$(printf '%s\n' "$copy" | sed -n '/^From: Bob/,$p')" "$(printf 'From: Bob <bob@good.test>\nTo: inbox@news.test\nSubject: Frage\nMessage-ID: <q@good.test>\nDate: Tue, 24 Nov 2026 10:00:00 +0100\n\nWann?')"
ok "the letter lies in Human" await 10 holds inbox Human 1

send bob@good.test bounces@news.test 'From: Bob <bob@good.test>\r\nTo: bounces@news.test\r\nSubject: Irrlaeufer\r\n\r\nMein Nachbar ist verzogen.\r\n'
ok "a letter about no list waits in the tray" await 20 holds bounces Tray 1
is "where staff see it" "$(rundbrief inbox tray --json | json '[(r["from"], r["subject"]) for r in data]')" "[('Bob <bob@good.test>', 'Irrlaeufer')]"
id=$(rundbrief inbox tray --json | json 'data[0]["id"]')
ok "staff say what it is" rundbrief inbox reclassify "$id" bounce-hard --address bob@good.test
ok "the address is suppressed" sh -c "'$RUNDBRIEF' suppress check bob@good.test --config '$work/rundbrief.conf' | grep -q 'says that inbox message $id is bounce-hard'"
ok "the mail leaves the tray" await 10 holds bounces Processed 1
ok "staff may change their mind" rundbrief inbox reclassify "$id" normal
is "the suppression is lifted" "$(rundbrief suppress check bob@good.test --json | json 'data["suppressed"]')" False
ok "the mail, which nobody has got, is back in the tray" await 10 holds bounces Tray 1
is "the status counts" "$(rundbrief inbox status --json | json '[(c["class"], c["all"], c["waiting"]) for c in data["classes"]]')" "[('normal', 2, 1)]"
is "an address that nobody has changes nothing" "$(rundbrief inbox reclassify "$id" complaint --address typo@good.test 2>&1; echo $?)" \
    "rundbrief inbox: message $id stays as it is: nobody that we know has this address"$'\n1'
ok "staff have answered" rundbrief inbox done "$id"
ok "the mail moves again" await 10 holds bounces Human 1
is "what is done is not done twice" "$(rundbrief inbox done "$id" 2>&1; echo $?)" "rundbrief inbox: message $id does not wait for a decision"$'\n1'

cat > "$work/invitation.md" <<'M'
---
kind: invitation
lists: [presse]
headline: Radweg
publisher: {office: Presseamt, person: Ann, address: Markt 1, phone: "1"}
contact: Ann
meeting: {start: 2030-05-02 10:00, end: 2030-05-02 11:00, place: Rathaus, topic: Radweg}
---
Wir laden ein.
M
ok "an invitation" rundbrief announce add "$work/invitation.md"
is "nobody has answered it" "$(rundbrief inbox answers 1)" "Nobody has answered."
sql "INSERT INTO rsvp SELECT uid, 'bob@good.test', NULL, 'accepted', 0, 1767225600000000, $id, 1767225600000000 FROM meeting" > /dev/null
is "an answer that came is shown" "$(rundbrief inbox answers --json | json '[(a["announcement"], a["attendee"], a["answer"], a["message"]) for a in data]')" "[(1, 'bob@good.test', 'accepted', $id)]"
is "to an invitation that there is" "$(rundbrief inbox answers 7 > /dev/null 2>&1; echo $?)" 1

# Half a year later; a stranger's mail lies in the same folder.
cp "$mail/bounces/Maildir/.Human"/*/* "$work/letter"
printf 'From: x@x.test\n\nnot ours\n' > "$mail/bounces/Maildir/.Human/new/1500000000.M1.test"
touch -d '400 days ago' "$mail/bounces/Maildir/.Human"/*/*
chown 5000:5000 "$mail/bounces/Maildir/.Human/new/1500000000.M1.test"
sql "UPDATE inbox_message SET read_at = read_at - 181 * 86400 * 1000000 WHERE id = $id"
ok "an old mail is deleted, a stranger's stays" await 15 holds bounces Human 1
ok "and is the stranger's" grep -q 'not ours' -r "$mail/bounces/Maildir/.Human"
