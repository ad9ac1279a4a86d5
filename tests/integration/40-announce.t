#!/bin/bash
# rundbrief announce on the command line: mistakes in a file, a draft, its preview as a mail, queue and the moves after it. Needs no
# network. With PRESS_RELEASE (the plain text of a county's page) also: every character of it survives MIME.
. "$(dirname "$0")/../tap.sh"
[ -n "${PRESS_RELEASE:-}" ] && plan 37 || plan 33
"$root/tests/write-config" --sink 9 "$work" > "$work/rundbrief.conf"
demo=$root/tests/demo
refused() { # exit code, words, command...: ends with that code and says these words on stderr
    local code=$1 words=$2 said
    shift 2
    said=$("$@" 2>&1 >/dev/null)
    [ $? = "$code" ] && grep -qF -- "$words" <<< "$said" || { echo "wanted exit $code and: $words"; echo "$said"; return 1; }
}
says() { # words, command...
    local words=$1 said
    shift
    said=$("$@" 2>&1) && grep -qF -- "$words" <<< "$said" || { echo "wanted: $words"; echo "$said"; return 1; }
}
announce() { rundbrief announce "$@"; }

rundbrief init > /dev/null
rundbrief list add presse --title Presseinformationen --basis consent > /dev/null
rundbrief list add arbeitskreis --title Arbeitskreis --basis public-task --joining closed > /dev/null
says_nothing=$(announce list --json)
is "no announcements yet" "$says_nothing" "[]"

# ---- mistakes -------------------------------------------------------------------------------------------------------
cat > "$work/bad.md" <<'MD'
---
kind: press-release
lists: [prese]
headlin: Brücke
send_at: 2027-03-28 02:30
publisher:
  office: Kreis
media:
  - path: ../secret.pdf
---
MD
mistakes=$(announce add "$work/bad.md" 2>&1 | sed "s|$work/||" | cut -d: -f1,2 | grep '^bad' | tr '\n' ' ')
is "all mistakes are told with their lines" "$mistakes" "bad.md:3 bad.md:4 bad.md:5 bad.md:6 bad.md:6 bad.md:6 bad.md:9 bad.md:9 bad.md:10 bad.md:10 "
ok "a near-miss list is guessed" refused 2 "did you mean 'presse'?" announce add "$work/bad.md"
ok "a near-miss key is guessed" refused 2 "did you mean 'headline'?" announce add "$work/bad.md"
ok "daylight saving is explained" refused 2 "write 01:30 or 03:30" announce add "$work/bad.md"
ok "no medium comes from outside the folder" refused 2 "must not hold '..'" announce add "$work/bad.md"
ok "a missing file is told" refused 2 "no-such-file.md" announce add "$work/no-such-file.md"
named_once() { ! announce add "$work/no-such-file.md" 2>&1 | grep -q 'file\.md.*file\.md'; }
ok "and named once" named_once

# ---- a draft, and what it looks like ---------------------------------------------------------------------------------
ok "a press release with a photo is added" says "Announcement 1 is a draft" announce add "$demo/press-release.md"
ok "an invitation with German keys is added" says "Announcement 2 is a draft" announce add "$demo/invitation.md"
is "the photo lies in media_dir under its hash" "$(ls "$work/media")" "$(sha256sum "$demo/photo.png" | cut -d' ' -f1)"
is "it is shown as it was written" "$(announce show 1 --json | json 'data["variants"][0]["headline"]')" \
    "„Endlich rollt’s“: Kreis gibt Radbrücke über die Muster frei"
announce preview 1 --eml > "$work/mail.eml"
same_text() { # preview --text is the text part of preview --eml, with publisher and photo's alt text
    announce preview 1 --text > "$work/mail.txt"
    python3 - "$work/mail.eml" "$work/mail.txt" <<'P'
import email, email.policy, pathlib, sys
mail = email.message_from_bytes(pathlib.Path(sys.argv[1]).read_bytes(), policy=email.policy.default)
text = mail.get_body(("plain",)).get_content()
assert text.split() == pathlib.Path(sys.argv[2]).read_text().split(), text
for wanted in ("Pressesprecherin: Änne Großmüller", "Freie Fahrt über die Muster", "Małgorzata Król", "„Frohsinn Übersee“"):
    assert " ".join(wanted.split()) in " ".join(text.split()), wanted
assert mail["List-Unsubscribe"] and mail["Subject"].startswith("„Endlich rollt’s“"), mail["Subject"]
P
}
ok "the preview is a whole mail, and its text says it all" same_text
ok "an unknown person is no recipient" refused 1 "nobody here has the address ulla@example.org" \
    announce preview 1 --eml --recipient ulla@example.org
