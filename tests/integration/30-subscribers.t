#!/bin/bash
# People come in by files, one by one and by invitation, leave, are erased and go out as a table; with the real program.
. "$(dirname "$0")/../tap.sh"
plan 49
people=${PEOPLE:-100000} limit=60
case $BUILD in *asan*) people=5000 ;; esac

"$root/tests/write-config" --sink 1 "$work" > "$work/rundbrief.conf"
rundbrief init >/dev/null
cd "$work" || exit 1
code() { "$@" >"$work/out" 2>&1; echo $?; }
says() { if grep -qF -- "$2" "$work/out"; then pass "$1"; else flunk "$1" "$(cat "$work/out")"; fi; }
sql() { python3 -c 'import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print("|".join(map(str, row)))' "$work/rundbrief.db" "$1"; }
import() { local file=$1 list=$2; shift 2; rundbrief subscriber import "$file" --list "$list" --ground "Anmeldebogen" "$@"; }

# ---- lists
is "a list is added" "$(code rundbrief list add presse --title Presseinformationen --joining open)" 0
is "it is added once" "$(code rundbrief list add presse --title Presse)" 1
is "mistakes are refused" "$(code rundbrief list add 'P p' --joining sometimes --reply-to nobody)" 2
is "all of them are told" "$(grep -c . out)" 4
is "a list is changed" "$(code rundbrief list change presse --description 'Was der Kreis meldet' --reply-to presse@kreis.example)" 0
is "and shown" "$(rundbrief list show presse --json | json 'data["description"] + "|" + data["reply_to"]')" "Was der Kreis meldet|presse@kreis.example"
is "how fast it sends is changed" "$(code rundbrief list change presse --rate 600 --weight 3)" 0
is "and kept" "$(rundbrief list show presse --json | json '(data["rate_per_minute"], data["weight"])')" "(600, 3)"
rundbrief list add ak --title "Arbeitskreis" --basis public-task >/dev/null
is "lists are listed" "$(rundbrief list list --json | json '",".join(row["list"] for row in data)')" "ak,presse"

# ---- a file with every mistake
printf '\357\273\277E-Mail;Vorname;Nachname;Sprache;Format\r\n' > mixed.csv
printf 'anna@kreis.example;Anna;Müller;Deutsch;\r\n' >> mixed.csv
printf 'ANNA@kreis.example;Noch;Einmal;;\r\n' >> mixed.csv
printf 'keine Adresse;;;;\r\n' >> mixed.csv
printf 'bob@müller.example;"Bob; der\r\nBaumeister";;en;text\r\n' >> mixed.csv
printf 'M\374ller@kreis.example;;;;\r\n' >> mixed.csv
printf 'gesperrt@kreis.example;;;;\r\n' >> mixed.csv
rundbrief suppress add gesperrt@kreis.example --reason "rief an" >/dev/null
is "no ground, no import" "$(code rundbrief subscriber import mixed.csv --list presse)" 2
says "and the sentence says what is missing" "--ground"
before=$(sql "SELECT count(*) FROM subscriber")$(sql "SELECT count(*) FROM audit")$(sql "SELECT count(*) FROM consent_record")
is "a dry run with bad rows says so" "$(code import mixed.csv presse --dry-run)" 1
is "a file with bad rows is not imported" "$(code import mixed.csv presse)" 1
printf 'email\ncarl@kreis.example\n' > good.csv
is "a dry run of a good file says what would happen" "$(import good.csv presse --dry-run)" \
    "good.csv: 1 row, 1 good, 0 rejected. Nothing was changed; these good rows would be taken for list presse."
after=$(sql "SELECT count(*) FROM subscriber")$(sql "SELECT count(*) FROM audit")$(sql "SELECT count(*) FROM consent_record")
is "neither changed anything" "$after" "$before"
says "a duplicate is told with its line" "mixed.csv:3: ANNA@kreis.example stands in line 2 already."
says "a bad address as well" 'mixed.csv:4: "keine Adresse": '
says "a broken letter as well" "mixed.csv:7: the byte 0xFC is not UTF-8."
says "a suppressed address as well" "mixed.csv:8: gesperrt@kreis.example is suppressed since"
is "a basis that is not the list's is refused" "$(code import good.csv presse --basis public-task)" 2
says "because the mails name the list's" "the list presse is kept on the basis consent, and its mails tell people so"
is "the list's own may be named" "$(code import good.csv presse --basis consent --dry-run)" 0
is "the good rows are taken with --keep-going" "$(import mixed.csv presse --keep-going --json | json 'data["imported"], data["rejected"]')" "(2, 4)"
is "names, languages and formats arrive" "$(sql "SELECT address, name, language, format FROM subscriber ORDER BY id")" \
"anna@kreis.example|Anna Müller|de|html
bob@xn--mller-kva.example|Bob; der Baumeister|en|text"
is "each has a proof" "$(sql "SELECT kind, legal_basis, wording, source FROM consent_record ORDER BY id")" \
"imported|consent|Anmeldebogen|import mixed.csv line 2
imported|consent|Anmeldebogen|import mixed.csv line 5"
is "a second time everybody is there already" "$(code import mixed.csv presse --keep-going)" 1
iconv -f UTF-8 -t WINDOWS-1252 > latin1.csv <<< $'E-Mail;Name\nanna@kreis.example;Müller'
is "a Latin-1 file is refused as a whole" "$(code import latin1.csv presse --keep-going)" 2
says "with the way out" "iconv -f WINDOWS-1252"

