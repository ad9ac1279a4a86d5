#!/bin/bash
# An import that is killed, or refused by the disk, at any moment: all or nothing stays all or nothing, and whoever is on a list has
# a proof. While a large file comes in, others can write.
. "$(dirname "$0")/../tap.sh"
plan 8
"$root/tests/write-config" --sink 1 "$work" > "$work/rundbrief.conf"
rundbrief init >/dev/null
rundbrief list add presse --title Presse >/dev/null
cp "$work/rundbrief.db" "$work/fresh.db"
cd "$work" || exit 1
printf 'email\none@kreis.example\ntwo@kreis.example\nthree@kreis.example\n' > three.csv
fresh() { rm -f rundbrief.db-wal rundbrief.db-shm; cp fresh.db rundbrief.db; }
sql() { python3 -c 'import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print("|".join(map(str, row)))' "$work/rundbrief.db" "$1"; }
counts() { sql "SELECT (SELECT count(*) FROM subscriber), (SELECT count(*) FROM subscription), (SELECT count(*) FROM consent_record),
    (SELECT count(*) FROM audit WHERE action = 'subscriber.import')"; }

# The import with a fault at the N-th call of the database, for all N; sets seen (all that was left behind, sorted) and points.
each_fault() { # kind, option...
    local kind=$1 n=0 status
    shift
    seen=
    while :; do
        n=$((n + 1))
        fresh
        RUNDBRIEF_TEST_DB_FAULT=${kind/N/$n} rundbrief subscriber import three.csv --list presse --ground x "$@" >out 2>&1
        status=$?
        seen="$seen$status $(counts)"$'\n'
        [ "$status" != 0 ] || break
        [ "$n" -lt 300 ] || break
    done 2>/dev/null
    points=$n
    seen=$(sort -u <<< "$seen" | grep .)
}

each_fault kill:N
is "killed anywhere: all or nothing" "$seen" $'0 3|3|3|1\n137 0|0|0|0\n137 3|3|3|1'
ok "at many points ($points)" test "$points" -gt 20
each_fault kill:N --keep-going
is "likewise with --keep-going, a batch being whole" "$seen" $'0 3|3|3|1\n137 0|0|0|0\n137 3|3|3|1'
each_fault fail:N:full
is "a full disk: nothing, and the exit code says so" "$seen" $'0 3|3|3|1\n3 0|0|0|0'
fresh
RUNDBRIEF_TEST_DB_FAULT=fail:12:full rundbrief subscriber import three.csv --list presse --ground x >out 2>&1
ok "and a sentence says so" grep -q 'three.csv: .*disk is full.*Nothing was imported' out

# ---- others can write meanwhile
fresh
people=60000
case $BUILD in *asan*) people=30000 ;; esac
awk -v people="$people" 'BEGIN { print "email"; for (i = 1; i <= people; i++) printf "person%06d@example.org\n", i }' > many.csv
rundbrief subscriber import many.csv --list presse --ground x --keep-going >import.out 2>&1 &
import=$!
longest=0 turns=0
while kill -0 "$import" 2>/dev/null; do
    began=$(date +%s%N)
    rundbrief suppress add "turn$turns@example.org" --reason meanwhile >/dev/null 2>&1 || longest=999999
    took=$((($(date +%s%N) - began) / 1000000))
    turns=$((turns + 1))
    [ "$took" -le "$longest" ] || longest=$took
done
wait "$import"
is "a large file is imported beside other writers" "$?" 0
echo "# $turns writes meanwhile, the longest took $longest ms"
ok "others wrote meanwhile" test "$turns" -gt 1
ok "and never waited long" test "$longest" -lt 2000
