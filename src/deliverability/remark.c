/* Fills the sentences of the table. */
#include "deliverability/remark.h"

/* system */
#include <stdarg.h>

WORDS_DEFINE(RemarkGrade, remark_grade, REMARK_GRADES);

#define PLACES 4 /* {1} to {4} */

struct Remarks {
    RemarkLanguage language;
    GPtrArray *all; /* of Remark */
};

/* clang-format off */
#define ROW(id, check, grade, english, english_mend, german, german_mend) \
    [REMARK_##id] = {check, REMARK_##grade, {[REMARK_ENGLISH] = english, [REMARK_GERMAN] = german}, \
                     {[REMARK_ENGLISH] = english_mend, [REMARK_GERMAN] = german_mend}},
/* clang-format on */

static const struct {
    const char *check;
    RemarkGrade grade;
    const char *text[2], *mend[2];
} rows[] = {REMARK_TABLE(ROW)};

static void free_remark(gpointer data)
{
    Remark *remark = data;
    g_free(remark->text);
    g_free(remark->mend);
    g_free(remark);
}

Remarks *remarks_new(RemarkLanguage language)
{
    Remarks *remarks = g_new(Remarks, 1);
    *remarks = (Remarks){language, g_ptr_array_new_with_free_func(free_remark)};
    return remarks;
}

void remarks_free(Remarks *remarks)
{
    if (!remarks)
        return;
    g_ptr_array_unref(remarks->all);
    g_free(remarks);
}

/* Caller frees. */
static char *fill(const char *sentence, const char *const values[PLACES])
{
    GString *text = g_string_new(sentence);
    for (int i = 0; i < PLACES; i++) {
        const char place[] = {'{', (char)('1' + i), '}', '\0'};
        g_string_replace(text, place, values[i] ? values[i] : "", 0);
    }
    return g_string_free(text, FALSE);
}

void remarks_add(Remarks *remarks, RemarkId id, ...)
{
    const char *values[PLACES] = {NULL}, *value;
    va_list arguments;
    va_start(arguments, id);
    for (int i = 0; (value = va_arg(arguments, const char *)) != NULL; i++)
        values[i] = value;
    va_end(arguments);
    Remark *remark = g_new(Remark, 1);
    *remark = (Remark){id, rows[id].check, rows[id].grade, fill(rows[id].text[remarks->language], values),
                       fill(rows[id].mend[remarks->language], values)};
    g_ptr_array_add(remarks->all, remark);
}

guint remarks_count(const Remarks *remarks)
{
    return remarks->all->len;
}

const Remark *remarks_at(const Remarks *remarks, guint index)
{
    return remarks->all->pdata[index];
}

guint remarks_count_bad(const Remarks *remarks)
{
    guint bad = 0;
    for (guint i = 0; i < remarks->all->len; i++)
        bad += remarks_at(remarks, i)->grade == REMARK_BAD;
    return bad;
}
