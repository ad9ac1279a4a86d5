/* Looks a word up in a short list. */
#include "model/words.h"

bool words_find(const char *const words[], gsize count, const char *word, int *ret_index)
{
    for (gsize i = 0; i < count; i++)
        if (g_strcmp0(words[i], word) == 0) {
            *ret_index = (int)i;
            return true;
        }
    return false;
}