ok "a wrong address is quoted" refused 2 "'ulla@': there is nothing after @" announce preview 1 --recipient ulla@
ok "a language without a variant is told" refused 1 "not written in 'fr', but in de" announce preview 1 --language fr
ok "a word is no number" refused 2 "'x' is not the number of an announcement" announce show x
ok "a missing number is told" refused 2 "status needs the number of an announcement" announce status
ok "a missing file name is told" refused 2 "add needs a file" announce add
ok "two numbers are told" refused 2 "queue takes one number" announce queue 1 2

embeds() { # the photo of preview --html travels in the page
    announce preview 1 --html > "$work/page.html"
    ! grep -q 'cid:' "$work/page.html" && grep -q '<img src="data:image/jpeg;base64,/9j/' "$work/page.html"
}
ok "the page of a preview holds its photo" embeds

# ---- the queue -------------------------------------------------------------------------------------------------------
ok "nothing is queued for nobody" refused 1 "nobody would get it" announce queue 1
rundbrief subscriber add alice@good.test --list presse --ground Test > /dev/null
ok "a time that has passed is refused" refused 1 "has passed" announce queue 1 --at "2018-05-02 09:00"
ok "a time that does not exist is refused" refused 2 "write 01:30 or 03:30" announce queue 1 --at "2035-03-25 02:30"
ok "it is queued, and said in the site's language" says "Mittwoch, 2. Mai 2035, 09:00 Uhr, to 1 person" \
    announce queue 1 --at "2035-05-02 09:00"
ok "another time may be chosen" says "Donnerstag, 3. Mai 2035, 09:00 Uhr" announce queue 1 --at "2035-05-03 09:00"
moves() { announce pause 1 && announce resume 1 && announce cancel 1; }
ok "it can be held, let go and cancelled" moves
ok "what is cancelled is not cancelled again" refused 1 "announcement 1 is cancelled already" announce cancel 1
ok "the state is told before the time" refused 1 "is cancelled" announce queue 1 --at "2018-05-02 09:00"
ok "what is cancelled cannot be queued" refused 1 "is cancelled" announce queue 1 --at "2035-05-03 09:00"
is "status knows the state" "$(announce status 1 --json | json 'data["state"]')" cancelled
rm "$work"/media/*
announce add "$demo/press-release.md" > /dev/null
rm "$work"/media/*
ok "a file that has gone is found before anything goes out" refused 1 "is missing or damaged" announce queue 3 --now

# ---- the real one ----------------------------------------------------------------------------------------------------
if [ -n "${PRESS_RELEASE:-}" ]; then
    "$demo/manuscript-from-press-release" "$PRESS_RELEASE" presse > "$work/real.md"
    ok "the real press release is added" announce add "$work/real.md"
    announce preview 4 --eml > "$work/real.eml"
    intact() { # subtype: headline and body, character by character; line breaks aside
        python3 - "$PRESS_RELEASE" "$work/real.eml" "$1" <<'P'
import email, email.policy, html, pathlib, re, sys
lines = [line.strip() for line in pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").splitlines() if line.strip()]
begin = next(i for i, line in enumerate(lines) if re.match(r"\d\d?\. \w+ \d{4}$", line))
end = next(i for i, line in enumerate(lines) if line.startswith("Zu dieser Press"))
mail = email.message_from_bytes(pathlib.Path(sys.argv[2]).read_bytes(), policy=email.policy.default)
text = mail.get_body((sys.argv[3],)).get_content()
if sys.argv[3] == "html":
    text = html.unescape(re.sub(r"<[^>]+>", "", text))
squeeze = lambda words: re.sub(r"\s+", "", words)
missing = [line for line in lines[begin:end] if squeeze(line) not in squeeze(text)]
print("\n".join(missing))
sys.exit(bool(missing) or end - begin < 5)
P
    }
    ok "every character of headline and body is in the text part" intact plain
    ok "and in the HTML part" intact html
    is "the subject is the headline" "$(python3 -c 'import email, email.policy, sys
print(email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)["Subject"])' < "$work/real.eml")" \
        "$(announce show 4 --json | json 'data["variants"][0]["headline"]')"
fi

# ---- another language ------------------------------------------------------------------------------------------------
cp "$demo/photo.png" "$work"
sed 's/^language: de/language: ar/' "$demo/press-release.md" > "$work/arabic.md"
ok "a language without words is noted, at its line" says "arabic.md:4: there are no words in 'ar'" announce add "$work/arabic.md"
