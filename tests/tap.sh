# Sourced by integration tests: TAP, a temporary folder, and an end that leaves nothing behind.
#   plan 3;  ok "description" command...;  is "description" got expected;  skip_all "reason"
# $work is the temporary folder; at_exit "command" adds to what is run at the end, last one first.
set -u
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
: "${RUNDBRIEF:?set RUNDBRIEF to the program}" "${BUILD:?set BUILD to the build folder}"
tests_run=0 tests_failed=0 exit_commands=()

skip_all() { echo "1..0 # SKIP $*"; exit 0; }
plan() { echo "1..$1"; }
pass() { tests_run=$((tests_run + 1)); echo "ok $tests_run - $1"; }
flunk() { # description, what was seen
    tests_run=$((tests_run + 1)) tests_failed=$((tests_failed + 1))
    echo "not ok $tests_run - $1"
    printf '%s\n' "${2:-}" | tail -n 40 | sed 's/^/# /'
}
ok() { # description, command...
    local description=$1 output
    shift
    if output=$("$@" 2>&1); then pass "$description"; else flunk "$description" "exit $? of: $*
$output"; fi
}
is() { if [ "$2" = "$3" ]; then pass "$1"; else flunk "$1" "got:      $2
expected: $3"; fi; }
at_exit() { exit_commands=("$1" "${exit_commands[@]}"); }
end() {
    local command
    for command in "${exit_commands[@]}"; do eval "$command" || true; done
    rm -rf "$work"
    [ "$tests_failed" = 0 ] || exit 1
}
work=$(mktemp -d "${TMPDIR:-/tmp}/rundbrief-test.XXXXXX")
trap end EXIT
trap 'exit 130' INT TERM

rundbrief() { "$RUNDBRIEF" "$@" --config "$work/rundbrief.conf"; }
await() { # seconds, command...: until it succeeds
    local limit=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do [ "$SECONDS" -lt "$limit" ] || return 1; sleep 0.2; done
}
# The value of an expression over a JSON document on standard input, called data.
json() { python3 -c 'import json, sys; print(eval(sys.argv[1], {"data": json.load(sys.stdin)}))' "$1"; }
start_sink() { # file for its lines, options of the sink...: a relay, and the configuration for it; sets sink, its process
    rm -f "$work/sink.port"
    "$BUILD/tests/fake/sink" -o "$1" "${@:2}" > "$work/sink.port" &
    sink=$!
    at_exit "kill $sink 2>/dev/null; wait $sink 2>/dev/null"
    await 10 test -s "$work/sink.port"
    CONNECTIONS=${CONNECTIONS:-4} "$root/tests/write-config" --sink "$(tr -dc 0-9 < "$work/sink.port")" "$work" > "$work/rundbrief.conf"
}
queue_release() { # people: announcement 1, to p1@example.org and so on, may go out at once and as fast as it can
    rundbrief init > /dev/null
    rundbrief list add presse --title "Presse" --rate 0 --hold 0 > /dev/null
    { echo email; seq -f 'p%g@example.org' "$1"; } > "$work/people.csv"
    rundbrief subscriber import "$work/people.csv" --list presse --ground "Test" > /dev/null
    rundbrief announce add "$root/tests/demo/press-release.md" > /dev/null
    rundbrief announce queue 1 --now > /dev/null
}
# From now on the database lies on a disk that has only what was synced, for every program that is started.
use_careless_disk() {
    [[ $BUILD != *asan* ]] || skip_all "AddressSanitizer does not bear a library that was loaded before it"
    mkdir "$work/disk" "$work/written" "$work/left"
    cp "$work/rundbrief.db" "$work/disk"
    export POWERCUT_DISK=$work/disk POWERCUT_DATABASE=$work/rundbrief.db LD_PRELOAD=$BUILD/tests/fake/powercut.so
}
cut_power() { # process: it is killed, and what was not synced may be gone; sets cut_at, in microseconds. Copies: written, left
    cut_at=$(date +%s%6N)
    kill -KILL "$1"
    wait "$1" 2> /dev/null
    rm -f "$work"/written/* "$work"/left/*
    cp "$work"/rundbrief.db* "$work/written"
    "$root/tests/fake/cut-power" "$work/disk" "$work/rundbrief.db"
    cp "$work"/rundbrief.db{,-wal} "$work/left"
}
is_sent() { [ "$(rundbrief announce list --json | json '[a["state"] for a in data if a["id"] == 1][0]')" = sent ]; }
start_mailstack() { # a real Postfix and Dovecot; sets the MS_ variables
    [ "$(id -u)" = 0 ] || skip_all "needs root: Postfix and Dovecot do"
    [ -x /usr/lib/postfix/sbin/master ] && [ -x /usr/lib/dovecot/imap ] || skip_all "Postfix or Dovecot is not installed"
    local assignments
    assignments=$("$root/tests/mailstack/start.sh") || { echo "Bail out! the mail stack does not start"; exit 1; }
    eval "$assignments"
    at_exit "'$root/tests/mailstack/stop.sh' '$MS_DIR'"
    printf '%s\n' "$MS_SMTP_PASS" > "$work/smtp-password"
    printf '%s\n' "$MS_BOUNCE_PASS" > "$work/imap-password"
    chmod 600 "$work"/*-password
    export MS_SMTP_PORT MS_IMAPS_PORT MS_CA MS_SMTP_USER MS_BOUNCE_USER
    "$root/tests/write-config" "$work" > "$work/rundbrief.conf"
}
start_daemon() { # rundbrief run in the background, until its roles report
    "$RUNDBRIEF" run --config "$work/rundbrief.conf" > "$work/daemon.log" 2>&1 &
    daemon=$!
    at_exit "kill -TERM $daemon 2>/dev/null; wait $daemon 2>/dev/null"
    await 30 sh -c "'$RUNDBRIEF' status --json --config '$work/rundbrief.conf' | grep -q '\"send\"'"
}
