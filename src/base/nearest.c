/* Counts the slips between two short words (optimal string alignment distance, by bytes). Words longer than a name can
 * be are never close to anything. */
#include "base/nearest.h"

#define LONGEST_WORD 40

static guint least(guint a, guint b)
{
    return a < b ? a : b;
}

/* Three rows of the classic table: the one being filled, the one above,
 * and the one above that (for swapped letters). */
static guint slips(const char *a, const char *b)
{
    guint rows[3][LONGEST_WORD + 1];
    gsize a_length = strlen(a), b_length = strlen(b);
    if (a_length > LONGEST_WORD || b_length > LONGEST_WORD)
        return G_MAXUINT;
    for (guint j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (guint i = 1; i <= a_length; i++) {
        guint *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        row[0] = i;
        for (guint j = 1; j <= b_length; j++) {
            guint changed = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least(changed, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

Nearest nearest_to(const char *word)
{
    /* A third of the letters may be wrong, at least one, at most three. */
    return (Nearest){.word = word, .slips = CLAMP((guint)strlen(word) / 3, 1, 3) + 1};
}

void nearest_offer(Nearest *nearest, const char *known)
{
    guint found = slips(nearest->word, known);
    if (found < nearest->slips) {
        nearest->slips = found;
        nearest->found = known;
    }
}
