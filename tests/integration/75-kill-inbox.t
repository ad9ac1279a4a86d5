#!/bin/bash
# The reader of a backlog is killed at random moments, and every other time with it goes what the disk had not got: every
# finding has its consequence once, every mail ends in its folder. KILLS and BACKLOG (people; four mails for each) make it longer.
. "$(dirname "$0")/../tap.sh"
kills=${KILLS:-8} people=${BACKLOG:-150}
command -v sqlite3 > /dev/null || skip_all "needs sqlite3 to look into the database"
start_mailstack
maildir="$MS_DIR/mail/news.test/bounces/Maildir"

rundbrief init > /dev/null
rundbrief list add presse --title Presse --hold 0 --joining open --basis consent > /dev/null
for person in $(seq 1 "$people"); do echo "p$person@good.test"; done > "$work/people.txt"
rundbrief subscriber import "$work/people.txt" --list presse --ground test > /dev/null 2>&1
# Only this mailbox: the other one has nothing to say here.
python3 - "$work/rundbrief.conf" <<'P'
import re, sys
text = open(sys.argv[1]).read()
open(sys.argv[1], "w").write(re.sub(r'\},\s*\{ name = "inbox".*?\}', "}", text, flags=re.S))
P
ids=$(seq 1 "$people")
"$BUILD/tests/fake/token" "$work/keys" d 1 $ids > "$work/d"
"$BUILD/tests/fake/token" "$work/keys" l 1 $ids > "$work/l"
mkdir -p "$maildir"/{new,cur,tmp}
python3 - "$work" "$maildir" <<'P' # for each person a hard and a soft bounce, a request to leave, a letter
import pathlib, sys
work, maildir = map(pathlib.Path, sys.argv[1:])
number = 0
def put(text):
    global number
    number += 1
    (maildir / "new" / f"{1500000000 + number}.M{number}.test").write_text(text)
def report(person, token, status):
    return (f"Return-Path: <>\nDelivered-To: bounces+{token}@news.test\nSubject: failed {person}\n"
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n--b\n"
            "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mail.test\n\n"
            f"Final-Recipient: rfc822; p{person}@good.test\nAction: failed\nStatus: {status}\n--b--\n")
leave = (work / "l").read_text().split()
for person, token in enumerate((work / "d").read_text().split(), 1):
    put(report(person, token, "5.2.2"))
    put(report(person, token, "5.1.1"))
    put(f"To: inbox+{leave[person - 1]}@news.test\nFrom: p{person}@good.test\nSubject: leave\nMessage-ID: <{person}@good.test>\n\n")
    put(f"To: bounces@news.test\nFrom: p{person}@good.test\nSubject: letter {person}\n\nHello\n")
P
chown -R 5000:5000 "$maildir"

files() { find "$1"/cur "$1"/new -type f 2> /dev/null | wc -l; }
sql() { sqlite3 -separator ' ' "$work/${2:-rundbrief.db}" "$1"; } # query, database
kill_role() { kill -KILL "$role" && wait "$role" 2> /dev/null; }
moved() { echo $(($(files "$maildir/.Processed") + $(files "$maildir/.Tray"))); }
has_moved_more() { [ "$(moved)" -gt "$before" ] || ! kill -0 "$role"; }
cut_and_look() { # in the middle of its work, since before it there is nothing to lose
    await 20 has_moved_more
    cut_power "$role"
    sql 'PRAGMA integrity_check; PRAGMA foreign_key_check' left/rundbrief.db | grep -v '^ok$' >> "$work/damages"
    unknown=$((unknown + $(sql "SELECT max($(moved) - count(*), 0) FROM inbox_message" left/rundbrief.db)))
}
case $BUILD in
*asan*) every=0 ;; # it does not bear a library that was loaded before it
*) use_careless_disk; every=2 ;;
esac
plan 10
killed=0 at_work=0 unknown=0
for n in $(seq 1 "$kills"); do
    "$RUNDBRIEF" role inbox --config "$work/rundbrief.conf" >> "$work/log" 2>&1 &
    role=$! before=$(moved)
    sleep "0.$(printf %03d $((RANDOM % 130 + 40)))"
    left=$(files "$maildir")
    if [ "$every" != 0 ] && [ $((n % every)) = 0 ]; then cut_and_look; else kill_role; fi
    killed=$((killed + 1))
    [ "$left" -gt 0 ] && at_work=$((at_work + 1))
done
unset LD_PRELOAD # for it takes time
is "no power cut damaged the database" "$(cat "$work/damages" 2> /dev/null)" ""
is "nor undid the finding of a mail that was moved" "$unknown" 0
is "the reader was killed" "$killed" "$kills"
if [ "$at_work" -gt 0 ]; then pass "$at_work times while mails were waiting"; else flunk "while mails were waiting"; fi
"$RUNDBRIEF" role inbox --config "$work/rundbrief.conf" >> "$work/log" 2>&1 &
role=$!
empty() { [ "$(files "$maildir")" = 0 ]; }
ok "the last one reads the rest" await 60 empty
sleep 0.5
kill -TERM "$role"
wait "$role"
is "what was understood is in Processed, letters are in Tray" "$(files "$maildir/.Processed") $(files "$maildir/.Tray")" \
    "$((3 * people)) $people"
is "each mail has one row, moved" "$(sql 'SELECT count(*), count(DISTINCT uid), count(moved_at) FROM inbox_message')" \
    "$((4 * people)) $((4 * people)) $((4 * people))"
is "each address is suppressed, for the hard bounce" "$(sql "SELECT count(*) FROM suppression WHERE reason = 'hard-bounce'")" "$people"
is "each soft bounce counted once" "$(sql "SELECT count(*) FROM soft_bounce") $(sql "SELECT count(*) FROM inbox_message WHERE consequence LIKE 'score 10 of %'")" \
    "$people $people"
is "each person has left once, with one receipt" \
    "$(sql "SELECT count(*) FROM subscription WHERE state = 'left'") $(sql "SELECT count(*) FROM consent_record WHERE kind = 'left'") $(sql "SELECT count(*) FROM outbox WHERE template = 'left'")" \
    "$people $people $people"
