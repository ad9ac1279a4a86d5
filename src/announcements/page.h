#pragma once
/* One announcement file taken apart: the head's keys as nodes that know their line, and the text below. */
#include <glib.h>
#include <stdbool.h>

#include "announcements/front_matter.h"
#include "base/problems.h"

typedef struct Page {
    char *file;
    FrontNode *root;
    unsigned head_end;  /* line of the "---" that closes the head; the text begins behind it */
    unsigned body_line; /* where the body begins */
    char *body;         /* Markdown; line ends are "\n", no blank lines around it */

    /* Into root; NULL: not given. */
    const FrontNode *kind, *lists, *language, *subject, *date_line, *place_line, *headline, *sub_headline, *lead,
        *contact;
    const FrontNode *media, *publisher, *send_at, *embargo, *meeting, *urgent;
} Page;

/** Adds what is wrong to problems; NULL when the head cannot be read at all. is_further: not the first file of an
 * announcement, so that kind, lists and publisher may be missing. */
Page *page_read(const char *file, const char *text, gsize length, bool is_further, Problems *problems);
void page_free(Page *page); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Page, page_free)

/** Takes the first paragraph off the body, when it is one (no heading, list, quotation, table or picture) and something
 * follows it. "" otherwise. Caller frees. */
char *page_take_lead(Page *page);
