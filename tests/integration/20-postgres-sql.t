#!/bin/bash
# The schema and every statement are understood by PostgreSQL too, though no driver speaks to it yet.
. "$(dirname "$0")/../tap.sh"

[ "$(id -u)" = 0 ] || skip_all "needs root: the server runs as user postgres"
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -x "$bin/initdb" ] && id postgres >/dev/null 2>&1 || skip_all "PostgreSQL is not installed"

as_postgres() { (cd / && runuser -u postgres -- "$@"); }
query() { "$bin/psql" -X -q -A -t -h "$work/socket" -U postgres -d postgres "$@" 2>&1; }

start_postgres() { # a cluster for this test alone: no network, a socket in our own folder
    chmod 711 "$work" && mkdir "$work/socket" && chown postgres "$work/socket" || return 1
    as_postgres "$bin/initdb" -D "$work/socket/data" -A trust --no-sync -E UTF8 --locale=C.UTF-8 >"$work/initdb.log" 2>&1 || return 1
    at_exit "as_postgres '$bin/pg_ctl' -D '$work/socket/data' -m immediate stop >/dev/null 2>&1"
    as_postgres "$bin/pg_ctl" -D "$work/socket/data" -w -l "$work/socket/log" \
        -o "-c listen_addresses='' -k $work/socket -c fsync=off" start >/dev/null 2>&1
}
start_postgres || skip_all "a throw-away PostgreSQL cluster does not start here"

refused() { # SQL: the database must not allow it
    ! query -v ON_ERROR_STOP=1 -c "$1"
}

plan 6
"$BUILD/tests/fake/print_sql" pgsql > "$work/all.sql"
said=$(query -f "$work/all.sql")
ok "the schema is applied" grep -qx 'SCHEMA done' <<< "$said"
is "no statement is refused" "$(grep '^FAILED' <<< "$said")" ""
is "every statement was prepared" "$(sed -n 's/^PREPARED //p' <<< "$said")" "$(sed -n 's/^STATEMENTS //p' <<< "$said")"
query -c "INSERT INTO audit (at, actor, action, subject) VALUES (0, 'a', 'b', 'c')"
ok "audit rows are not changed" refused "UPDATE audit SET actor = 'nobody'"
ok "audit rows are not deleted" refused "DELETE FROM audit"
is "the row is still there" "$(query -c 'SELECT actor FROM audit')" "a"
