#pragma once
/* What staff write: CommonMark with tables, strikethrough and automatic links; no raw HTML (it shows as written), no
 * images, links to http, https, mailto and tel only (others become their text).
 * One text, two looks that say the same. */
#include <glib.h>
#include <stdbool.h>

#define MARKDOWN_ERROR (markdown_error_quark())
GQuark markdown_error_quark(void);
enum { MARKDOWN_ERROR_LIMIT };

/** HTML elements as they go into a page or a mail; the highest heading is an h2, tables stand in a div of class
 * "wide" that scrolls sideways. opening (plain text, may be NULL) is
 * put in bold before the first words: the place line of a press release. Error: longer than LIMIT_MARKDOWN_BYTES or
 * nested too deep. Caller frees. */
char *markdown_to_html(const char *markdown, const char *opening, GError **error);

/** Plain text in lines of at most 72 columns, each ended by '\n': headings underlined, lists, tables in columns, links
 * as "text <address>". Caller frees. */
char *markdown_to_text(const char *markdown, const char *opening, GError **error);

/** The same with each paragraph on one line: for what wraps it later (behind a label) or by itself (a calendar). */
char *markdown_to_lines(const char *markdown, const char *opening, GError **error);

typedef enum {
    MARKDOWN_FAULT_IMAGE, /* would become a link, or vanish without a text */
    MARKDOWN_FAULT_DEPTH, /* more than LIMIT_MARKDOWN_DEPTH; told once */
} MarkdownFaultKind;

typedef struct MarkdownFault {
    MarkdownFaultKind kind;
    unsigned line; /* of the Markdown, from 1 */
} MarkdownFault;

/** What a writer should mend before it is sent; empty when nothing. Of MarkdownFault; caller unrefs. */
GArray *markdown_faults(const char *markdown);

/** True when a reader sees at least one letter or digit. */
bool markdown_shows_words(const char *markdown);
