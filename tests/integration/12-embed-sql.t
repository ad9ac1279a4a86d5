#!/bin/bash
# src/store/embed.awk: numbers parameters, keeps its hands off texts and comments, and tells every mistake with its line.
. "$(dirname "$0")/../tap.sh"

mkdir -p "$work/statements" "$work/schema"
embed() { "${awk[@]}" -f "$root/src/store/embed.awk" "$work"/statements/*.sql "$work"/schema/*.sql; }
statements() { cat > "$work/statements/noun.sql"; } # the file from standard input
reset() {
    rm -f "$work"/*/*.sql
    echo 'CREATE TABLE x (a);' > "$work/schema/0001_initial.sql"
}

row() { embed 2>&1 | grep -A3 "X(SQL_$1,"; }
holds() { grep -qF -- "$2" <<< "$1" || { echo "$1"; echo "does not hold: $2"; return 1; }; }
numbers_parameters() {
    reset
    statements <<'SQL'
-- name: noun_verb
SELECT ':no', "a:b", :second, :first -- :not_this one's
  FROM x WHERE a = :first AND b = 'it''s'; -- done
SQL
    holds "$(row NOUN_VERB)" "\"SELECT ':no', \\\"a:b\\\", \$1, \$2\\n\"" &&
        holds "$(row NOUN_VERB)" "WHERE a = \$2 AND b = 'it''s'\\n\", \"second\", \"first\", NULL)"
}
keeps_macros() {
    reset
    printf -- '-- name: noun_take\nSELECT CAST(a AS @INT64@) FROM x;\n' | statements
    holds "$(row NOUN_TAKE)" 'SELECT CAST(a AS @INT64@) FROM x'
}
mistake() { # what is told, then the file from standard input
    local told status
    reset
    statements
    told=$(embed 2>&1 >/dev/null) && { echo "was accepted"; return 1; }
    holds "$told" "$work/statements/noun.sql:$1"
}
a_gap_is_told() {
    reset
    statements <<< $'-- name: noun_verb\nSELECT 1;'
    echo > "$work/schema/0003_later.sql"
    holds "$(embed 2>&1 >/dev/null)" "0003_later.sql:1: the schema files must be numbered without gaps; this should be 0002"
}
compiles() {
    reset
    statements <<< $'-- name: noun_verb\nSELECT \'\\\', "q" FROM x;'
    embed > "$work/statements_table.h" && gcc -fsyntax-only -x c - <<C
#include "$work/statements_table.h"
#define NAME(value, name, text, ...) name text,
static const char *const all[] = { SQL_STATEMENTS(NAME) };
_Static_assert(sizeof all > 0, "");
C
}

all_of_it() {
    ok "$1: parameters are numbered by their first appearance" numbers_parameters
    ok "$1: macros stay" keeps_macros
    ok "$1: what it prints compiles" compiles
    ok "$1: no name" mistake '1: a statement without' <<< 'SELECT 1;'
    ok "$1: an odd name" mistake '1: "noun" is not a name like noun_verb' <<< $'-- name: noun\nSELECT 1;'
    ok "$1: a name twice" mistake '3: noun_verb was already defined at' <<< $'-- name: noun_verb\nSELECT 1;\n-- name: noun_verb\nSELECT 2;'
    ok "$1: nothing under a name" mistake '2: no SQL follows the name noun_verb' <<< $'-- name: noun_verb\n-- name: noun_other\nSELECT 2;'
    ok "$1: two statements" mistake '3: a second statement under the name noun_verb' <<< $'-- name: noun_verb\nSELECT 1;\nSELECT 2;'
    ok "$1: a cast of PostgreSQL" mistake "2: a parameter's name is missing behind ':'" <<< $'-- name: noun_verb\nSELECT 1::bigint;'
    ok "$1: a number of PostgreSQL" mistake '2: parameters are written :name' <<< $'-- name: noun_verb\nSELECT $1;'
    ok "$1: an open text" mistake "2: a ' is not closed" <<< $'-- name: noun_verb\nSELECT \'x;'
    ok "$1: an unknown macro" mistake '2: unknown macro' <<< $'-- name: noun_verb\nSELECT 1 @LOCK@;'
    ok "$1: a gap in the schema" a_gap_is_told
}

present=()
for name in mawk gawk original-awk; do
    command -v "$name" >/dev/null && present+=("$name")
done
command -v busybox >/dev/null && busybox awk 'BEGIN { exit 0 }' 2>/dev/null && present+=("busybox awk")
plan $((13 * ${#present[@]}))
for name in "${present[@]}"; do
    read -ra awk <<< "$name"
    all_of_it "$name"
done
