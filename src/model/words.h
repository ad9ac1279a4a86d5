#pragma once
/* Fixed words: an enum and its names in one list. WORDS_DECLARE gives `const char *NAME_word(Type)` and
 * `bool NAME_from_word(const char *, Type *)`; WORDS_DEFINE, in the .c file, their bodies. A list is a macro of
 * X(ENUM_VALUE, "word"). */
#include <glib.h>
#include <stdbool.h>

#define WORDS_ENUM_ROW(value, word) value,
#define WORDS_TEXT_ROW(value, word) [value] = word,

#define WORDS_DECLARE(Type, name, LIST)                                                                                \
    typedef enum { LIST(WORDS_ENUM_ROW) } Type;                                                                        \
    const char *name##_word(Type value);                                                                               \
    bool name##_from_word(const char *word, Type *ret_value)

#define WORDS_DEFINE(Type, name, LIST)                                                                                 \
    static const char *const name##_words[] = {LIST(WORDS_TEXT_ROW)};                                                  \
    const char *name##_word(Type value)                                                                                \
    {                                                                                                                  \
        return name##_words[value];                                                                                    \
    }                                                                                                                  \
    bool name##_from_word(const char *word, Type *ret_value)                                                           \
    {                                                                                                                  \
        return words_find(name##_words, G_N_ELEMENTS(name##_words), word, (int *)ret_value);                           \
    }                                                                                                                  \
    G_STATIC_ASSERT(sizeof(Type) == sizeof(int))

bool words_find(const char *const words[], gsize count, const char *word, int *ret_index);
