#!/bin/bash
# What staff see of an announcement, and what they can do about what went wrong: settle what is uncertain, try again what failed.
. "$(dirname "$0")/../tap.sh"
plan 28

CONNECTIONS=1 start_sink "$work/sink.log" -r 'rcpt nobody@* 550 5.1.1 no such user' -r 'rcpt full@* once 552 5.2.2 mailbox full' \
    -r 'rcpt grey@* 451 4.2.1 later' -r 'dot lost*@* take-drop'
cat >> "$work/rundbrief.conf" <<'CONF'
uncertain = { press_release = "hold"; };
retry = { first_seconds = 3600; };
CONF
rundbrief init > /dev/null
rundbrief list add presse --title "Presse" --rate 0 --hold 0 > /dev/null
{ echo email; printf '%s@example.org\n' ann nobody full grey lost1 lost2 lost3; } > "$work/people.csv"
rundbrief subscriber import "$work/people.csv" --list presse --ground "Test" > /dev/null
rundbrief announce add "$root/tests/demo/press-release.md" > /dev/null
start_daemon
rundbrief announce queue 1 --now > /dev/null

counts() { rundbrief announce status 1 | sed -n '/^Deliveries/,/^$/s/^  \([a-z]*\)  *\([0-9]*\)$/\1 \2/p' | paste -sd ' '; }
has_counts() { [ "$(counts)" = "$1" ]; }
fails() { # code, words on stderr, command...
    local code=$1 words=$2
    shift 2
    "$@" > "$work/out" 2>&1
    [ $? = "$code" ] && grep -q -- "$words" "$work/out" || { cat "$work/out"; return 1; }
}
copies() { cut -f 3 "$work/sink.log" | grep -cx "$1@example.org"; }
row() { rundbrief announce status 1 --deliveries --state "$1"; }

ok "it goes as it goes" await 20 has_counts "deferred 1 sent 1 failed 2 uncertain 3"
is "who got it" "$(row sent | cut -d ' ' -f 1)" "$(printf 'Address\nann@example.org')"
ok "who did not, and why" sh -c "'$RUNDBRIEF' announce status 1 --deliveries --state failed --config '$work/rundbrief.conf' | grep -q 'nobody@example.org  *failed .*550 5.1.1 no such user'"
ok "who waits, until when, and why" sh -c "'$RUNDBRIEF' announce status 1 --deliveries --state deferred --config '$work/rundbrief.conf' | grep -qE 'grey@example.org +deferred +until [0-9-]+ [0-9:]+ +451 4.2.1 later'"
is "for programs, too" "$(rundbrief announce status 1 --deliveries --state uncertain --json | json '[r["address"] for r in data]')" \
    "['lost1@example.org', 'lost2@example.org', 'lost3@example.org']"
is "nobody bounced" "$(row bounced)" "None."
ok "a state that is none is refused" fails 2 "'refused' is none of pending" rundbrief announce status 1 --deliveries --state refused
is "all are shown" "$(rundbrief announce status 1 --deliveries --json | json 'len(data)')" 7

ok "to settle one must say how" fails 2 "say --sent" rundbrief announce settle 1
ok "an address that got none is refused" fails 1 "no delivery of announcement 1 to eve@example.org; nothing was changed" \
    rundbrief announce settle 1 --sent lost1@example.org eve@example.org
ok "and one that is not uncertain" fails 1 "ann@example.org is sent, not uncertain; nothing was changed" \
    rundbrief announce settle 1 --failed lost1@example.org ann@example.org
ok "and what is no address" fails 2 "no-address: there is no @" rundbrief announce settle 1 --sent no-address
is "none of that changed anything" "$(counts)" "deferred 1 sent 1 failed 2 uncertain 3"
ok "one is known to have arrived" rundbrief announce settle 1 --sent lost1@example.org
ok "another not to have" rundbrief announce settle 1 --failed LOST2@example.org
is "the counts say so" "$(counts)" "deferred 1 sent 2 failed 3 uncertain 1"
ok "and the row why" sh -c "'$RUNDBRIEF' announce status 1 --deliveries --state failed --config '$work/rundbrief.conf' | grep -q 'lost2@example.org  *failed .*as cli:.* found out'"
ok "what is settled is not settled again" fails 1 "is sent, not uncertain" rundbrief announce settle 1 --failed lost1@example.org
again_uncertain() { has_counts "deferred 1 sent 2 failed 3 uncertain 1" && [ "$(copies lost3)" = 2 ]; }
ok "the third is tried again" rundbrief announce resend 1 --uncertain lost3@example.org
ok "and is uncertain again" await 20 again_uncertain
is "nobody else got another" "$(copies lost1) $(copies lost2) $(copies ann)" "1 1 1"

ok "what failed is tried again" rundbrief announce resend 1 --failed full@example.org nobody@example.org
ok "the suppressed one is not mailed" await 20 has_counts "deferred 1 sent 3 failed 1 uncertain 1 cancelled 1"
is "what was refused and then taken cannot have arrived twice" "$(rundbrief announce status 1 | grep full@)" ""
ok "and one sees why" sh -c "'$RUNDBRIEF' announce status 1 --deliveries --state cancelled --config '$work/rundbrief.conf' | grep -q 'nobody@example.org  *cancelled .*the address is suppressed'"
rundbrief announce pause 1 > /dev/null
is "nobody is tried again while it is paused" "$(rundbrief announce status 1 | grep -o 'grey@.*later'; row deferred | grep -o 'deferred .*later')" \
    "grey@example.org  once it is resumed  451 4.2.1 later
deferred   once it is resumed      451 4.2.1 later"
rundbrief announce cancel 1 > /dev/null
ok "a cancelled one ends" await 10 has_counts "sent 3 failed 1 uncertain 1 cancelled 2"
ok "nothing of it is sent again" fails 1 "is cancelled; nothing of it can be sent again" rundbrief announce resend 1 --failed
