/* Collects mistakes; sorts them for the reader. */
#include "base/problems.h"

struct Problems {
    GPtrArray *list; /* of Problem */
};

static void problem_free(gpointer data)
{
    Problem *problem = data;
    g_free(problem->file);
    g_free(problem->text);
    g_free(problem);
}

Problems *problems_new(void)
{
    Problems *problems = g_new0(Problems, 1);
    problems->list = g_ptr_array_new_with_free_func(problem_free);
    return problems;
}

void problems_free(Problems *problems)
{
    if (!problems)
        return;
    g_ptr_array_unref(problems->list);
    g_free(problems);
}

void problems_add(Problems *problems, const char *file, unsigned line, const char *format, ...)
{
    Problem *problem = g_new0(Problem, 1);
    va_list arguments;
    va_start(arguments, format);
    problem->text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    problem->file = g_strdup(file);
    problem->line = line;
    g_ptr_array_add(problems->list, problem);
}

guint problems_count(const Problems *problems)
{
    return problems->list->len;
}

const Problem *problems_at(const Problems *problems, guint index)
{
    return g_ptr_array_index(problems->list, index);
}

static gint by_place(gconstpointer left, gconstpointer right)
{
    const Problem *a = *(Problem *const *)left, *b = *(Problem *const *)right;
    int order = g_strcmp0(a->file, b->file);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

char *problems_text(const Problems *problems)
{
    g_autoptr(GPtrArray) sorted = g_ptr_array_copy(problems->list, NULL, NULL);
    g_ptr_array_set_free_func(sorted, NULL);
    g_ptr_array_sort(sorted, by_place);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < sorted->len; i++) {
        const Problem *problem = sorted->pdata[i];
        if (problem->line)
            g_string_append_printf(text, "%s:%u: %s\n", problem->file, problem->line, problem->text);
        else
            g_string_append_printf(text, "%s: %s\n", problem->file, problem->text);
    }
    return g_string_free(text, FALSE);
}
