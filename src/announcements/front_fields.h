#pragma once
/* From a map of the front matter to a record: a table says which keys there are, in English and German, what shape each
 * has and whether it may be missing. Every mistake is told at its line. */
#include <glib.h>
#include <stdbool.h>

#include "announcements/front_matter.h"

#define FRONT_NAMES_MAX 6

/** A record is a struct of `const FrontNode *`; NULL means that the key was not there, or had no value. */
typedef struct FrontField {
    const char *names[FRONT_NAMES_MAX]; /* the English one, then others that mean the same; lower case, '_' within */
    unsigned shapes;                    /* of FrontShape */
    gsize offset;                       /* in the record */
    bool required;
} FrontField;

/** Where what is read stands, for the sentences. */
typedef struct FrontPlace {
    const char *file;
    unsigned line;       /* told when something is missing */
    const char *subject; /* "" for the head itself, else "publisher" */
    Problems *problems;
} FrontPlace;

/** Fills the record. Unknown keys, second ones, wrong shapes and missing ones go to place->problems. fields ends with a
 * row whose first name is NULL. */
void front_fields_read(const FrontNode *map, const FrontField fields[], const FrontPlace *place, void *record);

/** A copy of the node's text, "" for NULL: one line of at most limit bytes, or a problem. Caller frees. */
char *front_line(const FrontNode *node, gsize limit, const FrontPlace *place);

/** Likewise a text of several lines: line ends become "\n". */
char *front_block(const FrontNode *node, gsize limit, const FrontPlace *place);

/** True when text holds valid UTF-8 and no control character but line feed and tab; else ret_line (0: the first) tells
 * where. */
bool front_text_is_clean(const char *text, gsize length, unsigned *ret_line);

/** Same texts in the same order under the same keys. */
bool front_node_equal(const FrontNode *left, const FrontNode *right);
