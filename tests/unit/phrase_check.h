#pragma once
/* A row of a table of phrases is of use only in the form that it is searched in. */
#include <glib.h>
#include <string.h>

#include "model/phrases.h"

static inline void phrase_check(const Phrase *row)
{
    PhraseSet alone = {row, 1, NULL};
    g_autofree char *sentence = g_strdup_printf("550 Sorry: %s!", row->words);
    g_autoptr(GString) folded = phrase_fold(sentence, strlen(sentence));
    g_test_message("%s", row->words);
    g_assert_cmpuint(strlen(row->words), >=, 4);
    g_assert_true(phrases_best(&alone, folded, NULL) == row);
    g_free(alone.index); /* that of a table of the program lives as long as it */
}
