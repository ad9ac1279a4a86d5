/* Counts parentheses and never subtracts: a ")" may stand in a string, and a wrong guess of what is one would be a way
 * around the limit. For the same reason only what an answer with mails announces is passed over as a literal. */
#include "inbound/imap_answer.h"

/* system */
#include <string.h>

/* rundbrief */
#include "base/limits.h"

void imap_answer_init(ImapAnswer *answer)
{
    *answer = (ImapAnswer){.is_greeting = true, .announced = -1};
}

/* "* 7 FETCH (": where the parser cannot take what is announced for anything but a literal, or gives up. */
static bool is_fetch(const ImapAnswer *answer)
{
    g_autofree char *line = g_strndup(answer->line, answer->length);
    if (!g_str_has_prefix(line, "* "))
        return false;
    const char *word = line + 2 + strspn(line + 2, "0123456789");
    return word > line + 2 && g_ascii_strncasecmp(word, " FETCH (", 8) == 0;
}

/* An answer goes on behind a literal. */
static void end_line(ImapAnswer *answer)
{
    if (!answer->is_closed) {
        *answer = (ImapAnswer){.announced = -1};
        return;
    }
    if (answer->announced > 0 && is_fetch(answer))
        answer->literal = answer->announced;
    answer->announced = -1;
    answer->is_closed = false;
}

static void follow_announcement(ImapAnswer *answer, char c)
{
    bool is_open = answer->announced >= 0 && !answer->is_closed;
    if (c == '{') {
        answer->announced = 0;
        answer->is_closed = false;
    } else if (is_open && g_ascii_isdigit(c)) {
        answer->announced = MIN(answer->announced, G_MAXINT32) * 10 + (c - '0');
    } else if (c == '}') {
        answer->is_closed = true; /* whatever it closes: the answer may go on */
    } else if (c != '\r') {
        answer->announced = -1;
        answer->is_closed = false;
    }
}

/* In the code of a greeting, "[BADCHARSET (" or "[PERMANENTFLAGS (", one is too many: libetpan reads what follows
 * without the context that it reads all other answers with, through a null pointer. */
static void count_parenthesis(ImapAnswer *answer, char c)
{
    answer->in_code = c == '[' || (answer->in_code && c != ']');
    if (c == '(')
        answer->opened += answer->is_greeting && answer->in_code ? LIMIT_IMAP_PARENTHESES + 1 : 1;
}

static void take_byte(ImapAnswer *answer, char c)
{
    if (answer->length < sizeof answer->line)
        answer->line[answer->length++] = c;
    count_parenthesis(answer, c);
    if (c == '\n')
        end_line(answer);
    else
        follow_announcement(answer, c);
}

static bool is_bounded(const ImapAnswer *answer)
{
    return answer->opened <= LIMIT_IMAP_PARENTHESES && answer->announced <= LIMIT_INBOX_MESSAGE_BYTES;
}

bool imap_answer_take(ImapAnswer *answer, const char *bytes, gsize length)
{
    while (length > 0 && is_bounded(answer)) {
        const gsize passed = (gsize)MIN(answer->literal, (gint64)length);
        answer->literal -= (gint64)passed;
        bytes += passed;
        length -= passed;
        if (length > 0) {
            take_byte(answer, *bytes++);
            length--;
        }
    }
    return is_bounded(answer);
}
