# embed.awk: SQL files -> one C header of two lists, SQL_STATEMENTS(X) and SCHEMA_FILES(X). For mawk and gawk.
#
# statements/*.sql: each statement stands under "-- name: noun_verb", may end with ';', and writes its parameters
# as :name. They become $1, $2 … in the order of their first appearance, which SQLite and PostgreSQL number alike.
# Comments are dropped. schema/NNNN_name.sql is taken over as it is.
# Any mistake is told as FILE:LINE and ends the run with status 1.

function fail(text)
{
    printf "%s:%d: %s\n", FILENAME, FNR, text > "/dev/stderr"
    failed = 1
    exit 1
}

function c_string(text)
{
    gsub(/\\/, "\\\\", text)
    gsub(/"/, "\\\"", text)
    return "\"" text "\\n\""
}

# The number of a parameter, given at its first appearance.
function parameter(word)
{
    if (!((name, word) in number)) {
        number[name, word] = ++count[name]
        words[name] = words[name] "\"" word "\", "
        if (count[name] > most)
            most = count[name]
    }
    return number[name, word]
}

# The length of the quoted text that begins `rest`, its quotes included.
function quoted_length(rest, quote,    end)
{
    end = index(substr(rest, 2), quote)
    if (!end)
        fail("a " quote " is not closed on its line")
    return end + 1
}

# One line of SQL without its comment, its parameters numbered.
function translate(rest,    out, n, c)
{
    out = ""
    while (rest != "") {
        n = match(rest, /['":$;@]|--|\/\*/)
        if (!n)
            return out rest
        out = out substr(rest, 1, n - 1)
        rest = substr(rest, n)
        c = substr(rest, 1, 1)
        if (c == "-")
            return out
        if (c == "/")
            fail("comments are written with -- here")
        if (c == "$")
            fail("parameters are written :name here, not $1")
        if (c == "'" || c == "\"") {
            n = quoted_length(rest, c)
            out = out substr(rest, 1, n)
        } else if (c == ";") {
            ended = 1
            n = 1
        } else if (c == "@") {
            if (!match(rest, /^@(ID|INT64|BLOB|TABLE|KEYED)@/))
                fail("unknown macro; known are @ID@ @INT64@ @BLOB@ @TABLE@ @KEYED@")
            n = RLENGTH
            out = out substr(rest, 1, n)
        } else {
            if (!match(rest, /^:[a-z][a-z0-9_]*/))
                fail("a parameter's name is missing behind ':'; a cast is written CAST(x AS type)")
            n = RLENGTH
            out = out "$" parameter(substr(rest, 2, n - 1))
        }
        rest = substr(rest, n + 1)
    }
    return out
}

function begin_statement(line)
{
    end_statement()
    name = line
    sub(/^-- *name: */, "", name)
    sub(/ +$/, "", name)
    if (name !~ /^[a-z][a-z0-9]*(_[a-z0-9]+)+$/)
        fail("\"" name "\" is not a name like noun_verb")
    if (name in defined)
        fail(name " was already defined at " defined[name])
    defined[name] = FILENAME ":" FNR
    order[++statements] = name
    ended = 0
}

function end_statement()
{
    if (name != "" && !(name in text))
        fail("no SQL follows the name " name)
}

function statement_line(line)
{
    if (line ~ /^-- *name:/) {
        begin_statement(line)
        return
    }
    if (line ~ /^[ \t]*(--.*)?$/)
        return
    if (name == "")
        fail("a statement without \"-- name: noun_verb\" above it")
    if (ended)
        fail("a second statement under the name " name)
    line = translate(line)
    sub(/[ \t]+$/, "", line)
    if (line != "")
        text[name] = text[name] " \\\n      " c_string(line)
}

function begin_schema_file(    base)
{
    base = FILENAME
    sub(/.*\//, "", base)
    if (base !~ /^[0-9][0-9][0-9][0-9]_[a-z0-9_]+\.sql$/)
        fail("a schema file is called NNNN_name.sql")
    if (substr(base, 1, 4) + 0 != ++files)
        fail("the schema files must be numbered without gaps; this should be " sprintf("%04d", files))
    sub(/\.sql$/, "", base)
    file_name[files] = base
}

FNR == 1 {
    end_statement()
    name = ""
    in_schema = FILENAME ~ /\/schema\/[^\/]*$/
    if (in_schema)
        begin_schema_file()
}
{ sub(/\r$/, "") }
in_schema { file_text[files] = file_text[files] " \\\n      " c_string($0); next }
{ statement_line($0) }

END {
    if (failed)
        exit 1
    end_statement()
    print "#pragma once"
    print "/* Made by src/store/embed.awk from src/store/sql; included by store/statements.h only. */"
    print "#define SQL_PARAMETERS_MAX " most + 0
    printf "\n#define SQL_STATEMENTS(X)"
    for (i = 1; i <= statements; i++)
        printf " \\\n    X(SQL_%s, \"%s\",%s, %sNULL)", toupper(order[i]), order[i], text[order[i]], words[order[i]]
    printf "\n\n#define SCHEMA_FILES(X)"
    for (i = 1; i <= files; i++)
        printf " \\\n    X(%d, \"%s\",%s)", i, file_name[i], file_text[i]
    printf "\n"
}