# ---- other programs' exports
cat > listmonk.csv <<'CSV'
uuid,email,name,attributes,status,created_at,updated_at
6b0f,lm-one@kreis.example,Eins,"{""city"": ""Musterstadt""}",enabled,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z
7c1f,lm-two@kreis.example,Zwei,{},blocklisted,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z
8d2f,lm-three@kreis.example,Drei,{},disabled,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z
CSV
is "listmonk: enabled ones come, the others are named" "$(import listmonk.csv presse --keep-going | tr '\n' ' ' | sed 's/, in .*//')" \
'listmonk.csv:3: lm-two@kreis.example: its status in listmonk is "blocklisted". listmonk.csv:4: lm-three@kreis.example: its status in listmonk is "disabled". listmonk.csv: 3 rows, 1 imported to list presse, 2 rejected (2 inactive-at-source)'
printf 'mm-one@kreis.example\n"Zwei, Mm" <mm-two@kreis.example>\n=?utf-8?q?M=C3=BC?= <mm-three@kreis.example>\n' > mailman.txt
is "Mailman: lines of addresses and names" "$(code import mailman.txt presse)" 0
is "with their names" "$(sql "SELECT name FROM subscriber WHERE address LIKE 'mm-%' ORDER BY id")" $'\nZwei, Mm\nMü'
printf 'email\tconfirmed\tblacklisted\thtmlemail\tName\tList Membership\npl-one@kreis.example\t1\t0\t0\tEins\tNews\npl-two@kreis.example\t0\t0\t1\tZwei\tNews\npl-three@kreis.example\t1\t1\t1\tDrei\tNews\n' > phplist.csv
is "phpList: unconfirmed and blacklisted ones stay out" "$(import phplist.csv presse --keep-going --json | json 'data["imported"], data["reasons"]')" "(1, {'inactive-at-source': 2})"
is "and text is text" "$(sql "SELECT format FROM subscriber WHERE address = 'pl-one@kreis.example'")" text

# ---- invitations
printf 'email\nnew@kreis.example\nanna@kreis.example\n' > invite.csv
is "people are invited" "$(import invite.csv ak --invite --json | json 'data["imported"]')" 2
is "they are pending" "$(rundbrief list show ak --json | json 'data["subscriptions"]["pending"], data["subscriptions"]["active"]')" "(2, 0)"
is "each has a mail waiting with its own confirm address" \
    "$(sql "SELECT data FROM outbox WHERE template = 'confirm'" | grep -o 'inbox+c[a-z2-7]*@news.test' | sort -u | wc -l)" 2
is "nobody is asked twice a day" "$(import invite.csv ak --invite --keep-going --json | json 'data["reasons"]')" "{'invited-already': 2}"
printf 'email\nthird@kreis.example\n' > third.csv
ok "it is told in whole words" grep -q '1 asked to confirm for list ak' <(import third.csv ak --invite)

# ---- one person
is "somebody is added" "$(code rundbrief subscriber add 'Carla <carla@kreis.example>' --list presse --ground 'am Telefon' --language en)" 0
is "and removed" "$(code rundbrief subscriber remove carla@kreis.example --list presse)" 0
printf 'email\ncarla@kreis.example\n' > again.csv
is "a file does not bring back who left" "$(import again.csv presse --json | json 'data["reasons"]')" "{'left-earlier': 1}"
rundbrief subscriber add carla@kreis.example --list presse --ground 'wollte wieder' --returning >/dev/null
is "show tells the whole story" "$(rundbrief subscriber show carla@kreis.example --json | json '[row["kind"] for row in data["consent"]]')" "['added', 'removed', 'added']"
rundbrief subscriber remove carla@kreis.example --erase >/dev/null
is "erased: no table holds the address" "$(sql "SELECT (SELECT count(*) FROM subscriber WHERE address LIKE 'carla%'), (SELECT count(*) FROM outbox WHERE address LIKE 'carla%'), (SELECT count(*) FROM audit WHERE detail LIKE '%carla%')")" "0|0|0"
is "but a file cannot bring it back" "$(import again.csv presse --json | json 'data["reasons"]')" "{'suppressed': 1}"

printf 'E-Mail;Name\n' > titles.csv
ok "titles alone are nobody" grep -q 'no rows below the titles' <(import titles.csv presse --dry-run)
ok "the next page can be pasted" grep -qF -- "--after 'anna@kreis.example'" \
    <(rundbrief subscriber list --limit 1 2>&1)

# ---- out again
rundbrief subscriber add '=SUM(A1) <d@kreis.example>' --list presse --ground x >/dev/null
is "an export starts no formula" "$(rundbrief subscriber export --list presse | grep '^d@' | cut -d ';' -f 1-5)" \
"d@kreis.example;'=SUM(A1);de;html;active"

# ---- many
awk -v people="$people" 'BEGIN { print "email,name"; for (i = 1; i <= people; i++) printf "person%06d@example.org,Person %d\n", i, i }' > many.csv
began=$(date +%s%N)
is "$people people are imported" "$(import many.csv presse --json | json 'data["imported"]')" "$people"
took=$(($(date +%s%N) - began))
echo "# $people rows took $((took / 1000000)) ms"
ok "in less than $limit seconds" test $((took / 1000000000)) -lt "$limit"
