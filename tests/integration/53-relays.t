#!/bin/bash
# Several relays: their shares by weight, a list that goes by one alone, and one that dies.
. "$(dirname "$0")/../tap.sh"
plan 12

start_sink() { # name
    "$BUILD/tests/fake/sink" -o "$work/$1.log" -d 2 > "$work/$1.port" &
    eval "sink_$1=$!"
    at_exit "kill $! 2>/dev/null; wait $! 2>/dev/null"
    await 10 test -s "$work/$1.port"
}
relay() { # name, weight
    echo "{ name = \"$1\"; host = \"127.0.0.1\"; port = $(tr -dc 0-9 < "$work/$1.port"); tls = \"none\"; connections = 2; weight = $2; }"
}
start_sink heavy
start_sink light
"$root/tests/write-config" --sink 1 "$work" | grep -v '^relays' > "$work/rundbrief.conf"
echo "relays = ( $(relay heavy 3), $(relay light 1) );" >> "$work/rundbrief.conf"

rundbrief init > /dev/null
rundbrief list add presse --title "Presseinformationen" --basis consent > /dev/null
{ echo "email"; seq -f 'p%g@example.org' 1500; } > "$work/people.csv"
rundbrief subscriber import "$work/people.csv" --list presse --ground "Test" > /dev/null
rundbrief list change presse --hold 0 --rate 0 > /dev/null

send_one() { # number
    rundbrief announce add "$root/tests/demo/press-release.md" > /dev/null && rundbrief announce queue "$1" --now > /dev/null
}
sent() { rundbrief announce status "$1" --json | json "data['deliveries'].get('sent', 0)"; }
is_sent() { [ "$(sent "$1")" = 1500 ]; }
copies() { cat "$work/$1.log" 2> /dev/null | wc -l; }
"$RUNDBRIEF" role send --config "$work/rundbrief.conf" >> "$work/role.log" 2>&1 &
role=$!
at_exit "kill -KILL $role 2>/dev/null; wait $role 2>/dev/null"

send_one 1
ok "two relays send to 1,500" await 40 is_sent 1
is "all of them, once" "$(cat "$work/heavy.log" "$work/light.log" | cut -f 3 | sort -u | wc -l) $(($(copies heavy) + $(copies light)))" "1500 1500"
ok "three of four by the one of weight three" test "$(copies heavy)" -gt 1050 -a "$(copies heavy)" -lt 1200

refused=$(rundbrief list change presse --relay havy 2>&1)
is "a relay that nobody knows is refused" "$? $(grep -c 'heavy, light' <<< "$refused")" "2 1"
rundbrief list change presse --relay light > /dev/null
before=$(copies heavy)
send_one 2
ok "a list goes by one relay alone, whatever its share" await 40 is_sent 2
is "and by no other" "$(copies heavy)" "$before"
is "as the list says" "$(rundbrief list show presse --json | json "data['relay']")" light
rundbrief list change presse --relay "" --rate 6000 > /dev/null

before=$(copies light)
send_one 3
has_begun() { [ "$(sent 3)" -gt 100 ]; }
await 20 has_begun
kill -KILL "$sink_heavy"
rundbrief list change presse --rate 0 > /dev/null
begin=$SECONDS
settled() { [ $(($(sent 3) + $(rundbrief announce status 3 --json | json "data['deliveries'].get('uncertain', 0)"))) -ge 1500 ]; }
ok "one dies: the other sends the rest" await 40 settled
ok "at once, not after the pause of the dead one" test $((SECONDS - begin)) -lt 15
ok "and has carried them" test $(($(copies light) - before)) -gt 400
is "nobody has failed" "$(rundbrief announce status 3 --json | json "data['deliveries'].get('failed', 0)")" 0
ok "staff are told of the dead one" sh -c "'$RUNDBRIEF' status --config '$work/rundbrief.conf' | grep -q 'The relay heavy'"
