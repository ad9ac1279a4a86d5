#!/bin/bash
# The exit codes of rundbrief(1): the same mistake has the same code whatever command it is made in; and the one JSON dialect.
. "$(dirname "$0")/../tap.sh"
mkdir "$work/state"
"$root/tests/write-config" --sink 1 "$work" > "$work/rundbrief.conf"
rundbrief init > /dev/null || { echo "Bail out! init fails"; exit 1; }
rundbrief list add presse --title Presse > /dev/null
rundbrief subscriber add anna@kreis.example --list presse --ground "at the desk" > /dev/null
rundbrief suppress add dead@kreis.example --reason "asked for it" > /dev/null
rundbrief announce add "$root/tests/demo/press-release.md" > /dev/null
printf 'token 1 abc\n' > "$work/broken-keys"
chmod 600 "$work/broken-keys"
sed "s|$work/keys|$work/broken-keys|" "$work/rundbrief.conf" > "$work/broken-keys.conf"
sed "s|$work/keys|$work/no-keys|" "$work/rundbrief.conf" > "$work/no-keys.conf"

cases=(
    "1 rundbrief announce show 99"
    "1 rundbrief announce preview 99"
    "1 rundbrief announce queue 99"
    "1 rundbrief announce pause 99"
    "1 rundbrief announce status 99"
    "1 rundbrief announce cancel 99"
    "1 rundbrief list show nobody"
    "1 rundbrief list change nobody --title X"
    "1 rundbrief subscriber list --list nobody"
    "1 rundbrief subscriber add b@kreis.example --list nobody --ground x"
    "1 rundbrief subscriber export --list nobody"
    "1 rundbrief subscriber show nobody@kreis.example"
    "1 rundbrief subscriber remove nobody@kreis.example --list presse"
    "1 rundbrief suppress remove nobody@kreis.example"
    "1 rundbrief suppress check nobody@kreis.example"
    "1 rundbrief inbox show 99"
    "1 rundbrief list add presse --title Presse"
    "1 rundbrief keys new"
    "1 rundbrief announce resend 1 --failed"
    "1 rundbrief mail resend 99"
    "2 rundbrief mail settle x --sent"
    "2 rundbrief mail settle 1"
    "2 rundbrief list change presse"
    "2 rundbrief announce show x"
    "2 rundbrief announce add /nonexistent.md"
    "2 rundbrief announce preview 1 --recipient rubbish"
    "2 rundbrief subscriber show rubbish"
    "2 rundbrief suppress check rubbish"
    "2 rundbrief subscriber import /nonexistent.csv --list presse --ground x"
    "2 rundbrief inbox classify /nonexistent.eml"
    "2 rundbrief template render /nonexistent.mustache"
    "2 $RUNDBRIEF keys check --config $work/broken-keys.conf"
    "2 $RUNDBRIEF keys rotate --config $work/broken-keys.conf"
    "2 $RUNDBRIEF subscriber list --config $work/broken-keys.conf"
    "3 $RUNDBRIEF keys check --config $work/no-keys.conf"
    "3 $RUNDBRIEF subscriber list --config $work/no-keys.conf"
)
plan $((${#cases[@]} + 6))
for case in "${cases[@]}"; do
    read -r expected command <<< "$case"
    $command > "$work/out" 2> "$work/err" < /dev/null
    is "ends with $expected: ${command//$work\//}" "$?" "$expected"
done

instant='__import__("re").fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(value)) is not None'
at() { json "[value := ($1), $instant][1]"; }
is "a list counts in numbers" "$(rundbrief list list --json | json 'data[0]["active"] + 1')" 2
is "announcements too, and have no time yet" "$(rundbrief announce list --json | json '(data[0]["id"] + 1, data[0]["sent"], data[0]["time"])')" "(2, 0, None)"
is "a person is known since an instant" "$(rundbrief subscriber show anna@kreis.example --json | at 'data["known_since"]')" True
is "consent was given at one" "$(rundbrief subscriber show anna@kreis.example --json | at 'data["consent"][0]["at"]')" True
is "an address is suppressed since one" "$(rundbrief suppress list --json | at 'data[0]["since"]')" True
is "exported subscriptions begin at one" "$(rundbrief subscriber export --list presse --json | at 'data[0]["since"]')" True
