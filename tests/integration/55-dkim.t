#!/bin/bash
# DKIM: keys are made, letters bear a signature by each, others verify them, and a key that cannot be read holds mail up
# with a sentence. The letters are those that Postfix's smtp-sink wrote down.
. "$(dirname "$0")/../tap.sh"
[ -x /usr/sbin/smtp-sink ] || skip_all "smtp-sink is not installed; it is in the package postfix"
/usr/bin/python3 -c 'import dkim, nacl' 2>/dev/null || skip_all "python3-dkim or python3-nacl is not installed"
plan 30

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir "$work/mails"
as=()
[ "$(id -u)" != 0 ] || as=(-u nobody)
chmod 711 "$work" && chmod 777 "$work/mails"
/usr/sbin/smtp-sink "${as[@]}" -d "$work/mails/%M." "127.0.0.1:$port" 100 &
sink=$!
at_exit "kill $sink 2>/dev/null; wait $sink 2>/dev/null"
"$root/tests/write-config" --sink "$port" "$work" | sed 's|^site = {|&\n  public_url = "https://news.test";|' > "$work/rundbrief.conf"
rundbrief init > /dev/null

rundbrief dkim new --domain news.test --selector r1 "$work/r1.pem" > "$work/zone" 2>/dev/null
is "a key is its owner's alone" "$(stat -c %a "$work/r1.pem")" 600
ok "its record is a line of a zone file" grep -qE '^r1\._domainkey\.news\.test\. IN TXT \( "v=DKIM1; k=rsa; p=.{230,240}" "[^"]{100,255}" \)$' "$work/zone"
rundbrief dkim new --domain news.test --selector r1 "$work/r1.pem" > /dev/null 2>&1
is "a key is never overwritten" $? 1
rundbrief dkim new --domain news.test --selector e1 --type ed25519 "$work/e1.pem" >> "$work/zone" 2>/dev/null
ok "an Ed25519 key has a short record" grep -qE '^e1\._domainkey\.news\.test\. IN TXT \( "v=DKIM1; k=ed25519; p=.{44}" \)$' "$work/zone"
rundbrief dkim new --domain other.test --selector x "$work/x.pem" > /dev/null 2>&1
cat >> "$work/rundbrief.conf" << END
retry = { first_seconds = 1; longest_seconds = 2; };
dkim = ( { domain = "news.test"; selector = "r1"; key_file = "$work/r1.pem"; },
         { domain = "news.test"; selector = "e1"; key_file = "$work/e1.pem"; },
         { domain = "other.test"; selector = "x"; key_file = "$work/x.pem"; } );
END
is "show prints the record of a key that the settings name" "$(rundbrief dkim show "$work/r1.pem")" "$(head -n 1 "$work/zone")"
is "or that one describes" "$(rundbrief dkim show "$work/e1.pem" --domain news.test --selector e1)" "$(tail -n 1 "$work/zone")"
"$RUNDBRIEF" dkim show "$work/e1.pem" --config "$work/none.conf" > /dev/null 2> "$work/said"
ok "without settings it says what will do" grep -q 'with --domain and --selector' "$work/said"
ok "keys that can be read are no mistake" rundbrief config check "$work/rundbrief.conf"
chmod 644 "$work/x.pem"
rundbrief config check "$work/rundbrief.conf" > "$work/out" 2> "$work/said"
is "one that cannot be used is" $? 1
ok "and nothing says otherwise" test ! -s "$work/out"
ok "with its name and what to do" grep -q 'the DKIM key x of other.test cannot be used: .*chmod' "$work/said"

