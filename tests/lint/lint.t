#!/bin/bash
# The house rules that a machine can check, one test each.
cd "$(dirname "$0")/../.." || exit 1
number=0
rule() { # description, command...
    local description=$1 output
    shift
    number=$((number + 1))
    if output=$("$@" 2>&1); then
        echo "ok $number - $description"
    else
        echo "not ok $number - $description"
        printf '%s\n' "$output" | sed 's/^/# /'
    fi
}
same() { diff -u "$1" <("$RUNDBRIEF" "${@:2}"); }
compiles_with() { # compiler: every source, without a warning
    make -s -k -j"$(nproc)" CC="$1" V=debug B="build/lint-$1" syntax
}
banned_first() { # the ban list works: a file that uses one of the functions must not compile
    for call in 'strcpy(a, b)' 'sprintf(a, "%s", b)' 'localtime(0)' 'strtok(a, b)'; do
        echo "void f(char *a, char *b); void f(char *a, char *b) { (void)a; (void)b; $call; }" |
            gcc -include src/base/banned.h -fsyntax-only -x c - 2>/dev/null && { echo "$call compiles"; return 1; }
    done
    grep -q -- '-include src/base/banned.h' Makefile
}
scripts_run() { # prove stops at the first script that it may not execute
    local script
    for script in tests/integration/*.t; do [ -x "$script" ] || { echo "$script is not executable"; return 1; }; done
    ! ls tests/integration | cut -c1-2 | uniq -d | grep . || { echo "two scripts have that number"; return 1; }
}

echo 1..12
rule "layers: a folder includes only what stands below it" tests/lint/check-layers src tests/lint/layers.txt
rule "foreign libraries stay in their files" tests/lint/check-libraries src tests/lint/libraries.txt
rule "no function is longer than 80 lines" tests/lint/check-functions src 80
rule "no banned word or call" tests/lint/check-words src
rule "banned functions do not compile" banned_first
rule "each header compiles alone" make -s headers V="${BUILD##*/}"
rule "gcc and clang compile without a warning" compiles_with clang
rule "conf/rundbrief.conf is what the settings table prints" same conf/rundbrief.conf config sample
rule "docs/settings.md is what the settings table prints" same docs/settings.md config docs
rule "docs/man/rundbrief.conf.5 is what the settings table prints" same docs/man/rundbrief.conf.5 config man
rule "every file is formatted as .clang-format says" clang-format --dry-run -Werror $(git ls-files '*.[ch]')
rule "test scripts are executable, and each has a number of its own" scripts_run
