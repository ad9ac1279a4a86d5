#!/bin/bash
# What a large send costs the database: space by delivery, the pauses of its expansion, a sender that starts anew in its
# middle, and that the last mail costs what the first did. PEOPLE says how many they are.
. "$(dirname "$0")/../tap.sh"
people=${PEOPLE:-100000}
plan 5

figures=$("$BUILD/tests/bench/store" "$work" "$people" 20 2000) || { echo "Bail out! tests/bench/store fails"; exit 1; }
echo "# $figures"
at_most() { # description, figure, limit
    ok "$1" awk -v got="$(grep -o " $2=[0-9.]*" <<< " $figures" | cut -d = -f 2)" -v limit="$3" \
        'BEGIN { print "got", got; exit !(got != "" && got <= limit) }'
}
at_most "a delivery that waits takes at most 40 bytes" expanded_bytes 40
at_most "a delivery that was sent takes at most 40 bytes" sent_bytes 40
case $BUILD in
*asan*) for what in expansion start last; do pass "$what: time is not judged under AddressSanitizer"; done ;;
*)
    at_most "expansion takes at most 10 s for a million" expand $((people / 100 + 500))
    at_most "a sender that starts anew in the middle holds mails after a second" resume 1000
    at_most "the last mails cost what the first did, but for the noise of a busy machine" last_us \
        "$(grep -o 'first_us=[0-9.]*' <<< "$figures" | awk -F = '{ print 2 * $2 + 10 }')"
    ;;
esac