rundbrief list add presse --title "Presse" --hold 1 --office office@kreis.example > /dev/null
rundbrief list add relay --title "Relay" --hold 0 > /dev/null
ok "a list is left to its relay" rundbrief list change relay --dkim no
rundbrief subscriber add html@example.org --name "Ann  Ö.  Beispiel" --list presse --ground Test > /dev/null
rundbrief subscriber add text@example.org --format text --list presse --ground Test > /dev/null
rundbrief subscriber add relay@example.org --list relay --ground Test > /dev/null
rundbrief subscriber add arabic@example.org --language ar --list presse --ground Test > /dev/null
cp "$root"/tests/demo/* "$work/"
printf '%s\n' '---' 'language: ar' 'headline: مرحبا بالعالم' 'contact: هاتف' 'media:' '  - path: photo.png' '    alt: جسر' '---' "مرحبا بالعالم مرحبا  بالعالم " > "$work/press-release.ar.md"
queue() { # manuscript...
    local id
    id=$(rundbrief announce add "$@" | grep -oE '[0-9]+' | head -n 1)
    rundbrief announce queue "$id" --now > /dev/null
}
find_mail() { grep -l "^X-Rcpt-Args: <$1>" "$work"/mails/* 2>/dev/null | head -n 1; }
# As it was on the line: smtp-sink writes its own fields before it, and lines end in LF.
take() { # recipient: prints where its mail is now
    sed '1,/^\tby smtp-sink/d' "$(find_mail "$1")" | sed '1d; s/$/\r/' > "$work/$1.eml"
}
has() { [ -n "$(find_mail "$1")" ]; }
have() { local who; for who; do has "$who@example.org" || return 1; done; }

mv "$work/e1.pem" "$work/e1.away"
queue "$work/press-release.md" "$work/press-release.ar.md"
sed 's/lists: \[presse\]/lists: [relay]/' "$work/press-release.md" > "$work/relay.md"
start_daemon
queue "$work/relay.md"
trouble() { rundbrief status --json | grep -q "DKIM key e1 of news.test cannot be used"; }
rundbrief subscriber add confirm@example.org --list presse --invite --ground Test > /dev/null
ok "a key that cannot be read is told" await 20 trouble
single() { rundbrief status --json | json '[t["text"] for t in data["troubles"] if t["subject"] == "single mails"][0]' | grep -q "DKIM key e1"; }
ok "also when a single mail wants it" await 20 single
ok "mail that needs none goes out" await 20 has relay@example.org
is "mail that it should sign waits" "$(have html && echo out)" ""
is "so does a confirmation: nothing goes out unsigned" "$(have confirm && echo out)" ""
kill -TERM "$daemon"
wait "$daemon"
mv "$work/e1.away" "$work/e1.pem"
sqlite3 "$work/rundbrief.db" 'UPDATE delivery SET at = 0 WHERE state = 2' # the minute that they rest is over
start_daemon
ok "and goes out when it can be read" await 30 have html text arabic confirm
await 10 has office@kreis.example

for who in html@example.org confirm@example.org text@example.org arabic@example.org office@kreis.example relay@example.org; do take "$who"; done
cd "$work" || exit 1
verify() { "$root/tests/fake/verify-dkim" zone "$@"; }
both() { printf '%s rsa-sha256 pass\n%s ed25519-sha256 pass\n' "$1" "$1"; }
is "an announcement in two looks is signed twice" "$(verify html@example.org.eml)" "$(both html@example.org.eml)"
is "as text only" "$(verify text@example.org.eml)" "$(both text@example.org.eml)"
is "in base64" "$(verify arabic@example.org.eml)" "$(both arabic@example.org.eml)"
is "a single mail as well" "$(verify office@kreis.example.eml confirm@example.org.eml)" "$(both office@kreis.example.eml; both confirm@example.org.eml)"
is "the relay's list is not" "$(verify relay@example.org.eml)" "relay@example.org.eml none unsigned"
sed 's/Kreis/Krise/' text@example.org.eml > changed.eml
sed '1i From: Somebody Else <else@example.org>\r' text@example.org.eml > added.eml
is "a changed mail, or one with another From, is not believed" "$(verify changed.eml added.eml | grep -c ' fail')" 4
is "what RFC 8058 needs is signed" "$(tr -d '\r\n\t' < html@example.org.eml | grep -oE 'h=[^;]*;' | head -n 1 | grep -cE ':List-Unsubscribe:List-Unsubscribe-Post:.*:From;')" 1

# A new selector beside the old one, then in its place; the key is a systemd credential.
mkdir "$work/credentials"
"$RUNDBRIEF" dkim new --domain news.test --selector r2 "$work/credentials/dkim-r2" >> zone 2>/dev/null
selectors() { # recipient's mail
    verify "$1" | cut -d ' ' -f 3 | sort -u
    tr -d '\r\n\t' < "$1" | sed 's/ s=/\n&/g' | grep -oE '^ s=[^;]*' | tr -d '\n'
}
restart() { # recipient: who is asked to confirm then
    kill -TERM "$daemon"
    wait "$daemon"
    start_daemon
    rundbrief subscriber add "$1" --list presse --invite --ground Test > /dev/null
}
sed -i 's|^dkim = (|&{ domain = "news.test"; selector = "r2"; key_file = "dkim-r2"; },|' rundbrief.conf
told() { rundbrief status --json | grep -q 'DKIM key r2 of news.test cannot be used: the credential .*dkim-r2.*(LoadCredential'; }
restart both@example.org
ok "a credential that systemd does not give is told" await 20 told
export CREDENTIALS_DIRECTORY=$work/credentials
restart other@example.org
await 30 have both other && take both@example.org
is "when it does, the new selector signs beside the old one" "$(selectors both@example.org.eml)" "pass
 s=r2 s=r1 s=e1"
sed -i '/^dkim = (/s|{ domain = "news.test"; selector = "r1"[^}]*},||' rundbrief.conf
restart new@example.org
await 30 has new@example.org && take new@example.org
is "then in its place" "$(selectors new@example.org.eml)" "pass
 s=r2 s=e1"
is "and mails of before are still believed while the old record is there" "$(verify html@example.org.eml)" "$(both html@example.org.eml)"

mailauth() { # where it can be had: Node.js 16 and, once, the npm registry
    command -v npm > /dev/null && [ "$(node -p 'process.versions.node.split(".")[0] >= 16')" = true ] || return 1
    mkdir -p "$BUILD/mailauth" && cp "$root"/tests/mailauth/* "$BUILD/mailauth/" && cd "$BUILD/mailauth" || return 1
    cmp -s package-lock.json installed || { timeout 120 npm ci --no-audit --no-fund > npm.log 2>&1 && cp package-lock.json installed; }
}
if (mailauth); then
    is "mailauth says the same" "$(node "$BUILD/mailauth/verify.mjs" zone html@example.org.eml text@example.org.eml arabic@example.org.eml changed.eml | cut -d ' ' -f 1-3)" \
        "$(both html@example.org.eml; both text@example.org.eml; both arabic@example.org.eml; printf '%s\n' 'changed.eml rsa-sha256 neutral' 'changed.eml ed25519-sha256 neutral')"
else
    pass "mailauth says the same # SKIP needs Node.js 16 or newer, npm and its registry"
fi
