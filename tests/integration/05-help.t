#!/bin/bash
# Help, exit codes and the manual: every command says how it is used, every mistake ends with its code.
. "$(dirname "$0")/../tap.sh"
cd "$root" || exit 1
mapfile -t commands < <("$RUNDBRIEF" help | awk '/^Commands:/ { inside = 1; next } !NF { inside = 0 } inside { print $1 }')
[ "${#commands[@]}" -gt 5 ] || { echo "Bail out! 'rundbrief help' lists only: ${commands[*]}"; exit 1; }
plan $((${#commands[@]} * 4 + 19))

code() { # command...: its exit code
    "$@" >/dev/null 2>&1 < /dev/null
    echo $?
}
helps() { # command: --help goes to stdout alone, begins with the usage, in lines that fit a terminal
    local text
    text=$("$RUNDBRIEF" "$1" --help 2>"$work/err") || return 1
    [ ! -s "$work/err" ] && [[ $text == "Usage: rundbrief $1"* ]] && [ "$text" = "$("$RUNDBRIEF" help "$1")" ] &&
        [ -z "$(printf '%s\n' "$text" | awk 'length($0) > 110')" ]
}
for command in "${commands[@]}"; do
    ok "$command --help and help $command say how it is used" helps "$command"
    is "$command with an unknown option ends with 2" "$(code "$RUNDBRIEF" "$command" --no-such-option)" 2
    is "$command with rubbish behind it ends with 2" "$(code "$RUNDBRIEF" "$command" rubbish rubbish rubbish --config /nonexistent)" 2
    ok "rundbrief(1) describes $command" grep -q "^\.It Cm $command\b" docs/man/rundbrief.1
done

is "help for an action is that of its command" "$("$RUNDBRIEF" help inbox show)" "$("$RUNDBRIEF" help inbox)"
is "rundbrief alone shows the help" "$("$RUNDBRIEF")" "$("$RUNDBRIEF" help)"
is "--help shows the help" "$("$RUNDBRIEF" --help)" "$("$RUNDBRIEF" help)"
ok "--version" grep -qx 'rundbrief [0-9.]*' <("$RUNDBRIEF" --version)
is "an unknown command ends with 2" "$(code "$RUNDBRIEF" subscribe-all)" 2
ok "a mistyped command gets a suggestion" grep -q "did you mean 'config'" <("$RUNDBRIEF" confg 2>&1)
ok "options follow the command" grep -q "'--config' stands before the command" <("$RUNDBRIEF" --config x status 2>&1)
ok "run takes no role" grep -q "no arguments, here 'extra'.*'rundbrief role send'" <("$RUNDBRIEF" run extra 2>&1)
is "output that cannot be written is a failure" "$("$RUNDBRIEF" help > /dev/full 2>/dev/null; echo $?)" 3
is "a reader that goes away is none" "$("$RUNDBRIEF" config man 2>"$work/err" | head -1 >/dev/null; cat "$work/err")" ""
ok "arguments are UTF-8 in every locale" grep -q 'kürbis' <(LC_ALL=C "$RUNDBRIEF" template render /dev/null --as kürbis 2>&1)
ok "no settings file: the sentence names it" grep -q '/nonexistent: cannot be read' <("$RUNDBRIEF" config check /nonexistent 2>&1)

cat > "$work/broken.conf" <<'CONF'
site = {
  name = "Kreis Musterland"; zone = "Europe/Entenhausen";
  from_address = "presse"; bounce_address = "bounces@kreis.example"; reply_address = "inbox@kreis.example";
  help_address = "presse@kreis.example";
};
retry = { frist_seconds = 5; longest_seconds = "long"; };
relays = ( { name = "main"; host = "mail.kreis.example"; port = 99999; } );
CONF
"$RUNDBRIEF" config check "$work/broken.conf" > "$work/out" 2> "$work/err"
is "config check ends with 2 when there are mistakes" $? 2
is "config check tells all of them at once, with their lines" \
    "$(sed -n "s|^$work/broken.conf:\([0-9]*\): .*|\1|p" "$work/err" | tr '\n' ' ')" "2 3 6 6 7 "
ok "and what is allowed" grep -q 'relays.port must be a number from 1 to 65535; 99999 is not' "$work/err"
ok "and what may have been meant" grep -q 'did you mean "first_seconds"' "$work/err"
ok "config explain says what a setting allows" grep -q 'from 1 to 65535' <("$RUNDBRIEF" config explain relays.port)
is "config explain of what is not there ends with 2" "$(code "$RUNDBRIEF" config explain relays.prot)" 2
if command -v mandoc >/dev/null; then
    is "both manual pages are well-formed" "$(mandoc -Tlint -W warning docs/man/rundbrief.1 docs/man/rundbrief.conf.5 2>&1)" ""
else
    echo "ok $((tests_run + 1)) - both manual pages are well-formed # SKIP mandoc is not installed"
fi
