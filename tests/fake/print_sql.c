/* print_sql sqlite|pgsql: the schema files and every statement of the program as a script for psql. A statement that
 * cannot be prepared is told as "FAILED noun_verb: reason". Proves that SQL written for two engines is understood by
 * the second. */
#include "store/statements.h"

/* system */
#include <stdio.h>
#include <string.h>

static void print_statement(const SqlDialect *dialect, const SqlText *statement)
{
    g_autofree char *sql = sql_expand(dialect, statement->text);
    printf("PREPARE %s AS\n%s;\n", statement->name, sql);
    printf("\\if :ERROR\n\\echo 'FAILED %s:' :LAST_ERROR_MESSAGE\n\\endif\n", statement->name);
}

int main(int argc, char **argv)
{
    if (argc != 2 || (strcmp(argv[1], "sqlite") != 0 && strcmp(argv[1], "pgsql") != 0)) {
        fputs("print_sql sqlite|pgsql\n", stderr);
        return 2;
    }
    const SqlDialect *dialect = strcmp(argv[1], "pgsql") == 0 ? &sql_dialect_pgsql : &sql_dialect_sqlite;
    puts("\\set ON_ERROR_STOP on\nBEGIN;");
    for (const SchemaFile *file = schema_files; file->name; file++) {
        g_autofree char *sql = sql_expand(dialect, file->text);
        puts(sql);
    }
    puts("COMMIT;\n\\echo 'SCHEMA done'\n\\set ON_ERROR_STOP off");
    for (const SqlText *statement = sql_texts; statement->name; statement++)
        print_statement(dialect, statement);
    printf("\\echo 'STATEMENTS %d'\n", (int)SQL_STATEMENT_COUNT);
    puts("SELECT 'PREPARED ' || count(*) FROM pg_prepared_statements;");
    return 0;
}
