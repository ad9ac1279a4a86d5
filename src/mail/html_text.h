#pragma once
/* HTML -> what a reader sees of it, roughly. */
#include <glib.h>

/** Tags become nothing, those that end a line a line end; comments, style and script are left out, the usual entities
 * undone. Any UTF-8 is fine; never longer than html. Linear. Caller frees. */
char *html_text(const char *html);
